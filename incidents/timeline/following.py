"""The lines that the product writes by itself: an incident was opened, it moved, a time was put right."""

from collections.abc import Callable

from audit.actors import Actor
from incidents.lifecycle.moving import ITSELF
from incidents.models import Incident
from incidents.timeline.actions import detected, note
from ui.values import exact

ACKNOWLEDGED = "incident.acknowledge"


def opened(incident: Incident) -> None:
    """How it was noticed, and that it was opened. A hook."""
    by = incident.reported_by or ITSELF
    if incident.detected_at is not None:
        how = incident.detected_by or by.name
        detected(incident, f"Detected by {how}.", by, incident.detected_at)
    words = f"Opened as {incident.get_severity_display().lower()}, {incident.get_kind_display().lower()}."
    note(incident, words, by, incident.reported_at)


def moved(incident: Incident, verb: str, actor: Actor, said: str) -> None:
    """What happened to it, in a line. A hook of each move."""
    words = _WORDS.get(verb)
    if words is not None and (text := words(incident)):
        text = f"{text} {said}" if verb in _SAID and said else text
        note(incident, text, actor, getattr(incident, _WHEN[verb]) if verb in _WHEN else None)


def _assigned(incident: Incident) -> str:
    people = {"Assigned to": incident.assigned_to, "in command": incident.commander, "writing": incident.scribe}
    named = [f"{part} {member.name}" for part, member in people.items() if member is not None]
    return f"{', '.join(named)}."[:1].upper() + f"{', '.join(named)}."[1:] if named else "Assigned to nobody."


def _corrected(incident: Incident) -> str:
    """The latest time that was recorded again, with its reason."""
    time = incident.times.order_by("recorded_at", "id").last()
    if time is None:
        return ""
    at = exact(time.at) if time.at else "not known"
    reason = f" {time.reason}" if time.reason else ""
    return f"Time put right: {time.get_what_display().lower()} {at}.{reason}"


def _reopened(incident: Incident) -> str:
    last = incident.times.filter(at=None).order_by("recorded_at", "id").last()
    reason = last.reason.removeprefix("Opened again: ") if last else ""
    return f"Opened again. {reason}".strip()


_WORDS: dict[str, Callable[[Incident], str]] = {
    ACKNOWLEDGED: lambda _: "Acknowledged.",
    Incident.INVESTIGATE.verb: lambda _: "Investigation begun.",
    Incident.CONTAIN.verb: lambda _: "Contained.",
    Incident.RESOLVE.verb: lambda one: f"Resolved: {one.resolution}",
    Incident.CLOSE.verb: lambda _: "Closed.",
    Incident.DISMISS.verb: lambda one: f"Dismissed: {one.dismissed_reason}",
    Incident.REOPEN.verb: _reopened,
    "incident.assign": _assigned,
    "incident.set_severity": lambda one: f"Severity is {one.get_severity_display().lower()} now.",
    "incident.correct_time": _corrected,
}
_SAID = frozenset({Incident.CONTAIN.verb, Incident.CLOSE.verb})  # what was said with these belongs to the line
# The line stands where it happened; that it was written later is seen.
_WHEN = {ACKNOWLEDGED: "acknowledged_at", Incident.CONTAIN.verb: "contained_at", Incident.RESOLVE.verb: "resolved_at"}
