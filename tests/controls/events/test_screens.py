"""The screens of events and alerts: what they show, what they count, who may do what, and what they cost."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bench.harness import counted
from controls.events.reference import EXAMPLES
from controls.events.rules import create_rule
from controls.events.views import is_intact
from controls.models import Alert, AlertRule, ControlEvent
from controls.periods.actions import create_period
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.controls.events.samples import access, event
from tests.controls.events.test_alerts import ask, failures

EVENTS = "/o/acme/controls/events/"


@pytest.fixture
def client(log, manager) -> Client:
    """The compliance manager, where each kind has an event and ada failed three times."""
    log(*(event(kind, "kind") for kind in EXAMPLES), *failures([3, 2, 1]))
    return signed_in(manager)


@pytest.fixture
def alert(client, manager, reviewer) -> Alert:
    """On ada's three failures."""
    create_rule(actor=manager, name="Failed", watches="failed_access", threshold=3, by="actor", recipients=[reviewer.pk])
    (raised,) = ask()
    return raised


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def rows(client: Client, path: str) -> int:
    """How many rows the list at an address has."""
    return len(re.findall(r'id="row-', page(client, path)))


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("", 10),
        ("?category=access", 4),
        ("?category=access&result=failure", 3),
        ("?look=yes", 4),
        ("?q=ada", 7),
        ("?source=idp", 10),
        ("?month=1999-01", 0),
        ("?month=9999-12", 10),
        ("?month=0001-01", 10),
    ],
)
def test_the_list_is_filtered_by_its_address(client, address, count):
    assert rows(client, EVENTS + address) == count


def test_a_month_and_days_are_those_of_the_organization(log, manager):
    """New York is five hours behind."""
    last, first = dt.datetime(2026, 3, 1, 4, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, 5, 1, tzinfo=dt.UTC)
    log(event("backup", "a", at=last), event("backup", "b", at=first))
    client = signed_in(manager)
    assert rows(client, f"{EVENTS}?month=2026-02") == rows(client, f"{EVENTS}?category=backup&month=2026-03") == 1
    assert rows(client, f"{EVENTS}?to=2026-02-28") == rows(client, f"{EVENTS}?from=2026-03-01") == 1


def test_an_event_shows_what_was_sent_and_that_it_still_has_its_hash(client):
    kept = ControlEvent.objects.get(kind="change")
    shown = page(client, kept.get_absolute_url())
    assert "Verified just now" in shown
    assert re.search(r"<dt>Rollback plan</dt>\s*<dd>Deploy web-2116 again", shown)
    assert "&quot;rollback_plan&quot;:&quot;Deploy web-2116 again&quot;" in shown


@pytest.mark.parametrize(
    ("name", "value"), [("body", "{}"), ("kind", "backup"), ("event_id", "other"), ("source", "other"), ("occurred_at", now())]
)
def test_an_event_that_was_changed_in_the_database_says_so(client, name, value):
    kept = ControlEvent.objects.get(kind="change")
    assert is_intact(kept)
    setattr(kept, name, value)
    assert not is_intact(kept)


def test_every_number_of_the_totals_counts_the_rows_that_it_links_to(client, manager, acme, control):
    create_period(actor=manager, name="Now", kind="type2", starts_on=acme.today() - dt.timedelta(days=30), ends_on=acme.today())
    shown = page(client, f"{EVENTS}totals/")
    links = re.findall(r'href="(/o/acme/controls/events/\?[^"]+)">([\d,]+)(?: events?)?</a>', shown)
    assert len(links) > 15
    for link, number in links:
        assert rows(client, link.replace("&amp;", "&")) == int(number), link
    assert "1 of 1 span met their target. Mean uptime 99.950 %, lowest 99.950 %." in shown


def test_the_archive_counts_the_rows_of_each_month(client):
    shown = page(client, f"{EVENTS}archive/")
    links = re.findall(r'href="([^"]+month=[^"]+)">\w+</a> <span class="muted">(\d+)</span>', shown)
    assert len(links) == len(EXAMPLES)
    for link, number in links:
        assert rows(client, link.replace("&amp;", "&")) == int(number), link


def test_the_page_of_a_control_counts_its_events(client, control):
    shown = page(client, control.get_absolute_url())
    assert re.search(rf'href="/o/acme/controls/events/\?control={control.pk}[^"]*category=access[^"]*">4</a>', shown)


def test_the_reference_names_every_field(client):
    shown = page(client, f"{EVENTS}schemas/")
    for example in EXAMPLES.values():
        assert all(name in shown for name in example)


