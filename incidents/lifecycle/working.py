"""While it goes on: acknowledged, investigated, handed on, contained, resolved; how grave it is."""

import datetime as dt

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents import hooks
from incidents.lifecycle.due import acknowledge_due, review_due
from incidents.lifecycle.moving import ITSELF, for_workers, move, refuse_over
from incidents.lifecycle.people import check_able, put
from incidents.lifecycle.responding import responder
from incidents.lifecycle.times import What, record_time, sensible
from incidents.models import Incident, Severity
from incidents.reviewing.rights import may_lower
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

CRITICAL = Incident._meta.get_field("severity").choices[0][0]  # type: ignore[index]


@action
def acknowledge(incident: Incident, *, actor: Actor, at: dt.datetime | None = None) -> Incident:
    """Say that one has seen it and is on it: who acknowledges what is with nobody has it. Raises ActionRefused."""
    for_workers(incident, actor)
    if not incident.is_ongoing:
        raise ActionRefused(f"{incident} is {incident.get_status_display().lower()}: there is nothing to acknowledge.")
    if incident.acknowledged_at is not None:
        raise ActionRefused(f"{incident} was acknowledged already.")
    _acknowledge(incident, actor, sensible(incident, What.ACKNOWLEDGED, at))
    return incident


def _acknowledge(incident: Incident, actor: Actor, at: dt.datetime) -> None:
    fields = record_time(incident, What.ACKNOWLEDGED, at, actor=actor)
    after = {"acknowledged_at": at}
    if incident.assigned_to_id is None and isinstance(actor, Member):
        incident.assigned_to = actor
    incident.save(update_fields=[*fields, "assigned_to"])
    record("incident.acknowledge", incident, actor=actor, before={"acknowledged_at": None}, after=after)
    hooks.acknowledged(incident, actor)
    hooks.moved(incident, "incident.acknowledge", actor)


def _seen(incident: Incident, actor: Actor, at: dt.datetime) -> None:
    """Whoever works on it has seen it: the escalation ends by that. What was over before it was noticed was not seen before."""
    if incident.acknowledged_at is None and isinstance(actor, Member):
        _acknowledge(incident, actor, max(at, incident.detected_at or at))


@action
def investigate(incident: Incident, *, actor: Actor) -> Incident:
    """Begin to look into it. Raises ActionRefused."""
    for_workers(incident, actor)
    Incident.INVESTIGATE.check(incident)
    _seen(incident, actor, now())
    return move(Incident.INVESTIGATE, incident, actor=actor)


@action
def assign(incident: Incident, *, actor: Actor, assigned_to: Member, reason: str = "") -> Incident:
    """Give it to somebody, who is told. Raises ActionRefused."""
    for_workers(incident, actor)
    refuse_over(incident)
    check_able(assigned_to, field="assigned_to")
    if incident.assigned_to_id == assigned_to.pk:
        raise ActionRefused(f"It is with {assigned_to.name} already.", field="assigned_to")
    return put(incident, "incident.assign", actor=actor, fields={"assigned_to": assigned_to}, note=reason.strip())


@action
def contain(incident: Incident, *, actor: Actor, at: dt.datetime | None = None, note: str = "") -> Incident:
    """Say that it does no more harm. Raises ActionRefused."""
    for_workers(incident, actor)
    Incident.CONTAIN.check(incident)
    moment = sensible(incident, What.CONTAINED, at)
    _seen(incident, actor, moment)
    fields = record_time(incident, What.CONTAINED, moment, actor=actor)
    return move(Incident.CONTAIN, incident, actor=actor, note=note.strip(), **fields)


@action
def resolve(
    incident: Incident, *, actor: Actor, resolution: str, root_cause: str = "", at: dt.datetime | None = None
) -> Incident:
    """Say that it is put right, and how. What is grave has its review due from then on. Raises ActionRefused."""
    for_workers(incident, actor)
    Incident.RESOLVE.check(incident)
    moment = sensible(incident, What.RESOLVED, at)
    _seen(incident, actor, moment)
    fields = record_time(incident, What.RESOLVED, moment, actor=actor)
    return move(
        Incident.RESOLVE,
        incident,
        actor=actor,
        resolution=stated(resolution, field="resolution"),
        root_cause=root_cause.strip() or incident.root_cause,
        review_due_on=review_due(moment) if incident.is_grave else None,
        **fields,
    )


@action
def set_severity(incident: Incident, *, actor: Actor, severity: str, reason: str) -> Incident:
    """Say anew how grave it is, with a reason; what becomes critical is with whoever is on call at once.

    What closing needs stays that of the gravest it had, unless somebody lowers it who may approve its review and does not
    lead it.
    """
    for_workers(incident, actor)
    refuse_over(incident)
    if incident.severity == severity and incident.severity_stated:
        raise ActionRefused("It has that severity already.", field="severity")
    before, why = incident.severity, stated(reason, field="reason")
    by_default = {} if incident.severity_stated else {"severity_stated": False}
    incident.severity, incident.severity_stated = severity, True
    _keep_gravest(incident, before, actor)
    incident.acknowledge_due_at = acknowledge_due(severity, now()) if incident.acknowledged_at is None else None
    if not incident.is_ongoing:
        incident.review_due_on = (incident.review_due_on or review_due(now())) if incident.is_grave else None
    incident.save(update_fields=["severity", "severity_stated", "gravest", "lowered_at", "acknowledge_due_at", "review_due_on"])
    after = {"severity": severity, **dict.fromkeys(by_default, True)}
    after |= {"gravest": incident.gravest} if incident.gravest != severity else {}
    record("incident.set_severity", incident, actor=actor, before={"severity": before, **by_default}, after=after, note=why)
    if severity == CRITICAL:
        take_up(incident)
    hooks.moved(incident, "incident.set_severity", actor)
    return incident


def _keep_gravest(incident: Incident, before: str, actor: Actor) -> None:
    """Keep the gravest severity it had, and until when; who judges its review independently may say that it never was."""
    grades = list(Severity)
    if grades.index(Severity(incident.severity)) <= grades.index(Severity(incident.gravest)) or may_lower(actor, incident):
        incident.gravest, incident.lowered_at = incident.severity, None
    elif before == incident.gravest:
        incident.lowered_at = now()


def take_up(incident: Incident) -> None:
    """A critical one is with whoever is on call and looked into at once; the product does it. Part of a caller's action."""
    if incident.assigned_to_id is None and (member := responder(now())) is not None:
        put(incident, "incident.assign", actor=ITSELF, fields={"assigned_to": member})
    if incident.status in Incident.INVESTIGATE.sources:
        move(Incident.INVESTIGATE, incident, actor=ITSELF)
