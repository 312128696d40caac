"""Who is on call: rotations, overrides, absences and the fallback put together. Never nobody."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import remove_member
from audit.models import AuditEvent
from incidents.models import AlertDelivery, OnCallOverride, OnCallRotation, OnCallSchedule
from incidents.oncall import actions, channels
from incidents.oncall.board import plan_of, weeks
from incidents.oncall.inbox import waiting
from incidents.oncall.now import next_on_call, on_call, whoever
from incidents.oncall.periodic import tell_gaps
from incidents.oncall.plan import plans_of
from incidents.oncall.stretches import stretches
from tenancy.models import current_organization
from tenancy.scope import now
from tests.incidents.oncall.making import a_schedule, a_webhook
from ui.refusals import ActionRefused
from workflow.absences.actions import set_absence
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
DAY = dt.timedelta(days=1)


def again(schedule: OnCallSchedule) -> OnCallSchedule:
    """As it is stored."""
    return OnCallSchedule.objects.select_related("fallback__user", "fallback__organization").get(pk=schedule.pk)


def daily(manager, *members, **given) -> OnCallSchedule:
    """A day each, from today at midnight there."""
    zone = current_organization().zone
    today = current_organization().today()
    return a_schedule(
        manager, *members, unit="day", starts_on=today, hands_over_at=dt.time(0), zone=zone, fallback=manager, **given
    )


def midnight(days: int) -> dt.datetime:
    """So many days from today."""
    day = current_organization().today() + days * DAY
    return dt.datetime.combine(day, dt.time(0), ZoneInfo(current_organization().zone)).astimezone(dt.UTC)


def test_who_is_on_call_and_who_comes_next(manager, reviewer, approver):
    schedule = daily(manager, reviewer, approver)
    current = on_call(again(schedule), now())
    assert (current.member, current.why, current.until) == (reviewer, "rotation", midnight(1))
    begins, following = next_on_call(again(schedule), now()) or (None, None)
    assert (begins, following and following.member) == (midnight(1), approver)
    assert whoever(now()) == reviewer


def test_nobody_has_made_a_schedule(manager):
    assert whoever(now()) is None


def test_an_override_holds_for_its_time_and_ends_when_it_is_withdrawn(manager, reviewer, approver, executive):
    schedule = daily(manager, reviewer, approver)
    override = actions.take_over(schedule, actor=executive, member=executive, starts_at=now(), ends_at=midnight(2))
    assert (on_call(again(schedule), now()).member, on_call(again(schedule), now()).why) == (executive, "override")
    assert on_call(again(schedule), midnight(2)).member == reviewer
    actions.withdraw(override, actor=manager)
    assert on_call(again(schedule), now()).member == reviewer
    with pytest.raises(ActionRefused):
        actions.withdraw(OnCallOverride.objects.get(), actor=manager)


def test_one_takes_over_oneself_and_those_who_run_schedules_put_others_on_call(manager, reviewer, approver, employee):
    schedule = daily(manager, reviewer)
    with pytest.raises(ActionRefused, match="You take over yourself"):
        actions.take_over(schedule, actor=approver, member=employee, starts_at=now(), ends_at=midnight(1))
    actions.take_over(schedule, actor=manager, member=employee, starts_at=now(), ends_at=midnight(1), reason="A swap")
    told = OutboxMessage.objects.get(to=employee.email)
    assert told.subject.startswith("You are on call from")
    with pytest.raises(ActionRefused, match="withdraw that first"):
        actions.take_over(schedule, actor=approver, member=approver, starts_at=now(), ends_at=midnight(1))


def test_who_runs_schedules_sets_an_override_for_a_while_by_its_name(manager, reviewer, employee, client_of):
    schedule = daily(manager, reviewer)
    client, page = client_of(manager), schedule.get_absolute_url()
    here = f"{page}take-over/"
    form = client.get(here).content.decode()
    for words in ("Set an override of", "Myself", "Next weekend: Sat "):
        assert words in form
    assert "Set an override" in client.get(page).content.decode()
    refused = client.post(here, {"member": str(employee.pk)})
    assert (refused.status_code, "choose a while above" in refused.content.decode()) == (422, True)
    assert client.post(here, {"member": str(employee.pk), "stretch": "weekend"}).status_code in {302, 303}
    made = OnCallOverride.objects.get(member=employee)
    zone = employee.organization.tzinfo
    starts, ends = made.starts_at.astimezone(zone), made.ends_at.astimezone(zone)
    assert (f"{starts:%a %H:%M}", f"{ends:%a %H:%M}") == ("Sat 00:00", "Mon 00:00")
    own = client_of(reviewer).get(here).content.decode()
    assert "Take over on call:" in own
    assert "Set the override" not in own


def test_the_whiles_are_those_of_the_organization_and_never_over(in_acme, acme):
    for hours in range(0, 24 * 8, 5):
        at = dt.datetime(2026, 3, 5, tzinfo=dt.UTC) + dt.timedelta(hours=hours)  # over the beginning of summer time
        found = stretches(at)
        assert all(at <= one.starts_at < one.ends_at for one in found.values())
        weekend = found["weekend"]
        assert weekend.starts_at.date() - acme.day_of(at) <= dt.timedelta(days=7)
        assert (weekend.starts_at.weekday(), weekend.ends_at.weekday(), found["week"].starts_at.weekday()) == (5, 0, 0)
        handed = stretches(at, 2, dt.time(9))["week"]
        spelled = [f"{one.astimezone(acme.tzinfo):%a %H:%M}" for one in (handed.starts_at, handed.ends_at)]
        assert (spelled, at < handed.starts_at) == (["Wed 09:00"] * 2, True)


def test_times_that_make_no_sense_are_refused_at_their_field(manager, reviewer):
    schedule = daily(manager, reviewer)
    wrong = [(1, 0, "ends_at"), (-2, -1, "ends_at"), (-1, 1, "starts_at"), (1, 200, "ends_at")]
    for begins, ends, field in wrong:
        with pytest.raises(ActionRefused) as refused:
            actions.take_over(schedule, actor=manager, member=manager, starts_at=midnight(begins), ends_at=midnight(ends))
        assert refused.value.field == field


def test_a_gap_falls_back_and_is_mailed_before_it_is_there_once(manager, administrator, reviewer, approver):
    """The approver is away on their day; the fallback is on call, and those who run schedules read of it ahead."""
    schedule = daily(manager, reviewer, approver)
    day = current_organization().today() + DAY
    set_absence(actor=manager, member=approver, deputy=reviewer, starts_on=day, ends_on=day)
    then = on_call(again(schedule), midnight(1) + dt.timedelta(hours=3))
    assert (then.member, then.why) == (manager, "fallback")
    for _ in range(2):
        tell_gaps(current_organization(), now())
    mails = OutboxMessage.objects.filter(key__startswith="on-call-gap:")
    assert {mail.to for mail in mails} == {manager.email, administrator.email}
    assert mails.count() == 2
    assert "Approver Acme is away" in mails[0].text


def test_who_has_left_is_not_on_call_and_neither_is_a_fallback_who_is_away(manager, administrator, reviewer, employee):
    schedule = a_schedule(manager, reviewer, fallback=employee)
    remove_member(reviewer, actor=administrator)
    assert on_call(again(schedule), now()).member == employee
    today = current_organization().today()
    set_absence(actor=manager, member=employee, deputy=manager, starts_on=today, ends_on=today)
    assert on_call(again(schedule), now()).member in {administrator, manager}


def test_whose_role_does_not_allow_it_any_more_is_a_gap_that_is_shown(manager, reviewer, approver):
    schedule = daily(manager, reviewer, approver)
    type(reviewer).objects.filter(pk=reviewer.pk).update(roles=["viewer"])
    span = plans_of([again(schedule)], now(), now() + DAY)[0].spans(now(), now() + DAY)[0]
    assert (span.member, span.gap) == (manager, f"{reviewer.name} may not work on incidents any more.")


def test_before_the_first_hand_over_it_is_the_fallback(manager, reviewer):
    schedule = a_schedule(manager, reviewer, starts_on=current_organization().today() + 5 * DAY)
    current = on_call(again(schedule), now())
    assert (current.member, current.why) == (manager, "fallback")


def test_eight_weeks_have_no_hole_and_nobody_twice(manager, reviewer, approver, executive):
    schedule = daily(manager, reviewer, approver, executive)
    plan = plan_of(again(schedule), now())
    spans = plan.spans(now(), now() + 56 * DAY)
    assert all(one.ends == two.begins and one.member != two.member for one, two in itertools.pairwise(spans))
    days = [day for week in weeks(plan, manager, now()) for day in week]
    assert len(days) == 56
    last = midnight((days[-1].date - current_organization().today()).days)
    assert [part.member for part in days[-1].parts] == [plan.at(last).member]


def test_another_rotation_holds_from_now_on_and_the_past_stays(manager, reviewer, approver):
    schedule = daily(manager, reviewer)
    before = now() - dt.timedelta(seconds=1)
    given = {name: getattr(schedule.rotation, name) for name in actions.ROTATION}
    actions.edit_schedule(schedule, actor=manager, name="Platform", fallback=manager, members=[approver], **given)
    assert on_call(again(schedule), now()).member == approver
    assert OnCallRotation.objects.filter(schedule=schedule).count() == 2
    first = plans_of([again(schedule)], before, now())[0].rotations[0]
    assert first.member_at(now()) == reviewer
    with pytest.raises(ActionRefused, match="nothing was changed"):
        actions.edit_schedule(schedule, actor=manager, name="Platform", fallback=manager, members=[approver], **given)


def test_one_schedule_is_the_default_and_it_is_not_retired(manager, reviewer):
    first, second = a_schedule(manager, reviewer), a_schedule(manager, reviewer, name="Security")
    assert (again(first).is_default, again(second).is_default) == (True, False)
    with pytest.raises(ActionRefused, match="make another the default"):
        actions.retire(first, actor=manager, reason="Merged")
    given = {name: getattr(second.rotation, name) for name in actions.ROTATION}
    actions.edit_schedule(second, actor=manager, name="Security", fallback=manager, members=[reviewer], is_default=True, **given)
    assert (again(first).is_default, again(second).is_default) == (False, True)
    actions.retire(first, actor=manager, reason="Merged")
    assert again(first).status == "retired"
    with pytest.raises(ActionRefused, match="of this name already"):
        a_schedule(manager, reviewer, name="Security")


def test_who_may_not_work_on_incidents_is_not_put_on_call(manager, viewer, reviewer):
    with pytest.raises(ActionRefused) as refused:
        a_schedule(manager, reviewer, viewer)
    assert refused.value.field == "members"
    with pytest.raises(ActionRefused, match="Your role"):
        a_schedule(reviewer, reviewer)


def test_any_number_of_schedules_costs_the_same_queries(manager, reviewer, approver, client_of):
    client, counts = client_of(manager), []
    client.get("/o/acme/incidents/on-call/")  # what is read once
    for number in range(2):
        a_schedule(manager, reviewer, approver, name=f"Schedule {number}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/o/acme/incidents/on-call/").status_code == 200
        counts.append(sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET CONSTRAINTS")) for one in queries))
    assert counts[0] == counts[1] <= 15


def test_gaps_and_what_was_given_up_wait_for_those_who_run_on_call(manager, reviewer, approver):
    schedule = daily(manager, reviewer, approver)
    assert list(waiting(manager)) == []
    day = current_organization().today() + DAY
    set_absence(actor=manager, member=approver, deputy=reviewer, starts_on=day, ends_on=day)
    hook = a_webhook(manager, "https://hooks.example/x")
    assert channels.send_test(hook, actor=manager) is not None
    AlertDelivery.objects.update(state="failed")
    found = {entry.title: (entry.url, entry.due, entry.overdue, entry.count) for entry in waiting(manager)}
    assert found == {
        "A gap in who is on call: Platform": (schedule.get_absolute_url(), day, False, 1),
        "What Hook could not deliver": (hook.get_absolute_url(), None, False, 1),
    }
    assert list(waiting(reviewer)) == []


def test_a_schedule_that_was_retired_is_gone_by_again(manager, reviewer):
    a_schedule(manager, reviewer)
    second = a_schedule(manager, reviewer, name="Security")
    actions.retire(second, actor=manager, reason="Merged")
    actions.restore(again(second), actor=manager)
    assert again(second).status == "active"
    assert AuditEvent.objects.filter(object_id=second.pk, verb="on_call_schedule.restore").count() == 1
