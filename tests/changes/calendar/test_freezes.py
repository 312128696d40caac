"""What holds a change: its window, and the freezes over it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from changes.calendar.actions import cancel_freeze, edit_freeze, restore_freeze, set_freeze
from changes.calendar.freezes import freeze_over, may_go, overlaps, reasons_against, why_not_planned
from changes.calendar.overriding import holding, override_freeze, why_not_override, withdraw_override
from changes.drafting.actions import create_change, edit_change
from changes.lifecycle.actions import schedule
from changes.lifecycle.guidance import next_step
from changes.lifecycle.moves import moves_of
from changes.lifecycle.standing import Position
from changes.models import Change, ChangeFreezeOverride, FreezeWindow
from inventory.models import System
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.calendar.conftest import utc
from tests.changes.making import approved, person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
Plan = Callable[..., Change]
Freeze = Callable[..., FreezeWindow]
MINUTE = dt.timedelta(minutes=1)


def test_a_freeze_holds_its_systems_from_its_beginning_up_to_its_end(billing: System, warehouse: System, frozen: Freeze):
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    begins, ends = freeze.starts_at, freeze.ends_at
    assert freeze_over([billing], begins, begins + MINUTE) == [freeze]
    assert freeze_over([billing.pk], ends - MINUTE, ends + MINUTE) == [freeze]
    assert freeze_over([billing], ends, ends + MINUTE) == []
    assert freeze_over([billing], begins - MINUTE, begins) == []
    assert freeze_over([warehouse], begins, ends) == []
    assert freeze_over([], begins, ends) == []


def test_a_freeze_without_systems_holds_all_also_what_names_none(billing: System, planned: Plan, frozen: Freeze):
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00")
    assert freeze_over([billing], freeze.starts_at, freeze.ends_at) == [freeze]
    nameless = planned("2036-12-24T10:00", "2036-12-24T11:00")
    sentence = "Year end holds until 26 Dec 2036, 19:00 EST: Few are here."
    assert why_not_planned(nameless) == sentence
    assert may_go(nameless, utc("2036-12-24T10:30")) == sentence


def test_a_change_goes_within_its_window_only(billing: System, planned: Plan):
    change = planned("2036-06-01T10:00", "2036-06-01T11:00", billing)
    assert may_go(change, utc("2036-06-01T09:59")) == "Its window begins on 1 Jun 2036, 06:00 EDT."
    assert may_go(change, utc("2036-06-01T10:00")) == ""
    assert may_go(change, utc("2036-06-01T10:59")) == ""
    assert may_go(change, utc("2036-06-01T11:00")) == "Its window ended on 1 Jun 2036, 07:00 EDT."


def test_the_hour_that_comes_twice_is_within_a_window_over_it_both_times(billing: System, planned: Plan, frozen: Freeze):
    change = planned("2036-11-02T05:30", "2036-11-02T06:30", billing)  # from 01:30 EDT until 01:30 EST
    assert may_go(change, utc("2036-11-02T05:45")) == ""
    assert may_go(change, utc("2036-11-02T06:15")) == ""
    assert may_go(change, utc("2036-11-02T06:30")) == "Its window ended on 2 Nov 2036, 01:30 EST."
    frozen("2036-11-02T06:00", "2036-11-02T06:20", name="Second hour")
    assert [one.code for one in reasons_against(change, utc("2036-11-02T05:45"))] == []
    assert [one.code for one in reasons_against(change, utc("2036-11-02T06:15"))] == ["frozen"]


def test_a_gate_asks_the_calendar_with_one_query(billing: System, planned: Plan, frozen: Freeze, django_assert_num_queries):
    change = planned("2036-12-24T10:00", "2036-12-24T11:00", billing)
    frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    with django_assert_num_queries(1):
        found = reasons_against(change, utc("2036-12-24T09:00"))
    assert [one.code for one in found] == ["too_early", "frozen"]


def test_an_emergency_that_was_agreed_goes_through_a_freeze(billing: System, planned: Plan, frozen: Freeze):
    frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    change = planned("2036-12-24T10:00", "2036-12-24T11:00", billing, type="emergency")
    assert may_go(change, utc("2036-12-24T10:30")).startswith("Year end holds")
    change.agreed_at = change.agreed_recorded_at = now()
    change.agreed_until = utc("2036-12-25T09:00")
    assert may_go(change, utc("2036-12-24T10:30")) == ""


def test_somebody_else_lets_a_change_through_one_freeze_with_a_reason(
    billing: System, planned: Plan, frozen: Freeze, manager: Member
):
    first = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    frozen("2036-12-23T00:00", "2036-12-25T00:00", name="Move of the data centre")
    change = planned("2036-12-24T10:00", "2036-12-24T11:00", billing)
    made = override_freeze(change, actor=manager, freeze=first, reason=" Finance needs it. ")
    assert [one.name for one in holding(change)] == ["Move of the data centre"]
    assert may_go(change, utc("2036-12-24T10:30")).startswith("Move of the data centre holds")
    event = AuditEvent.objects.get(verb="change.let_through", object_id=change.pk)
    assert (event.data["metadata"]["note"], event.actor_id, event.data["after"]) == (
        "Finance needs it.",
        manager.pk,
        {"freeze": "Year end"},
    )
    with pytest.raises(ActionRefused, match="does not hold"):
        override_freeze(change, actor=manager, freeze=first, reason="Again")
    withdraw_override(made, actor=manager, reason="Finance waits")
    assert {one.name for one in holding(change)} == {"Move of the data centre", "Year end"}


def test_whoever_asked_for_a_change_or_runs_none_lets_nothing_through(billing: System, planned: Plan, frozen: Freeze, cast: Cast):
    manager, employee, administrator = cast.manager, cast.employee, cast.administrator
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    window: Any = {"window_from": freeze.starts_at, "window_until": freeze.ends_at}
    own = create_change(actor=manager, title="Own", systems=[billing], **window)
    sentence = "Whoever asks for a change does not let it through a freeze: somebody else has to."
    assert why_not_override(own, manager) == sentence
    assert why_not_override(own, administrator) == ""
    with pytest.raises(ActionRefused, match="Whoever asks"):
        override_freeze(own, actor=manager, freeze=freeze, reason="Mine")
    with pytest.raises(ActionRefused, match="Your role"):
        override_freeze(own, actor=employee, freeze=freeze, reason="Not mine")
    with pytest.raises(ActionRefused, match="Give a reason"):
        override_freeze(own, actor=administrator, freeze=freeze, reason="  ")
    over = planned("2036-12-24T10:00", "2036-12-24T11:00", billing, status="withdrawn")
    assert why_not_override(over, manager) == f"{over} is withdrawn: nothing holds it."


def test_an_override_is_for_the_window_that_the_change_had(billing: System, planned: Plan, frozen: Freeze, manager: Member):
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    change = planned("2036-12-24T10:00", "2036-12-24T11:00", billing, status="draft")
    first = override_freeze(change, actor=manager, freeze=freeze, reason="Finance needs it.")
    assert why_not_planned(change) == ""
    change = edit_change(change, actor=manager, window_until=utc("2036-12-25T11:00"))
    assert why_not_planned(change).startswith("Year end holds")
    override_freeze(change, actor=manager, freeze=freeze, reason="Still")
    assert why_not_planned(change) == ""
    first.refresh_from_db()
    assert first.status == ChangeFreezeOverride.Status.WITHDRAWN


def test_a_change_without_a_window_is_let_through_a_freeze_to_come(
    billing: System, employee: Member, manager: Member, frozen: Freeze
):
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    change = create_change(actor=employee, title="Merge", systems=[billing])
    assert why_not_planned(change) == ""
    assert may_go(change, utc("2036-12-24T10:30")).startswith("Year end holds")
    override_freeze(change, actor=manager, freeze=freeze, reason="A fix")
    assert may_go(change, utc("2036-12-24T10:30")) == ""


def test_planned_changes_of_one_system_at_one_time_overlap(billing: System, warehouse: System, planned: Plan):
    change = planned("2036-06-01T10:00", "2036-06-01T12:00", billing, warehouse)
    met = planned("2036-06-01T11:00", "2036-06-01T13:00", warehouse)
    planned("2036-06-01T12:00", "2036-06-01T13:00", billing)  # begins as the first ends
    planned("2036-06-01T11:00", "2036-06-01T13:00", billing, status="draft")
    planned("2036-06-01T11:00", "2036-06-01T13:00", billing, status="rejected")
    planned("2036-06-01T11:00", "2036-06-01T13:00")
    assert overlaps(change) == [met]
    assert overlaps(met) == [change]


def test_a_freeze_tells_those_whose_changes_it_holds(billing: System, planned: Plan, frozen: Freeze, employee: Member):
    change = planned("2036-12-24T10:00", "2036-12-24T11:00", billing)
    planned("2036-12-24T10:00", "2036-12-24T11:00", billing, status="withdrawn")
    frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    mail = OutboxMessage.objects.get(subject="Year end holds a change of yours")
    assert mail.to == employee.email
    assert f"{change.reference}: Deploy, from 24 Dec 2036, 05:00 EST" in mail.text


def ready(cast: Cast, billing: System, starts: str, ends: str) -> Change:
    """An approved change with a window and somebody to carry it out: all that it takes to be scheduled."""
    plan = {"window_from": utc(starts), "window_until": utc(ends), "implementer": person_of(cast.employee)}
    change = approved(cast.employee, cast.approver, [billing], **plan)
    Change.objects.filter(pk=change.pk).update(approved_until=utc("2037-01-01T00:00"))  # as if it were given shortly before
    change.refresh_from_db()
    return change


def test_what_a_freeze_holds_is_scheduled_once_it_goes_through_or_the_freeze_is_gone(billing: System, frozen: Freeze, cast: Cast):
    first, second = (
        frozen("2036-12-24T00:00", "2036-12-27T00:00", billing),
        frozen("2036-11-24T00:00", "2036-11-27T00:00", name="Sale"),
    )
    winter = ready(cast, billing, "2036-12-24T10:00", "2036-12-24T11:00")
    autumn = ready(cast, billing, "2036-11-24T10:00", "2036-11-24T11:00")
    summer = ready(cast, billing, "2036-06-24T10:00", "2036-06-24T11:00")
    assert [winter.status, autumn.status, summer.status] == ["approved", "approved", "scheduled"]
    override_freeze(winter, actor=cast.manager, freeze=first, reason="Finance needs it.")
    edit_freeze(second, actor=cast.manager, starts_at=utc("2036-11-25T00:00"))
    for change in (winter, autumn):
        change.refresh_from_db()
    assert [winter.status, autumn.status] == ["scheduled", "scheduled"]


def test_cancelling_a_freeze_schedules_what_waited_for_its_end(billing: System, frozen: Freeze, cast: Cast):
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    change = ready(cast, billing, "2036-12-24T10:00", "2036-12-24T11:00")
    with pytest.raises(ActionRefused, match="Year end holds"):
        schedule(change, actor=cast.manager)
    cancel_freeze(freeze, actor=cast.manager, reason="All are here")
    change.refresh_from_db()
    assert change.status == "scheduled"


def test_a_freeze_set_later_holds_what_is_scheduled_and_its_page_says_what_to_do(billing: System, frozen: Freeze, cast: Cast):
    change = ready(cast, billing, "2036-12-24T10:00", "2036-12-24T11:00")
    frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    position = Position(change, cast.employee)
    tone, sentence = next_step(position, cast.employee.organization.today(), moves_of(position))
    assert (change.status, tone) == ("scheduled", "warn")
    assert sentence.startswith("Its window is in a freeze. Year end holds until 26 Dec 2036, 19:00 EST")


def test_a_freeze_is_changed_cancelled_and_put_back_by_who_runs_changes(
    billing: System, warehouse: System, frozen: Freeze, manager: Member, approver: Member
):
    freeze = frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)
    with pytest.raises(ActionRefused, match="nothing was changed"):
        edit_freeze(freeze, actor=manager, name="Year end", systems=[billing])
    with pytest.raises(ActionRefused, match="ends before it begins"):
        edit_freeze(freeze, actor=manager, ends_at=utc("2036-12-23T00:00"))
    edit_freeze(freeze, actor=manager, name="Holidays", systems=[warehouse])
    event = AuditEvent.objects.get(verb="freeze.cover")
    assert (event.data["before"], event.data["after"]) == ({"systems": ["Billing"]}, {"systems": ["Warehouse"]})
    assert freeze_over([warehouse], freeze.starts_at, freeze.ends_at)[0].name == "Holidays"
    cancel_freeze(freeze, actor=manager, reason="All are here")
    assert freeze_over([warehouse], freeze.starts_at, freeze.ends_at) == []
    with pytest.raises(ActionRefused, match="is cancelled"):
        edit_freeze(freeze, actor=manager, name="Again")
    restore_freeze(freeze, actor=manager, reason="Not all")
    assert freeze_over([warehouse], freeze.starts_at, freeze.ends_at) == [freeze]
    for act in (
        lambda: set_freeze(actor=approver, name="No", starts_at=freeze.starts_at, ends_at=freeze.ends_at, reason="No"),
        lambda: edit_freeze(freeze, actor=approver, name="No"),
        lambda: cancel_freeze(freeze, actor=approver, reason="No"),
    ):
        with pytest.raises(ActionRefused, match="Your role"):
            act()


def test_a_freeze_that_is_over_stays_as_it_was(billing: System, frozen: Freeze, manager: Member):
    freeze = frozen("2025-12-24T00:00", "2025-12-27T00:00", billing)
    for act in (
        lambda: edit_freeze(freeze, actor=manager, name="Another"),
        lambda: cancel_freeze(freeze, actor=manager, reason="It never was"),
    ):
        with pytest.raises(ActionRefused, match="has been over since 26 Dec 2025, 19:00 EST"):
            act()
