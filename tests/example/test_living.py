"""What goes on in the example: what calls by its story keeps calling, and the installation is looked at itself."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from example.living import CALLING, ITSELF, call_in, follow_address, watch_itself
from monitoring.defining.actions import create_check, edit_check
from monitoring.models import Check
from tenancy.scope import now
from workflow.models import AllowedHost
from workflow.outgoing.hosts import withdraw_host

pytestmark = pytest.mark.usefixtures("in_acme")


def test_what_calls_by_its_story_keeps_calling_in_an_example_only(acme, manager):
    for name in (*CALLING, "Nightly backup"):
        create_check(actor=manager, name=name, kind="heartbeat", interval=3600, timeout=1800)
    call_in(acme, now())
    assert not Check.objects.exclude(called_at=None).exists()
    acme.is_example = True
    at = now()
    for moment in (at, at + dt.timedelta(minutes=15)):
        call_in(acme, moment)
    called = Check.objects.exclude(called_at=None)
    assert {one.name: one.called_at for one in called} == dict.fromkeys(CALLING, at), "what is silent stays silent"
    assert {one.health_at(at + dt.timedelta(minutes=80)) for one in called} == {"healthy"}


@pytest.mark.parametrize(("url", "allowed"), [("http://localhost:8123", [("localhost", 8123)]), ("https://grc.example", [])])
def test_it_looks_at_its_own_address_which_is_allowed_where_it_is_the_machines_own(
    manager, administrator, settings, url, allowed
):
    settings.PLUMBLINE_BASE_URL = url
    watch_itself(administrator, manager)
    assert Check.objects.get(name=ITSELF).url == f"{url}/healthz"
    assert list(AllowedHost.objects.values_list("host", "port")) == allowed


@pytest.fixture
def moved(acme, manager, administrator, settings):
    """The check of an example that was made at one port, asked again at another; what is allowed then, too."""
    settings.PLUMBLINE_BASE_URL = "http://localhost:8000"
    watch_itself(administrator, manager)
    acme.is_example = True

    def to(url: str) -> tuple[str, list[tuple[str, int | None]]]:
        settings.PLUMBLINE_BASE_URL = url
        for _ in range(2):  # as at each start and each tick
            follow_address(acme, now())
        allowed = AllowedHost.objects.filter(status="allowed").order_by("host", "port")
        return Check.objects.get(name=ITSELF).url, list(allowed.values_list("host", "port"))

    return to


def test_run_again_on_another_port_it_looks_there_and_says_so_in_the_trail(moved):
    assert moved("http://localhost:8123") == ("http://localhost:8123/healthz", [("localhost", 8123)])
    event = AuditEvent.objects.get(verb="check.edit")
    assert (event.actor_name, event.data["before"]["url"]) == ("Plumbline (example)", "http://localhost:8000/healthz")
    assert moved("http://localhost:8000") == ("http://localhost:8000/healthz", [("localhost", 8000)])
    assert moved("https://grc.example") == ("https://grc.example/healthz", [("localhost", 8000)])
    assert moved("http://localhost:8000") == ("http://localhost:8000/healthz", [("localhost", 8000)])


def test_nothing_is_opened_that_no_administrator_had_allowed(moved, administrator):
    withdraw_host(AllowedHost.objects.get(), actor=administrator, reason="Not here.")
    assert moved("http://localhost:8123") == ("http://localhost:8123/healthz", [])


def test_what_somebody_has_pointed_elsewhere_is_left_alone_and_so_is_an_organization_of_ones_own(moved, acme, manager):
    acme.is_example = False
    assert moved("http://localhost:8123")[0] == "http://localhost:8000/healthz"
    acme.is_example = True
    edit_check(Check.objects.get(name=ITSELF), actor=manager, url="https://status.example/page")
    assert moved("http://localhost:8124")[0] == "https://status.example/page"
