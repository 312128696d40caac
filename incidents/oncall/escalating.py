"""Telling whom an incident concerns, one step after the other, until somebody has acknowledged it.

A step is told in one transaction: its notices, mails and deliveries are written and the next step is noted, or none of
it is. So a worker that is killed leaves a step that is told whole by the next one, and no step is told twice.
"""

import datetime as dt
import uuid
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from incidents import hooks
from incidents.lifecycle.people import join
from incidents.models import Escalation, EscalationNotice, EscalationPolicy, Incident, Severity
from incidents.oncall import due
from incidents.oncall.alarms import sound
from incidents.oncall.targets import BY_RUNNING, BY_TEAM, ON_CALL, TEAM, Told, led_to
from incidents.rights import may_see, may_work
from incidents.settings import settings_of_incidents
from tenancy.scope import now

ITSELF = System("escalation")
KIND = "escalation"
DEFAULT_ROUNDS = 3
_OVER = {"incident.resolve", "incident.close", "incident.dismiss"}


def start(incident: Incident, _actor: Actor = ITSELF) -> None:
    """Begin to tell, and tell the first step at once. Part of the action that opens the incident; nothing for most.

    Critical ones are always told: to whoever is on call and the security team at once, whatever a policy says besides.
    """
    if incident.acknowledged_at is not None or running(incident) is not None:
        return
    policy, steps, rounds = steps_for(incident)
    if not steps:
        return
    moment = now()
    escalation = Escalation(incident=incident, policy=policy, steps=steps, rounds=rounds, started_at=moment, due_at=moment)
    escalation.save(force_insert=True)
    record("escalation.start", escalation, actor=ITSELF, after={"incident": incident.reference, "policy": policy and policy.name})
    _tell_step(escalation, moment)


def stop(incident: Incident, actor: Actor) -> None:
    """Tell nobody else: somebody has taken it. Part of the action that acknowledges it."""
    _end(Escalation.ACKNOWLEDGE, incident, actor)


def follow(incident: Incident, verb: str, actor: Actor, _note: str) -> None:
    """What is over is not told any more; what has become graver, or is open again and with nobody, is. A hook of each move."""
    if verb in _OVER:
        _end(Escalation.END, incident, actor)
    elif verb in {"incident.set_severity", "incident.reopen"} and incident.is_ongoing:
        _end_lighter(incident)
        start(incident)


def _end_lighter(incident: Incident) -> None:
    """What has become critical does not wait for the steps that it had before: on call and the security team come first."""
    told = running(incident) if incident.severity == Severity.CRITICAL else None
    if told is not None and not {ON_CALL, TEAM} <= set(told.steps[0]["targets"]):
        _end(Escalation.END, incident, ITSELF)


def steps_for(incident: Incident) -> tuple[EscalationPolicy | None, list[dict[str, Any]], int]:
    """The policy, its steps and how often they are gone through. One that names the kind goes before one for all kinds."""
    fitting = EscalationPolicy.objects.filter(status="active", severities__contains=[incident.severity])
    policies = [one for one in fitting.prefetch_related("steps").order_by("name") if not one.kinds or incident.kind in one.kinds]
    policy = next((one for one in policies if one.kinds), policies[0] if policies else None)
    steps: list[dict[str, Any]] = []
    if policy is not None:
        steps = [{"minutes": step.minutes, "targets": step.targets} for step in policy.steps.all()]
    if incident.severity != Severity.CRITICAL:
        return policy, steps, 1 + policy.repeats if policy else 0
    if not steps:
        minutes = settings_of_incidents().acknowledge_critical
        return policy, [{"minutes": minutes, "targets": [ON_CALL, TEAM]}], DEFAULT_ROUNDS
    first = list(dict.fromkeys([ON_CALL, TEAM, *steps[0]["targets"]]))
    return policy, [{**steps[0], "targets": first}, *steps[1:]], 1 + (policy.repeats if policy else 0)


def running(incident: Incident) -> Escalation | None:
    """The one that goes on, locked."""
    found = Escalation.objects.select_for_update(of=("self",)).filter(incident=incident, status=Escalation.Status.RUNNING)
    return found.first()


