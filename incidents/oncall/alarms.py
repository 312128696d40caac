"""An alarm as a mail and as a call of a webhook. Of a confidential incident neither says what it is about."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from incidents.models import AlertChannel, Escalation, Incident
from incidents.oncall.calling import call
from incidents.oncall.targets import Told
from ui.values import exact
from workflow.outbox import queue_mail


def sound(escalation: Escalation, told: Told, *, key: str, unheard: bool = False) -> None:
    """Write the mail or the delivery that tells them; the key makes it one. Part of a caller's action."""
    incident = escalation.incident
    if told.member is not None:
        text = mail_of(incident, told.why, unheard=unheard)
        queue_mail(to=told.member.email, subject=subject_of(incident, unheard=unheard), text=text, key=f"{key}:{told.target}")
    elif told.channel is not None:
        tell_channel(told.channel, incident, key=key)


def tell_channel(channel: AlertChannel, incident: Incident, *, key: str) -> None:
    """The same to a channel: to each address of a list, or as one call."""
    if channel.is_webhook:
        call(channel, event="incident.alarm", facts=facts_of(incident), key=f"{key}:{channel.pk}", incident=incident)
        return
    for address in channel.addresses:
        text = mail_of(incident, f"{channel.name} is a channel of the escalation")
        queue_mail(to=address, subject=subject_of(incident), text=text, key=f"{key}:{channel.pk}:{address}"[:200])


def subject_of(incident: Incident, *, unheard: bool = False) -> str:
    """Such as "Critical: INC-2026-0007, the database is down"."""
    about = "a confidential incident" if incident.confidential else f"{incident.reference}, {incident.title}"
    return f"Nobody has acknowledged {about}" if unheard else f"{incident.severity_words}: {about}"


def mail_of(incident: Incident, why: str, *, unheard: bool = False) -> str:
    """What the mail says, and the way to the page on which it is acknowledged."""
    lines = [
        "Everybody was told as often as the escalation says, and nobody has acknowledged it." if unheard else "An incident waits."
    ]
    if not incident.confidential:
        lines = [f"{incident.reference}: {incident.title}", *(lines[:1] if unheard else [])]
        lines.append(f"Severity: {incident.severity_words}. Kind: {incident.get_kind_display()}.")
        lines.append(f"Detected {exact(incident.detected_at)}." if incident.detected_at else "")
    if incident.acknowledge_due_at and not unheard:
        lines.append(f"To be acknowledged by {exact(incident.acknowledge_due_at)}.")
    lines += ["", f"Acknowledge it here, and nobody else is told: {link_of(incident)}", "", f"You read this because: {why}."]
    return "\n".join(lines)


def link_of(incident: Incident) -> str:
    """The page on which it is acknowledged, signed in."""
    return f"{settings.PLUMBLINE_BASE_URL}{reverse('incidents:alarm', args=[incident.pk])}"


def facts_of(incident: Incident) -> dict[str, Any]:
    """What a webhook is told."""
    facts = {
        "incident": incident.reference if not incident.confidential else None,
        "title": incident.title if not incident.confidential else "A confidential incident",
        "severity": incident.severity,
        "severity_stated": incident.severity_stated,
        "kind": incident.kind if not incident.confidential else None,
        "detected_at": incident.detected_at.isoformat() if incident.detected_at else None,
        "acknowledge_by": incident.acknowledge_due_at.isoformat() if incident.acknowledge_due_at else None,
        "url": link_of(incident),
    }
    return {name: value for name, value in facts.items() if value is not None}