def test_an_alert_shows_its_events_and_takes_a_note(alert, client, manager, reviewer):
    path, looker = alert.get_absolute_url(), signed_in(reviewer)
    shown = page(client, path)
    assert "Nobody has noted a look at it" in shown
    assert len(re.findall(r'href="/o/acme/controls/events/[0-9a-f-]{36}/"', shown)) == 3
    assert looker.post(f"{path}look/", {"note": ""}).status_code == 422
    assert looker.post(f"{path}look/", {"note": "A mistyped password."}).status_code == 303
    assert "A mistyped password." in page(client, path)
    assert looker.get(f"{path}look/").status_code == 409


def test_an_event_names_the_alert_it_raised(alert, client):
    failed, other = (ControlEvent.objects.filter(**one)[0] for one in ({"actor": "ada"}, {"kind": "backup"}))
    paths = [failed.get_absolute_url(), other.get_absolute_url()]
    assert [alert.reference in page(client, path) for path in paths] == [True, False]


def test_open_alerts_wait_in_the_work_of_those_who_may_look(alert, reviewer, viewer):
    assert f"{alert.reference} waits for a look" in page(signed_in(reviewer), "/o/acme/")
    assert "waits for a look" not in page(signed_in(viewer), "/o/acme/")


def test_a_rule_is_added_changed_and_turned_off(client, manager, reviewer):
    facts = {"name": "Backups", "watches": "failed_backup", "threshold": 1, "minutes": 60, "by": "subject"}
    assert client.post(f"{EVENTS}rules/new/", {**facts, "recipients": [str(reviewer.pk)]}).status_code == 303
    rule = AlertRule.objects.get()
    path = f"{EVENTS}rules/{rule.pk}/"
    assert rule.recipients == [reviewer.pk]
    assert reviewer.email in page(client, path)
    assert client.post(f"{path}edit/", {**facts, "minutes": 90}).status_code == 303
    assert client.post(f"{path}off/", {"reason": "Too loud"}).status_code == 303
    rule = AlertRule.objects.get()
    assert (rule.minutes, rule.recipients, rule.status) == (90, [], "off")


@pytest.mark.parametrize("wrong", [{"threshold": 0}, {"minutes": 1441}, {"name": ""}, {"recipients": ["x"]}], ids=str)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(client, wrong):
    facts = {"name": "Backups", "watches": "failed_backup", "threshold": 1, "minutes": 60, "by": "subject"}
    assert client.post(f"{EVENTS}rules/new/", {**facts, **wrong}).status_code == 422


def test_a_viewer_reads_and_changes_nothing(alert, viewer):
    reader, alert_path = signed_in(viewer), alert.get_absolute_url()
    for path in (EVENTS, f"{EVENTS}totals/", f"{EVENTS}archive/", f"{EVENTS}schemas/", f"{EVENTS}alerts/", f"{EVENTS}rules/"):
        assert reader.get(path).status_code == 200
    shown = page(reader, alert_path)
    assert "Note what you found" not in shown
    assert reader.get(f"{alert_path}look/").status_code == 403
    assert reader.get(f"{EVENTS}rules/new/").status_code == 403


def test_the_api_adds_up_the_same(client, program_like):
    answer = program_like("control-events/totals")
    by_kind = {one["kind"]: one for one in answer["kinds"]}
    assert by_kind["access"]["results"] == {"success": 0, "failure": 3, "denied": 1}
    assert (by_kind["access"]["events"], by_kind["access"]["worth_a_look"]) == (4, 4)
    assert (by_kind["availability"]["mean"], by_kind["availability"]["with_number"]) == (99.95, 1)
    assert by_kind["backup"]["mean"] is None
    (one,) = answer["controls"]
    assert (one["code"], one["events"], one["kinds"]["access"]) == ("AC-9", 10, 4)


@pytest.fixture
def program_like(manager) -> Callable[[str], Any]:
    """`program_like(path)`: what the API answers the manager."""
    return lambda path: Program(make_token(manager)[1]).get(path).json()


@pytest.mark.parametrize(
    ("path", "most"),
    [("", 7), ("?fragment=counts", 8), ("totals/", 7), ("archive/", 6), ("alerts/", 6), ("rules/", 5)],
)
def test_the_queries_do_not_grow(alert, client, log, path, most):
    page(client, EVENTS)
    numbers = []
    for prefix in ("x", "y"):
        log(*(access(f"{prefix}{number}") for number in range(20)))
        with counted() as counter:
            page(client, EVENTS + path)
        numbers.append(counter.count)
    assert numbers[0] == numbers[1] <= most


def test_events_of_others_are_not_there(client, globex, log):
    kept = ControlEvent.objects.filter(kind="change").get()
    theirs = signed_in(Cast().of("globex", "manager"))
    assert theirs.get(f"/o/globex/controls/events/{kept.pk}/").status_code == 404
    with tenant(globex):
        assert not ControlEvent.objects.exists()