def advance(key: uuid.UUID, at: dt.datetime) -> bool:
    """Tell the next step of an escalation if it is due; whether it was. The caller has entered the organization's scope."""
    going_on = Escalation.objects.filter(pk=key, status=Escalation.Status.RUNNING)
    if not going_on.exists():
        due.put(KIND, key, None)
        return False
    escalation = going_on.select_for_update(of=("self",), skip_locked=True).select_related("incident").first()
    if escalation is None:
        return False  # another worker has it
    if escalation.due_at > at:
        due.put(KIND, escalation.pk, escalation.due_at)
        return False
    _advance(escalation, at)
    return True


@action
def _advance(escalation: Escalation, at: dt.datetime) -> None:
    if escalation.round >= escalation.rounds:
        _give_up(escalation, at)
    else:
        _tell_step(escalation, at)


def _tell_step(escalation: Escalation, at: dt.datetime) -> None:
    """Tell everybody the step leads to, and note which is next. Part of a caller's action."""
    step, incident = escalation.steps[escalation.step], escalation.incident
    told = [one for one in led_to(step["targets"], at) if _hears(one, incident)] or _who_runs(incident, at)
    for one in told:
        _notice(escalation, one, at)
    names = [one.name for one in told]
    place = {"round": escalation.round + 1, "step": escalation.step + 1}
    last = escalation.step + 1 == len(escalation.steps)
    escalation.step, escalation.round = (0, escalation.round + 1) if last else (escalation.step + 1, escalation.round)
    escalation.due_at = at + dt.timedelta(minutes=step["minutes"])
    escalation.save(update_fields=["step", "round", "due_at"])
    record("escalation.tell", escalation, actor=ITSELF, after={**place, "told": names, "next": escalation.due_at})
    hooks.note(incident, f"Told {', '.join(names) or 'nobody'}.", ITSELF, at)
    due.put(KIND, escalation.pk, escalation.due_at)


def _hears(told: Told, incident: Incident) -> bool:
    """Of a confidential one neither the security team nor all who run incidents are told, only who may see it.

    Who is named or on call joins its team.
    """
    if told.member is None:
        return True
    if told.why in {BY_TEAM, BY_RUNNING} and not may_see(told.member, incident):
        return False
    if not may_work(told.member, incident):
        join(incident, told.member, ITSELF)
    return True


def _who_runs(incident: Incident, at: dt.datetime) -> list[Told]:
    """Where a step leads to nobody who may see it: those who run incidents and may."""
    return [one for one in led_to([], at) if one.member and may_see(one.member, incident)]


def _notice(escalation: Escalation, told: Told, at: dt.datetime) -> None:
    place = {"escalation": escalation, "round": escalation.round, "step": escalation.step, "target": told.target}
    facts = {"member": told.member, "told_as": told.name[:200], "told_at": at}
    _, new = EscalationNotice.objects.get_or_create(**place, defaults=facts)
    if new:
        sound(escalation, told, key=f"escalation:{escalation.pk}:{escalation.round}:{escalation.step}")


def _give_up(escalation: Escalation, at: dt.datetime) -> None:
    """Everybody was told as often as was asked for, and nobody has acknowledged: those who run incidents are told that."""
    Escalation.GIVE_UP.apply(escalation, actor=ITSELF, ended_at=at)
    for told in _who_runs(escalation.incident, at):
        sound(escalation, told, key=f"escalation:{escalation.pk}:unheard", unheard=True)
    hooks.note(escalation.incident, "Nobody has acknowledged it, and everybody was told.", ITSELF, at)
    due.put(KIND, escalation.pk, None)


def _end(transition: Any, incident: Incident, actor: Actor) -> None:
    escalation = running(incident)
    if escalation is None:
        return
    by = actor if isinstance(actor, Member) else None
    transition.apply(escalation, actor=ITSELF, metadata={"by": actor.name}, ended_at=now(), ended_by=by)
    due.put(KIND, escalation.pk, None)
