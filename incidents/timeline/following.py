"""The lines that the product writes by itself: an incident was opened, it moved, a time was put right."""

import datetime as dt
from collections.abc import Callable

from audit.actors import Actor
from incidents.lifecycle.moving import ITSELF
from incidents.models import Incident, IncidentEntry, IncidentTime
from incidents.timeline.actions import detected, note, put_right
from ui.values import exact

ACKNOWLEDGED, CORRECTED, EDITED = "incident.acknowledge", "incident.correct_time", "incident.edit"
What = IncidentTime.What


def opened(incident: Incident, actor: Actor) -> None:
    """How it was noticed, by whoever reported it, and that it was opened, by whoever did. A hook."""
    if incident.detected_at is not None:
        detected(incident, _noticed(incident), incident.reported_by or ITSELF, incident.detected_at)
    grave = incident.severity_words.lower()
    how = f"as {grave}" if incident.severity_stated else f"with its severity {grave}"
    words = f"Opened {how}, {incident.get_kind_display().lower()}."
    note(incident, words, actor, incident.reported_at)


def moved(incident: Incident, verb: str, actor: Actor, said: str) -> None:
    """What happened to it, in a line. A hook of each move."""
    if verb == CORRECTED:
        _time_put_right(incident, actor)
    elif verb == EDITED and incident.detected_at is not None:
        line = _line_about(incident, What.DETECTED, incident.detected_at)
        if line is not None and line.text != _noticed(incident):
            put_right(line, actor, text=_noticed(incident), at=line.at, reason="Who noticed it was put right.")
    words = _WORDS.get(verb)
    if words is not None and (text := words(incident)):
        text = f"{text} {said}" if verb in _SAID and said else text
        note(incident, text, actor, getattr(incident, _WHEN[verb]) if verb in _WHEN else None)


def _assigned(incident: Incident) -> str:
    people = {"Assigned to": incident.assigned_to, "in command": incident.commander, "writing": incident.scribe}
    named = [f"{part} {member.name}" for part, member in people.items() if member is not None]
    return f"{', '.join(named)}."[:1].upper() + f"{', '.join(named)}."[1:] if named else "Assigned to nobody."


def _noticed(incident: Incident) -> str:
    return f"{_ABOUT[What.DETECTED]}{incident.noticed_by or ITSELF.name}."


def _time_put_right(incident: Incident, actor: Actor) -> None:
    """The product's line about the time is corrected with it; where there is none, or no time any more, another line says so."""
    time = incident.times.order_by("recorded_at", "id").last()
    if time is None:
        return
    before = incident.times.filter(what=time.what).exclude(pk=time.pk).order_by("recorded_at", "id").last()
    line = _line_about(incident, What(time.what), before.at) if before is not None and before.at is not None else None
    if line is not None and time.at is not None:
        put_right(line, actor, text=line.text, at=time.at, reason=time.reason)
        return
    at = exact(time.at) if time.at else "not known"
    reason = f" {time.reason}" if time.reason else ""
    note(incident, f"Time put right: {time.get_what_display().lower()} {at}.{reason}", actor)


def _line_about(incident: Incident, what: IncidentTime.What, at: dt.datetime) -> IncidentEntry | None:
    """The product's line about a time, as it holds now."""
    kind = IncidentEntry.Kind.DETECTION if what == What.DETECTED else IncidentEntry.Kind.STATUS
    lines = incident.entries.filter(kind=kind, at=at, text__startswith=_ABOUT[what], corrections=None) if what in _ABOUT else None
    return lines.order_by("recorded_at", "id").last() if lines is not None else None


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
    "incident.set_severity": lambda one: f"Severity is {one.severity_words.lower()} now.",
}
# How the product's line about a time begins.
_ABOUT = {
    What.DETECTED: "Detected by ",
    What.ACKNOWLEDGED: "Acknowledged.",
    What.CONTAINED: "Contained.",
    What.RESOLVED: "Resolved: ",
    What.CLOSED: "Closed.",
}
_SAID = frozenset({Incident.CONTAIN.verb, Incident.CLOSE.verb})  # what was said with these belongs to the line
# The line stands where it happened; that it was written later is seen.
_WHEN = {
    ACKNOWLEDGED: "acknowledged_at",
    Incident.CONTAIN.verb: "contained_at",
    Incident.RESOLVE.verb: "resolved_at",
    Incident.CLOSE.verb: "closed_at",
}
