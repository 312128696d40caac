"""Whom an incident is told, when, and that it is told once, whatever happens to the workers."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from incidents.lifecycle import actions as lifecycle
from incidents.models import Escalation, EscalationNotice, EscalationPolicy, Incident
from incidents.oncall import alarms, escalating, policies
from incidents.oncall.escalating import advance
from incidents.reporting.actions import open_incident
from tenancy.scope import now
from tests.incidents.oncall.making import a_policy, a_schedule
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
MINUTE = dt.timedelta(minutes=1)


def opened(actor, **facts) -> Incident:
    return open_incident(
        actor=actor, **{"title": "The database is down", "kind": "availability", "severity": "critical", **facts}
    )


def the_escalation(incident) -> Escalation:
    return Escalation.objects.get(incident=incident)


def told(escalation) -> list[tuple[int, int, str]]:
    """Who was told at which round and step, by name."""
    rows = EscalationNotice.objects.filter(escalation=escalation).select_related("member__user")
    return sorted((row.round, row.step, row.member.name if row.member else row.told_as) for row in rows)


def alarms_to(member) -> int:
    return OutboxMessage.objects.filter(to=member.email, key__startswith="escalation:").count()


def test_a_critical_one_is_told_to_on_call_and_the_security_team_at_once_without_any_policy(manager, administrator, reviewer):
    a_schedule(manager, reviewer)
    incident = opened(manager)
    escalation = the_escalation(incident)
    assert incident.assigned_to == reviewer
    assert told(escalation) == sorted([(0, 0, reviewer.name), (0, 0, manager.name), (0, 0, administrator.name)])
    assert [alarms_to(one) for one in (reviewer, manager, administrator)] == [1, 1, 1]
    mail = OutboxMessage.objects.get(to=reviewer.email, key__startswith="escalation:")
    assert mail.subject == f"Critical: {incident.reference}, The database is down"
    assert f"/incidents/{incident.pk}/alarm/" in mail.text
    assert "on call" in mail.text
    assert AuditEvent.objects.filter(object_id=escalation.pk, verb="escalation.tell").count() == 1


def test_others_are_told_where_a_policy_names_them(manager, reviewer, approver):
    a_schedule(manager, reviewer)
    assert not Escalation.objects.filter(incident=opened(manager, severity="high")).exists()
    a_policy(manager, (["on_call"], 5), ([f"member:{approver.pk}"], 10))
    escalation = the_escalation(opened(manager, severity="high"))
    begun = escalation.due_at - 5 * MINUTE
    assert told(escalation) == [(0, 0, reviewer.name)]
    assert not advance(escalation.pk, begun + 4 * MINUTE)
    assert advance(escalation.pk, begun + 5 * MINUTE)
    assert told(escalation) == [(0, 0, reviewer.name), (0, 1, approver.name)]
    assert not advance(escalation.pk, begun + 14 * MINUTE)


def test_a_policy_of_its_kind_goes_before_one_of_all_kinds_and_a_retired_one_tells_nobody(manager, approver):
    general = a_policy(manager, (["team"], 5), name="A general one")
    special = a_policy(manager, ([f"member:{approver.pk}"], 5), name="Z outages", kinds=["availability"])
    assert the_escalation(opened(manager, severity="high")).policy == special
    assert the_escalation(opened(manager, severity="high", kind="privacy")).policy == general
    EscalationPolicy.RETIRE.apply(general, actor=manager, note="Test")
    assert not Escalation.objects.filter(incident=opened(manager, severity="high", kind="privacy")).exists()


def test_it_begins_again_and_then_says_that_nobody_heard(manager, reviewer, approver):
    a_schedule(manager, reviewer)
    a_policy(manager, (["on_call"], 5), ([f"member:{approver.pk}"], 10))
    escalation = the_escalation(opened(manager, severity="high"))
    at = now()
    for _ in range(3):
        escalation.refresh_from_db()
        at = escalation.due_at
        assert advance(escalation.pk, at)
    assert told(escalation) == [(0, 0, reviewer.name), (0, 1, approver.name), (1, 0, reviewer.name), (1, 1, approver.name)]
    assert advance(escalation.pk, at + 10 * MINUTE)
    escalation.refresh_from_db()
    assert escalation.status == "unheard"
    assert OutboxMessage.objects.filter(to=manager.email, subject__startswith="Nobody has acknowledged").count() == 1
    assert not advance(escalation.pk, at + 60 * MINUTE)


def test_acknowledging_ends_it_and_so_does_what_is_over(manager, reviewer):
    a_schedule(manager, reviewer)
    first, second = opened(manager), opened(manager)
    lifecycle.acknowledge(first, actor=reviewer)
    ended = the_escalation(first)
    assert (ended.status, ended.ended_by) == ("acknowledged", reviewer)
    assert not advance(ended.pk, ended.due_at + MINUTE)
    lifecycle.dismiss(second, actor=manager, reason="A drill.")
    assert the_escalation(second).status == "ended"


def test_what_becomes_critical_is_told_then(manager, reviewer):
    a_schedule(manager, reviewer)
    incident = opened(manager, severity="low")
    assert not Escalation.objects.filter(incident=incident).exists()
    lifecycle.set_severity(incident, actor=manager, severity="critical", reason="More are affected.")
    assert (0, 0, reviewer.name) in told(the_escalation(incident))


def test_what_becomes_critical_does_not_wait_for_the_steps_of_a_lighter_one(manager, reviewer, approver, administrator):
    a_schedule(manager, reviewer)
    a_policy(manager, ([f"member:{approver.pk}"], 60))
    incident = opened(administrator, severity="high")
    assert told(the_escalation(incident)) == [(0, 0, approver.name)]
    lifecycle.set_severity(incident, actor=administrator, severity="critical", reason="More are affected.")
    lighter, graver = Escalation.objects.filter(incident=incident).order_by("started_at")
    assert (lighter.status, graver.status) == ("ended", "running")
    assert {name for _, _, name in told(graver)} == {reviewer.name, manager.name, administrator.name}
    lifecycle.set_severity(incident, actor=administrator, severity="high", reason="Fewer are.")
    lifecycle.set_severity(incident, actor=administrator, severity="critical", reason="More again.")
    assert Escalation.objects.filter(incident=incident).count() == 2  # they were told, and are still being told


def test_what_becomes_critical_or_is_opened_again_is_mailed_to_them_where_it_was_acknowledged(manager, reviewer, approver):
    a_schedule(manager, approver)
    incident = opened(manager, severity="low", assigned_to=reviewer)
    lifecycle.acknowledge(incident, actor=reviewer)
    lifecycle.set_severity(incident, actor=reviewer, severity="critical", reason="More are affected.")
    assert not Escalation.objects.exists()
    mails = OutboxMessage.objects.filter(subject__contains="has another severity")
    assert {approver.email, manager.email} <= set(mails.values_list("to", flat=True))
    lifecycle.resolve(incident, actor=reviewer, resolution="Up.", root_cause="A disk.")
    lifecycle.reopen(incident, actor=reviewer, reason="Down again.")
    again = OutboxMessage.objects.filter(subject__contains="is opened again")
    assert {approver.email, manager.email} <= set(again.values_list("to", flat=True))


def test_a_confidential_one_is_told_without_words_and_to_nobody_who_may_not_see_it(manager, administrator, reviewer):
    a_schedule(manager, reviewer)
    incident = opened(administrator, confidential=True, title="Somebody took the list")
    names = {name for _, _, name in told(the_escalation(incident))}
    assert names == {administrator.name, reviewer.name}
    for mail in OutboxMessage.objects.filter(key__startswith="escalation:"):
        assert "list" not in mail.subject + mail.text
        assert incident.reference not in mail.subject + mail.text
    assert incident.team.filter(member=reviewer).exists()


def test_it_never_tells_nobody(manager, administrator, employee, reviewer):
    """A step whose only target has left leads to those who run incidents."""
    a_policy(manager, ([f"member:{reviewer.pk}"], 5))
    type(reviewer).objects.filter(pk=reviewer.pk).update(status="removed")
    names = [name for _, _, name in told(the_escalation(opened(manager, severity="high")))]
    assert names == sorted([manager.name, administrator.name])


class Killed(BaseException):
    """What a worker does not survive: no handler of ours catches it."""


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_worker_killed_within_a_step_leaves_it_whole_to_the_next(manager, administrator, approver, monkeypatch, dies_at):
    """The first worker dies before it tells the n-th; the next tells all of them, once."""
    people = [manager, administrator, approver]
    a_policy(manager, ([f"member:{manager.pk}"], 5), ([f"member:{one.pk}" for one in people], 10))
    escalation = the_escalation(opened(manager, severity="high"))
    sound, calls = alarms.sound, []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == dies_at:
            raise Killed
        sound(*args, **kwargs)

    monkeypatch.setattr(escalating, "sound", dying)
    at = escalation.due_at
    with pytest.raises(Killed):
        advance(escalation.pk, at)
    assert told(escalation) == [(0, 0, manager.name)]
    monkeypatch.setattr(escalating, "sound", sound)
    assert advance(escalation.pk, at + MINUTE)
    assert not advance(escalation.pk, at + MINUTE)
    assert told(escalation) == sorted([(0, 0, manager.name), *[(0, 1, one.name) for one in people]])
    assert [alarms_to(one) for one in people] == [2, 1, 1]


def test_the_same_step_once_more_tells_nobody_twice(manager, approver):
    """However a step came to be told again, the notices and the mails of it are one each."""
    a_policy(manager, ([f"member:{approver.pk}"], 5), (["team"], 5))
    escalation = the_escalation(opened(manager, severity="high"))
    Escalation.objects.filter(pk=escalation.pk).update(step=0, round=0)
    escalation.refresh_from_db()
    assert advance(escalation.pk, escalation.due_at)
    assert alarms_to(approver) == 1
    assert EscalationNotice.objects.filter(escalation=escalation, step=0).count() == 1


def test_what_runs_goes_on_by_the_steps_it_began_with(manager, approver, reviewer):
    policy = a_policy(manager, ([f"member:{approver.pk}"], 5), ([f"member:{reviewer.pk}"], 5))
    escalation = the_escalation(opened(manager, severity="high"))
    for step in policy.steps.all():
        step.delete()
    assert advance(escalation.pk, escalation.due_at)
    assert (0, 1, reviewer.name) in told(escalation)


def test_a_policy_is_changed_and_put_back(manager, approver):
    policy = a_policy(manager, ([f"member:{approver.pk}"], 5))
    changed = policies.edit_policy(policy, actor=manager, repeats=2)
    with pytest.raises(ActionRefused, match="nothing was changed"):
        policies.edit_policy(policy, actor=manager, repeats=2)
    policies.remove_step(policies.put_step(changed, actor=manager, targets=["team"], minutes=5), actor=manager)
    assert changed.steps.count() == 1
    policies.retire(changed, actor=manager, reason="Too loud")
    policies.restore(changed, actor=manager)
    stored = EscalationPolicy.objects.get(pk=policy.pk)
    assert (stored.repeats, stored.status) == (2, "active")
    verbs = AuditEvent.objects.filter(object_id=policy.pk).order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs)[-5:] == [f"escalation_policy.{deed}" for deed in ("edit", "put_step", "remove_step", "retire", "restore")]
