"""Audit periods: what is in scope, who judges it, and which one a page speaks of."""

import datetime as dt
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.models import AuditPeriod, CriterionExclusion, Engagement
from controls.periods.actions import (
    close_period,
    create_period,
    edit_period,
    judge_not_relevant,
    record_engagement,
    reopen_period,
    take_back_into_scope,
)
from controls.periods.current import usual
from ui.refusals import ActionRefused

LIST = "/o/acme/controls/periods/"


@pytest.fixture
def period(in_acme, manager) -> AuditPeriod:
    """A year with Availability."""
    return create_period(
        actor=manager,
        name="2026",
        kind="type2",
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
        categories=["availability"],
    )


def filled(**changes: object) -> dict[str, object]:
    return {"name": "SOC 2", "kind": "type2", "starts_on": "2026-01-01", "ends_on": "2026-06-30", "categories": []} | changes


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_security_is_always_in_scope_and_the_categories_keep_their_order(period):
    assert period.categories == ["security", "availability"]
    assert AuditEvent.objects.get(object_id=period.pk).verb == "period.create"


def test_a_type_1_is_as_of_one_day(client_of, manager, in_acme):
    given = filled(kind="type1", ends_on="")
    assert client_of(manager).post(f"{LIST}new/", given).status_code == 303
    made = AuditPeriod.objects.get(name="SOC 2")
    assert (made.starts_on, made.ends_on) == (dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    page = said(client_of(manager).get(f"{LIST}{made.pk}/"))
    assert "As of" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "2025-12-31"}, "It ends before it begins."),
        ({"ends_on": ""}, "A Type II period needs an end."),
        ({"kind": "type1"}, "A Type I report is as of one day"),
        ({"ends_on": "2029-01-01"}, "at most two years long"),
        ({"starts_on": "0026-01-01", "ends_on": "0026-12-31"}, "Check the year: a period begins in"),
        ({"starts_on": "2206-01-01", "ends_on": "2206-12-31"}, "Check the year: a period ends in"),
        ({"kind": "type1", "starts_on": "9999-12-31", "ends_on": ""}, "Check the year: a period ends in"),
        ({"name": "2026"}, "There is a period of this name already."),
        ({"categories": ["integrity"]}, "integrity"),
        ({"starts_on": "soon"}, "Enter a valid date."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client_of, manager, period, changes, words):
    answer = client_of(manager).post(f"{LIST}new/", filled(**changes))
    assert answer.status_code == 422
    assert words in said(answer)


def test_a_changed_period_says_what_changed(client_of, manager, period):
    given = filled(name="2026 at last", categories=["privacy"], ends_on="2026-12-31")
    assert client_of(manager).post(f"{LIST}{period.pk}/edit/", given).status_code == 303
    event = AuditEvent.objects.get(verb="period.edit")
    assert event.data["before"] == {"name": "2026", "categories": ["security", "availability"]}
    assert event.data["after"] == {"name": "2026 at last", "categories": ["security", "privacy"]}


def test_saving_without_a_change_records_nothing(period, manager):
    edit_period(period, actor=manager, name="2026", categories=["availability"])
    assert AuditEvent.objects.filter(object_id=period.pk).count() == 1


def test_criteria_are_judged_not_relevant_with_a_reason_and_taken_back(client_of, manager, period):
    client = client_of(manager)
    given = {"criteria": ["A1.1", "CC6.4"], "reason": "Everybody works from home."}
    assert client.post(f"{LIST}{period.pk}/exclude/", given).status_code == 303
    page = said(client.get(f"{LIST}{period.pk}/"))
    assert "Everybody works from home." in page
    assert "CC6.4 Physical access" in page
    assert client.post(f"{LIST}{period.pk}/include/", {"criterion": "CC6.4"}).status_code == 302
    assert list(CriterionExclusion.objects.values_list("criterion", flat=True)) == ["A1.1"]
    assert AuditEvent.objects.get(verb="period.include").data["before"] == {"CC6.4": "Everybody works from home."}


def test_what_is_not_in_scope_cannot_be_judged(period, manager):
    with pytest.raises(ActionRefused, match="category that is not in scope"):
        judge_not_relevant(period, ["P1.1"], actor=manager, reason="No people")
    with pytest.raises(ActionRefused, match=r"no criterion CC9\.9"):
        judge_not_relevant(period, ["CC9.9"], actor=manager, reason="No such thing")
    with pytest.raises(ActionRefused, match="reason"):
        judge_not_relevant(period, ["A1.1"], actor=manager, reason=" ")
    with pytest.raises(ActionRefused, match="in scope already"):
        take_back_into_scope(period, ["A1.1"], actor=manager)


