"""An exception is asked for, decided on by somebody else, and ends: early, or after its last day with a finding."""

import datetime as dt
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Finding
from controls.models.control import Priority
from inventory.models import Person
from policies.exceptions.rights import may_take_back, people_for, why_not
from policies.exceptions.telling import tell_asked, tell_decided
from policies.holding import hold
from policies.models import Policy, PolicyException, PolicyVersion
from policies.rights import ACKNOWLEDGE, visible_to
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from ui.values import spelled
from workflow.references import next_reference

LONGEST = dt.timedelta(days=366)
DAY = dt.timedelta(days=1)
Status = PolicyException.Status


@action
def ask_exception(
    *,
    actor: Member,
    policy: Policy,
    person: Person,
    what: str,
    why: str,
    compensating: str,
    risk: str,
    ends_on: dt.date,
    severity: str = Priority.MEDIUM,
) -> PolicyException:
    """Ask that a person may depart from what is in force, until a day within a year. Raises ActionRefused."""
    if not actor.can(ACKNOWLEDGE):
        raise ActionRefused("Your role does not allow this.")
    version, today = _in_force(policy, actor), current_organization().today()
    if not people_for(actor).filter(pk=person.pk).exists():
        raise ActionRefused("Ask for yourself, or for somebody whom you manage.", field="person")
    if person.has_left(today):
        raise ActionRefused(f"{person.name} has left.", field="person")
    _check_end(ends_on, today)
    exception = PolicyException(
        policy=version.policy,
        version=version,
        person=person,
        what=stated(what, "Say what is not kept to.", field="what"),
        why=stated(why, "Say why.", field="why"),
        compensating=stated(compensating, "Say what makes up for it; where nothing does, say that.", field="compensating"),
        risk=stated(risk, "Say what could happen because of it.", field="risk"),
        severity=severity,
        ends_on=ends_on,
        asked_by=actor,
        asked_at=now(),
    )
    exception.reference = next_reference("EXC", str(today.year))
    exception.save(force_insert=True)
    texts = {name: getattr(exception, name) for name in ("what", "why", "compensating", "risk", "severity", "ends_on")}
    after = {"policy": str(version), "person": person.name, **texts}
    record("policy_exception.ask", exception, actor=actor, after=after)
    tell_asked(exception, actor)
    return exception


def _in_force(policy: Policy, actor: Member) -> PolicyVersion:
    """What the actor may see of a policy and holds now, with the policy's row locked. Raises ActionRefused."""
    if not visible_to(actor).filter(pk=policy.pk).exists():
        raise ActionRefused("There is no such policy.", field="policy")
    version = hold(policy).versions.filter(status=PolicyVersion.Status.PUBLISHED).select_related("policy").first()
    if version is None:
        raise ActionRefused("Nothing of it is in force: there is nothing to depart from.", field="policy")
    return version


def _check_end(ends_on: dt.date, today: dt.date) -> None:
    if ends_on <= today:
        raise ActionRefused("Choose a day in the future: an exception ends.", field="ends_on")
    if ends_on > today + LONGEST:
        raise ActionRefused("Within a year: whoever needs it longer asks again.", field="ends_on")


@action
def approve_exception(exception: PolicyException, *, actor: Member, note: str = "") -> PolicyException:
    """Approve it as it was asked for, under one's name; never one's own. Raises ActionRefused."""
    locked = _to_decide(exception, actor)
    if locked.ends_on < current_organization().today():
        raise ActionRefused("Its last day has passed: it is to be asked for again.")
    PolicyException.APPROVE.apply(exception, actor=actor, **_decision(actor, note.strip()))
    tell_decided(locked, actor, "is approved", note.strip())
    return exception


@action
def refuse_exception(exception: PolicyException, *, actor: Member, reason: str) -> PolicyException:
    """Say no, with a reason. Raises ActionRefused."""
    locked, why = _to_decide(exception, actor), stated(reason)
    PolicyException.REFUSE.apply(exception, actor=actor, **_decision(actor, why))
    tell_decided(locked, actor, "is refused", why)
    return exception


def _to_decide(exception: PolicyException, actor: Member) -> PolicyException:
    PolicyException.APPROVE.authorise(actor)
    locked = _locked(exception)
    PolicyException.APPROVE.check(locked)
    if refusal := why_not(actor, locked):
        raise ActionRefused(refusal)
    return locked


def _decision(actor: Member, note: str) -> dict[str, Any]:
    decider = Person.objects.filter(member=actor.pk).first()
    return {"decided_by": actor, "decider_person": decider, "decided_at": now(), "decision_note": note}


@action
def withdraw_exception(exception: PolicyException, *, actor: Actor, reason: str) -> PolicyException:
    """Take back what nobody has decided on yet. Raises ActionRefused."""
    why = _may_take_back(exception, actor, reason)
    return PolicyException.WITHDRAW.apply(exception, actor=actor, note=why, ended_reason=why)


@action
def end_exception(exception: PolicyException, *, actor: Actor, reason: str) -> PolicyException:
    """End it before its last day: the policy is kept to again, from today. Raises ActionRefused."""
    why = _may_take_back(exception, actor, reason)
    fields: dict[str, Any] = {"ended_on": current_organization().today(), "ended_reason": why}
    return PolicyException.END.apply(exception, actor=actor, note=why, **fields)


def _may_take_back(exception: PolicyException, actor: Actor, reason: str) -> str:
    if not may_take_back(actor, _locked(exception)):
        raise ActionRefused("This is for whoever asked for it, for whom it is, and for those who write policies.")
    return stated(reason)


def when_retired(policy: Policy, _actor: Actor) -> None:
    """A policy ended: there is nothing to depart from any more. Part of its action."""
    for one in PolicyException.objects.filter(policy=policy, status=Status.REQUESTED).order_by("pk"):
        withdraw_exception(one, actor=SCHEDULE, reason="The policy is retired.")
    for one in PolicyException.objects.filter(policy=policy, status=Status.APPROVED).order_by("pk"):
        end_exception(one, actor=SCHEDULE, reason="The policy is retired.")


@action
def expire(exception: PolicyException, today: dt.date) -> None:
    """Its last day has passed and nobody has ended it: whoever it is for shows that the policy is kept to again."""
    locked = _locked(exception)
    PolicyException.EXPIRE.check(locked)
    if locked.ends_on >= today:
        raise ActionRefused("Its last day has not passed.")
    finding = raise_finding(
        actor=SCHEDULE,
        title=f"{locked}: the exception from “{locked.policy}” has ended"[:200],
        severity=locked.severity,
        source=Finding.Source.OTHER,
        link=locked.get_absolute_url(),
        owner=locked.person,
        criterion=locked.policy.criteria[0] if len(locked.policy.criteria) == 1 else "",
        risk=f"It was allowed until {spelled(locked.ends_on)}: {locked.what}\n\n{locked.risk}",
        remediation="Keep to the policy again, or ask for another exception.",
        evidence_required="What shows that the policy is kept to again, or the exception that was approved since.",
    )
    why = f"Its last day, {spelled(locked.ends_on)}, has passed."
    fields: dict[str, Any] = {"ended_on": locked.ends_on + DAY, "ended_reason": why, "finding": finding}
    PolicyException.EXPIRE.apply(exception, actor=SCHEDULE, note=why, **fields)


def _locked(exception: PolicyException) -> PolicyException:
    rows = PolicyException.objects.select_for_update(of=("self",))
    return rows.select_related("policy", "person__member__user", "asked_by__user").get(pk=exception.pk)
