"""What goes on in the example: what calls by its story keeps calling, and the installation is looked at itself."""

import datetime as dt

import pytest

from example.living import CALLING, ITSELF, call_in, watch_itself
from monitoring.defining.actions import create_check
from monitoring.models import Check
from tenancy.scope import now
from workflow.models import AllowedHost

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