def test_a_closed_period_is_not_changed_until_it_is_opened_again(client_of, period, manager):
    client = client_of(manager)
    assert client.post(f"{LIST}{period.pk}/close/", {"reason": "The report is out."}).status_code == 303
    with pytest.raises(ActionRefused, match="is closed"):
        edit_period(period, actor=manager, name="Another")
    with pytest.raises(ActionRefused, match="is closed"):
        judge_not_relevant(period, ["A1.1"], actor=manager, reason="Late")
    assert client.get(f"{LIST}{period.pk}/close/").status_code == 409
    with pytest.raises(ActionRefused, match="reason"):
        reopen_period(period, actor=manager, reason="")
    assert client.post(f"{LIST}{period.pk}/reopen/", {"reason": "An error was found."}).status_code == 303
    period.refresh_from_db()
    assert period.status == "open"


def test_one_engagement_is_kept_for_each_period(client_of, period, manager):
    path = f"{LIST}{period.pk}/engagement/"
    client = client_of(manager)
    assert client.post(path, {"firm": "Audit & Sons", "engaged_on": "2026-09-01", "opinion": ""}).status_code == 303
    refused = client.post(path, {"firm": "Audit & Sons", "engaged_on": "2026-09-01", "opinion": "qualified"})
    assert "say when it was issued" in said(refused)
    given = {"firm": "Audit & Sons", "engaged_on": "2026-09-01", "opinion": "qualified", "report_issued_on": "2027-02-01"}
    assert client.post(path, given).status_code == 303
    assert Engagement.objects.get().opinion == "qualified"
    verbs = AuditEvent.objects.filter(verb__startswith="engagement.").order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["engagement.create", "engagement.edit"]
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        record_engagement(period, actor=manager, firm="Audit & Sons")


def of(name: str, status: str, first: str, last: str) -> tuple[str, str, dt.date, dt.date]:
    return name, status, dt.date.fromisoformat(first), dt.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("periods", "chosen"),
    [
        ([], None),
        ([of("past", "open", "2025-01-01", "2025-12-31")], "past"),
        ([of("coming", "open", "2027-01-01", "2027-12-31"), of("now", "open", "2026-01-01", "2026-12-31")], "now"),
        ([of("coming", "open", "2027-01-01", "2027-12-31"), of("now", "closed", "2026-01-01", "2026-12-31")], "coming"),
        ([of("year", "open", "2026-01-01", "2026-12-31"), of("half", "open", "2026-01-01", "2026-06-30")], "year"),
    ],
)
def test_the_usual_period_is_the_open_one_around_today(in_acme, periods, chosen):
    made = [AuditPeriod(name=name, status=status, starts_on=first, ends_on=last) for name, status, first, last in periods]
    found = usual(made, dt.date(2026, 5, 5))
    assert (found.name if found else None) == chosen


def test_the_chosen_period_is_remembered_and_nonsense_is_not(client_of, manager, period):
    other = create_period(actor=manager, name="2025", kind="type2", starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
    client = client_of(manager)
    assert "Status in 2026" in said(client.get("/o/acme/controls/"))
    assert "Status in 2025" in said(client.get(f"/o/acme/controls/?period={other.pk}"))
    assert "Status in 2025" in said(client.get("/o/acme/controls/?period=nonsense"))
    assert "Status in 2025" in said(client.get("/o/acme/controls/"))
    assert f"period={other.pk}" in said(client.get("/o/acme/controls/?status=active"))


def test_a_reader_sees_periods_and_changes_none(client_of, auditor, period):
    client = client_of(auditor)
    assert "New period" not in said(client.get(LIST))
    page = said(client.get(f"{LIST}{period.pk}/"))
    assert "Judge criteria" not in page
    assert client.post(f"{LIST}{period.pk}/close/", {}).status_code == 403


def test_closing_is_recorded_with_its_note(period, manager):
    close_period(period, actor=manager, reason="Done")
    assert AuditEvent.objects.get(verb="period.close").data["metadata"]["note"] == "Done"


def test_the_header_names_the_period_where_the_page_speaks_of_one(client_of, manager, period):
    client = client_of(manager)
    page = said(client.get("/o/acme/controls/?status=active&page=1"))
    assert f'href="/o/acme/controls/?status=active&amp;period={period.pk}" aria-current="true"' in page
    assert "chooser" not in said(client.get("/o/acme/access/systems/"))


def test_a_period_is_not_moved_out_of_the_calendar_either(period, manager):
    with pytest.raises(ActionRefused, match="Check the year"):
        edit_period(period, actor=manager, starts_on=dt.date(9998, 12, 31), ends_on=dt.date(9999, 12, 31))


def test_what_was_closed_meanwhile_is_not_changed(period, manager):
    stale = AuditPeriod.objects.get(pk=period.pk)
    close_period(period, actor=manager)
    with pytest.raises(ActionRefused, match="is closed"):
        edit_period(stale, actor=manager, name="Another")
