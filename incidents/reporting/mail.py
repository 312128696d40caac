"""Mail about security events and incidents. Of a confidential one no mail says what it is about, and only its own are told."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import Member
from audit.actors import Actor
from incidents.models import Incident, SecurityEvent, Severity
from incidents.oncall.now import whoever
from incidents.rights import events_visible_to, may_see
from incidents.settings import security_team
from tenancy.scope import now
from ui.values import exact
from workflow.outbox import queue_mail


def tell(incident: Incident, members: Iterable[Member], *, what: str, lines: Iterable[str], key: str, but: Actor) -> None:
    """One mail each to those who may see it, not to whoever did it. `what` completes "INC-2026-0001 …".

    `key` names what happened, so that one happening is one mail.
    """
    named = "A confidential incident" if incident.confidential else incident.reference
    title = "" if incident.confidential else f": {incident.title}"
    said = [] if incident.confidential else [f"{incident.reference}{title}", *lines]
    text = "\n".join([*said, "", f"{settings.PLUMBLINE_BASE_URL}{incident.get_absolute_url()}"]).strip()
    for member in members:
        if member.is_active and member.pk != but.id and may_see(member, incident):
            queue_mail(
                to=member.email,
                subject=f"{named} {what}{title}",
                text=text,
                key=f"incident:{incident.pk}:{key}:{member.pk}",
            )


def tell_opened(incident: Incident, actor: Actor) -> None:
    """Tell the security team that an incident was opened; of a critical one the escalation tells them at once."""
    if incident.severity == Severity.CRITICAL:
        return
    due = incident.acknowledge_due_at
    lines = [f"Severity: {incident.severity_words}. Kind: {incident.get_kind_display()}."]
    if due is not None:
        lines.append(f"To be acknowledged by {exact(due)}.")
    others = [member for member in security_team() if member.pk != incident.assigned_to_id]  # who is told that it is with them
    tell(incident, others, what=f"was opened ({incident.severity_words.lower()})", lines=lines, key="opened", but=actor)


_TOLD = {
    "incident.resolve": "is resolved",
    "incident.close": "is closed",
    "incident.dismiss": "is dismissed",
    "incident.reopen": "is opened again",
    "incident.set_severity": "has another severity",
}


def tell_moved(incident: Incident, verb: str, actor: Actor, _note: str) -> None:
    """Tell whom it is with now, and those on it of what ends or begins anew. A hook of each move."""
    count = incident.times_reopened
    if verb == "incident.assign" and incident.assigned_to is not None:
        line = [f"Severity: {incident.severity_words}. State: {incident.get_status_display().lower()}."]
        key = f"assigned:{incident.assigned_to_id}:{incident.status}:{count}"
        tell(incident, [incident.assigned_to], what="is with you", lines=line, key=key, but=actor)
    elif verb in _TOLD:
        key = f"{verb}:{count}:{incident.severity}:{now().isoformat()}"
        lines = [f"Severity: {incident.severity_words}. By {actor.name}."]
        tell(incident, _concerned(incident, verb), what=_TOLD[verb], lines=lines, key=key, but=actor)


def _concerned(incident: Incident, verb: str) -> list[Member]:
    """Those on it. Of what is critical from now on also who is on call and the security team, if no escalation tells them."""
    found = {member.pk: member for member in on_it(incident)}
    begins = verb in {"incident.set_severity", "incident.reopen"} and incident.is_ongoing
    if begins and incident.severity == Severity.CRITICAL and incident.acknowledged_at is not None:
        on_call = whoever(now())
        found |= {member.pk: member for member in [*security_team(), *([on_call] if on_call else [])]}
    return list(found.values())


def on_it(incident: Incident) -> list[Member]:
    """Everybody who has a part in it."""
    named = [incident.assigned_to, incident.commander, incident.scribe]
    found = {member.pk: member for member in named if member is not None}
    rows = incident.team.select_related("member__user", "member__organization")
    return list((found | {row.member.pk: row.member for row in rows}).values())


def tell_reported(event: SecurityEvent, actor: Actor) -> None:
    """Tell the security team of what is to be evaluated; of a confidential report those of it who may see it."""
    named = "A confidential report" if event.confidential else event.reference
    title = "" if event.confidential else f": {event.title}"
    lines = (
        []
        if event.confidential
        else [f"{event.reference}{title}", f"Noticed by {event.reported_as}, {exact(event.reported_at)}."]
    )
    text = "\n".join([*lines, "", f"{settings.PLUMBLINE_BASE_URL}{event.get_absolute_url()}"]).strip()
    for member in security_team():
        if member.pk == actor.id or (event.confidential and not events_visible_to(member).filter(pk=event.pk).exists()):
            continue
        subject = f"{named} is to be evaluated{title}"
        queue_mail(to=member.email, subject=subject, text=text, key=f"event:{event.pk}:{member.pk}")


def tell_evaluated(event: SecurityEvent, actor: Actor) -> None:
    """Tell whoever reported something what it was."""
    member = event.reported_by
    if member is None or not member.is_active or member.pk == actor.id:
        return
    if event.status == SecurityEvent.Status.INCIDENT:
        what, line = "is being worked on", "It is an incident, and somebody works on it. Thank you for reporting it."
    else:
        what, line = "is no incident", f"It was looked at and is no incident: {event.reason}"
    named = "Your confidential report" if event.confidential else f"Your report {event.reference}"
    said = [] if event.confidential else [f"{event.reference}: {event.title}", line]
    text = "\n".join([*said, "", f"{settings.PLUMBLINE_BASE_URL}{event.get_absolute_url()}"]).strip()
    key = f"event:{event.pk}:{event.status}:{event.evaluated_at}"
    queue_mail(to=member.email, subject=f"{named} {what}", text=text, key=key)
