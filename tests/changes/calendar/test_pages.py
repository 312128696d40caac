"""The calendar's pages: what stands where, what holds it, and how many queries that takes."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from audit.models import AuditEvent
from bench.harness import counted
from changes.calendar.overriding import override_freeze
from changes.calendar.slots import slot
from changes.calendar.spans import Span, span_of
from changes.models import Change, ChangeFreezeOverride, FreezeWindow
from inventory.models import System
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import Cast, signed_in
from tests.changes.calendar.conftest import utc

PATH = "/o/acme/changes/calendar/"
Plan = Callable[..., Change]
Freeze = Callable[..., FreezeWindow]
ClientOf = Callable[[Member], Client]


def page(client: Client, **asked: str) -> Any:
    answer = client.get(PATH, asked)
    assert answer.status_code == 200
    return answer


def days(answer: Any) -> dict[str, Any]:
    """The days of a page by their dates."""
    return {day.date.isoformat(): day for week in answer.context["weeks"] for day in week}


def test_a_month_is_whole_weeks_and_what_makes_no_sense_is_today():
    today = dt.date(2026, 11, 22)
    month = span_of({}, today)
    assert (month.first, month.last, month.label) == (dt.date(2026, 10, 26), dt.date(2026, 12, 6), "November 2026")
    assert not month.holds(dt.date(2026, 10, 31))
    assert (month.previous(), month.next()) == (dt.date(2026, 10, 1), dt.date(2026, 12, 1))
    week = Span("week", dt.date(2026, 12, 31))
    assert week.label == "28 December 2026 to 3 January 2027, week 53"
    assert (week.previous(), week.next()) == (dt.date(2026, 12, 24), dt.date(2027, 1, 7))
    assert Span("day", today).label == "Sunday 22 November 2026"
    for nonsense in ({"view": "year"}, {"on": "2026-02-30"}, {"on": "0001-01-01"}, {"on": "9999-12-31"}):
        assert span_of(nonsense, today) == month


@pytest.mark.parametrize(
    "case",
    [
        ("America/New_York", "2026-11-01", ("2026-11-01T05:30", "2026-11-01T06:30"), "01:30 EDT to 01:30 EST", "back: 25"),
        ("Europe/Berlin", "2026-03-29", ("2026-03-29T00:30", "2026-03-29T01:30"), "01:30 CET to 03:30 CEST", "forward: 23"),
        (
            "Australia/Lord_Howe",
            "2026-10-04",
            ("2026-10-03T15:00", "2026-10-03T15:45"),
            "01:30 +1030 to 02:45 +11",
            "forward: 23.5",
        ),
    ],
)
def test_a_window_over_a_change_of_the_clocks_stands_on_its_day_with_the_zone_of_each_end(
    planned: Plan, client_of: ClientOf, manager: Member, case: tuple[str, str, tuple[str, str], str, str]
):
    zone, day, window, shown, clocks = case
    Organization.objects.filter(pk=manager.organization.pk).update(zone=zone)
    change = planned(*window)
    found = days(page(client_of(manager), view="week", on=day))
    assert {key for key, one in found.items() if one.entries} == {day}
    entry = found[day].entries[0]
    assert (entry.change, entry.range) == (change, shown)
    assert found[day].clocks == f"Clocks go {clocks} hours"


def test_the_last_minute_of_a_day_of_25_hours_is_of_that_day(planned: Plan, client_of: ClientOf, manager: Member):
    planned("2026-11-02T04:59", "2026-11-02T05:00")  # 23:59 EST until midnight
    found = days(page(client_of(manager), on="2026-11-15"))
    assert [key for key, one in found.items() if one.entries] == ["2026-11-01"]


def test_a_change_over_midnight_stands_on_both_days_and_one_that_was_turned_down_on_none(
    planned: Plan, client_of: ClientOf, manager: Member
):
    planned("2026-06-10T02:00", "2026-06-10T06:00", title="Night work")  # 9 Jun 22:00 until 10 Jun 02:00 in New York
    for status in ("draft", "rejected", "withdrawn"):
        planned("2026-06-11T14:00", "2026-06-11T15:00", status=status)
    found = {key: one for key, one in days(page(client_of(manager), on="2026-06-01")).items() if one.entries}
    assert {key: one.entries[0].time for key, one in found.items()} == {"2026-06-09": "22:00", "2026-06-10": "until 02:00"}


def test_a_day_shows_some_and_says_how_many_more(planned: Plan, client_of: ClientOf, manager: Member):
    for minute in range(10, 16):
        planned(f"2026-06-10T14:{minute}", f"2026-06-10T14:{minute + 1}", title=f"Number {minute}")
    answer = page(client_of(manager), on="2026-06-01")
    assert days(answer)["2026-06-10"].more == 2
    assert answer.context["found"].total == 6
    assert '<a class="cal-more" href="?on=2026-06-10&amp;view=day">2 more' in answer.content.decode()
    assert len(days(page(client_of(manager), view="day", on="2026-06-10"))["2026-06-10"].entries) == 6


def test_freezes_are_bands_with_a_name_in_each_week_and_keep_their_lane(frozen: Freeze, client_of: ClientOf, manager: Member):
    long = frozen("2036-12-04T05:00", "2036-12-10T05:00", name="Sale")  # Thu 4 Dec until Tue 9 Dec
    short = frozen("2036-12-05T05:00", "2036-12-06T05:00", name="Audit")
    found = days(page(client_of(manager), on="2036-12-01"))
    assert [[(one.freeze, one.days) if one else None for one in found[day].bands] for day in ("2036-12-04", "2036-12-05")] == [
        [(long, 4)],
        [(long, 0), (short, 1)],
    ]
    assert [(one.freeze, one.days, one.ends) for one in found["2036-12-08"].bands if one] == [(long, 2, False)]
    assert found["2036-12-09"].bands[0].ends
    assert found["2036-12-10"].bands == []


def test_overlaps_and_what_is_held_are_said_in_words(
    billing: System, warehouse: System, planned: Plan, frozen: Freeze, cast: Cast
):
    manager, client = cast.manager, signed_in(cast.manager)
    first = planned("2036-06-10T14:00", "2036-06-10T16:00", billing, warehouse)
    second = planned("2036-06-10T15:00", "2036-06-10T17:00", billing, title="Let through")
    freeze = frozen("2036-06-10T00:00", "2036-06-11T00:00", billing, name="Sale")
    with tenant(manager.organization):
        override_freeze(second, actor=manager, freeze=freeze, reason="It is the sale.")
    entries = {one.change: one for one in days(page(client, view="week", on="2036-06-10"))["2036-06-10"].entries}
    assert entries[first].overlap_words == f"Overlaps {second.reference} on Billing. "
    assert [entries[first].held_words, entries[second].held_words] == ["Held by Sale", ""]
    narrowed = page(client, view="week", on="2036-06-10", system=str(warehouse.pk))
    assert [one.change for one in days(narrowed)["2036-06-10"].entries] == [first]
    assert days(narrowed)["2036-06-10"].bands == []
    assert days(narrowed)["2036-06-10"].entries[0].held_words == "Held by Sale"


def test_who_does_not_read_changes_sees_their_own_and_that_another_is_there(
    billing: System, planned: Plan, client_of: ClientOf, manager: Member, employee: Member
):
    own = planned("2036-06-10T14:00", "2036-06-10T15:00", billing)
    others = planned("2036-06-10T14:30", "2036-06-10T15:00", billing, actor=manager, title="Another's")
    answer = page(client_of(employee), view="week", on="2036-06-10")
    entries = days(answer)["2036-06-10"].entries
    assert [(one.change, one.overlap_words) for one in entries] == [(own, "Overlaps another change on Billing. ")]
    assert others.reference not in answer.content.decode()


def test_a_month_of_many_costs_as_many_queries_as_one_of_few(billing: System, planned: Plan, frozen: Freeze, manager: Member):
    frozen("2036-06-10T00:00", "2036-06-11T00:00", billing)
    client = signed_in(manager)
    page(client, on="2036-06-01")
    for hour in range(12, 18):
        planned(f"2036-06-10T{hour}:00", f"2036-06-10T{hour}:50", billing)
        planned(f"2036-06-{hour}T14:00", f"2036-06-{hour}T16:00", billing)
    for view in ("month", "week", "day"):
        with counted() as queries:
            page(client, view=view, on="2036-06-10")
        assert queries.count <= 11


@pytest.mark.usefixtures("in_acme")
def test_the_page_of_a_change_says_what_holds_it_and_who_may_let_it_through(
    billing: System, planned: Plan, frozen: Freeze, manager: Member, employee: Member
):
    change = planned("2036-06-10T14:00", "2036-06-10T15:00", billing)
    assert slot(change, manager).is_quiet
    assert slot(change, manager).window == "Tue 10 Jun 2036, 10:00 to 11:00"
    over_night = planned("2036-06-12T02:00", "2036-06-12T08:00")
    assert slot(over_night, manager).window == "Wed 11 Jun 2036, 22:00 to Thu 12 Jun 2036, 04:00"
    freeze = frozen("2036-06-10T00:00", "2036-06-11T00:00", billing, name="Sale")
    assert [slot(change, one).may_override for one in (manager, employee)] == [True, False]
    assert slot(change, employee).held_by == [freeze]
    override_freeze(change, actor=manager, freeze=freeze, reason="It is the sale.")
    said = slot(change, manager)
    assert (said.held_by, said.may_override, [one.reason for one in said.overrides]) == ([], False, ["It is the sale."])
    change.agreed_recorded_at = now()
    change.type, change.agreed_until, change.window_until = "emergency", utc("2036-06-10T13:00"), utc("2036-06-10T15:30")
    assert (slot(change, manager).held_by, slot(change, manager).passed) == ([], [freeze])


def test_a_freeze_is_set_by_a_form_that_refuses_a_skipped_time_at_its_field(
    billing: System, client_of: ClientOf, manager: Member, employee: Member
):
    client = client_of(manager)
    said = {"name": "Spring", "reason": "Clocks", "starts_at": "2037-03-08T02:30", "ends_at": "2037-03-09T00:00"}
    refused = client.post(f"{PATH}freezes/new/", said)
    assert refused.status_code == 422
    assert "There is no 02:30 on 8 Mar 2037 in America/New_York" in refused.context["form"].errors["starts_at"][0]
    backwards = client.post(f"{PATH}freezes/new/", {**said, "starts_at": "2037-03-10T00:00"})
    assert backwards.context["form"].errors["ends_at"] == ["The freeze ends before it begins."]
    made = client.post(f"{PATH}freezes/new/", {**said, "starts_at": "2037-03-08T03:00", "systems": [billing.pk]})
    assert made.status_code == 303
    with tenant(manager.organization):
        freeze = FreezeWindow.objects.get()
        assert (freeze.starts_at, freeze.systems.get().system) == (utc("2037-03-08T07:00"), billing)
        path = freeze.get_absolute_url()
    assert client_of(employee).post(f"{PATH}freezes/new/", said).status_code == 403
    assert client_of(employee).get(path).status_code == 200


def test_a_change_is_let_through_by_a_form_and_held_again(
    billing: System, planned: Plan, frozen: Freeze, client_of: ClientOf, manager: Member
):
    change = planned("2036-06-10T14:00", "2036-06-10T15:00", billing)
    client, path = client_of(manager), f"/o/acme/changes/{change.pk}/let-through/"
    assert client.get(path).status_code == 409
    freeze = frozen("2036-06-10T00:00", "2036-06-11T00:00", billing, name="Sale")
    assert client.get(path).context["form"]["freeze"].initial == freeze.pk
    assert client.post(path, {"freeze": freeze.pk, "reason": "It is the sale."}).status_code == 303
    with tenant(manager.organization):
        override = ChangeFreezeOverride.objects.get()
        page_of = freeze.get_absolute_url()
    assert re.search("Let through.*It is the sale", client.get(page_of).content.decode(), re.DOTALL)
    answer = client.post(f"{PATH}overrides/{override.pk}/withdraw/", {"reason": "No sale"})
    assert answer.status_code == 303
    with tenant(manager.organization):
        override.refresh_from_db()
    assert override.status == "withdrawn"


def test_the_days_shown_leave_as_a_file_for_other_calendars_and_that_is_noted(
    billing: System, planned: Plan, frozen: Freeze, client_of: ClientOf, manager: Member
):
    change = planned("2026-11-01T05:30", "2026-11-01T06:30", billing, title="Größe, Umfang; und sonst noch manches für Müller")
    frozen("2026-11-02T05:00", "2026-11-03T05:00", name="Sale")
    answer = client_of(manager).get(f"{PATH}file/", {"on": "2026-11-15"})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="changes-month-2026-11-15.ics"' in answer["Content-Disposition"]
    lines = answer.content.decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    whole = answer.content.decode().replace("\r\n ", "").split("\r\n")
    for line in (
        f"SUMMARY:{change.reference} Größe\\, Umfang\\; und sonst noch manches für Müller",
        "DTSTART:20261101T053000Z",
        "DTEND:20261101T063000Z",
        "STATUS:TENTATIVE",
        "SUMMARY:Freeze: Sale",
        "DESCRIPTION:Freeze of all systems: Few are here.",
    ):
        assert line in whole
    with tenant(manager.organization):
        event = AuditEvent.objects.get(verb="list.export")
    assert event.data["metadata"]["sha256"] == hashlib.sha256(answer.content).hexdigest()
