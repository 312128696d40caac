"""What lists, totals and alerts look at in an event, and what in it contradicts itself. The data fits its schema here."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from controls.events.schemas import CARRIED_OUT
from controls.models.event import EventKind, EventResult

Data = dict[str, Any]
NOTABLE = frozenset(
    {"failure", "denied", "partial", "self_approved", "unapproved", "critical", "findings", "unverified", "missed"}
)
# Which results a kind can have, in the order in which totals name them.
RESULTS: dict[str, tuple[EventResult, ...]] = {
    EventKind.ACCESS: (EventResult.SUCCESS, EventResult.FAILURE, EventResult.DENIED),
    EventKind.CHANGE: (EventResult.APPROVED, EventResult.SELF_APPROVED, EventResult.UNAPPROVED, EventResult.NOTED),
    EventKind.INCIDENT: (EventResult.CRITICAL, EventResult.HIGH, EventResult.MEDIUM, EventResult.LOW),
    EventKind.BACKUP: (EventResult.SUCCESS, EventResult.PARTIAL, EventResult.FAILURE),
    EventKind.REVIEW: (EventResult.CLEAN, EventResult.FINDINGS),
    EventKind.DELETION: (EventResult.VERIFIED, EventResult.UNVERIFIED),
    EventKind.AVAILABILITY: (EventResult.MET, EventResult.MISSED),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """In a few words: what came of it, about what, by whom, from where, and its one number."""

    result: str
    subject: str
    actor: str = ""
    ip: str = ""
    measure: float | None = None

    @property
    def notable(self) -> bool:
        """Whether it is worth a look."""
        return self.result in NOTABLE


def facts_of(kind: str, data: Data) -> Facts:
    """The facts of an event of this kind."""
    return _FACTS[kind](data)


def _access(data: Data) -> Facts:
    return Facts(data["result"], data["resource"], data["user"] or "", data["ip"] or "")


def _change(data: Data) -> Facts:
    """Whether somebody else approved it counts once it was carried out; what comes before and after is noted."""
    approver, implementer = data["approver"], data["implementer"] or ""
    result = EventResult.APPROVED
    if not _carried_out(data):
        result = EventResult.NOTED
    elif approver is None:
        result = EventResult.UNAPPROVED
    elif approver.strip().casefold() == implementer.strip().casefold():
        result = EventResult.SELF_APPROVED
    return Facts(result, data.get("system") or data["title"], implementer)


def _carried_out(data: Data) -> bool:
    return data.get("stage", CARRIED_OUT[0]) in CARRIED_OUT


def _incident(data: Data) -> Facts:
    """Its number is the minutes from detection to resolution, once it is resolved."""
    begun, over = moment(data["detected_at"]), moment(data["resolved_at"])
    minutes = (over - begun).total_seconds() / 60 if begun and over else None
    return Facts(data["severity"], data["incident"], data["responded_by"] or "", measure=minutes)


def _backup(data: Data) -> Facts:
    return Facts(data["result"], data["system"])


def _review(data: Data) -> Facts:
    result = EventResult.FINDINGS if data["findings"] else EventResult.CLEAN
    return Facts(result, data["review"], data["reviewer"], measure=float(data["reviewed"]))


def _deletion(data: Data) -> Facts:
    result = EventResult.VERIFIED if data["verification"] else EventResult.UNVERIFIED
    return Facts(result, data["data_type"], data.get("deleted_by", ""), measure=float(data["count"]))


def _availability(data: Data) -> Facts:
    result = EventResult.MET if data["uptime"] >= data["target"] else EventResult.MISSED
    return Facts(result, data["service"], measure=float(data["uptime"]))


_FACTS: dict[str, Callable[[Data], Facts]] = {
    EventKind.ACCESS: _access,
    EventKind.CHANGE: _change,
    EventKind.INCIDENT: _incident,
    EventKind.BACKUP: _backup,
    EventKind.REVIEW: _review,
    EventKind.DELETION: _deletion,
    EventKind.AVAILABILITY: _availability,
}


def contradictions(kind: str, data: Data) -> Iterator[tuple[str, str]]:
    """Pairs of a field and what is wrong with it beside the others."""
    if kind == EventKind.REVIEW and data["revoked"] > data["reviewed"]:
        yield "revoked", f"{data['revoked']} of {data['reviewed']} cannot be."
    if kind == EventKind.AVAILABILITY and data["achieved"] != (data["uptime"] >= data["target"]):
        yield "achieved", f"An uptime of {data['uptime']} % does not fit it, against a target of {data['target']} %."
    if kind == EventKind.CHANGE and data["implementer"] is None and _carried_out(data):
        yield "implementer", "It was carried out: say by whom."
    if kind == EventKind.INCIDENT:
        yield from _order(data, "detected_at", "resolved_at")
    if kind == EventKind.AVAILABILITY:
        yield from _order(data, "from", "to")


def _order(data: Data, first: str, last: str) -> Iterator[tuple[str, str]]:
    begun, over = moment(data.get(first)), moment(data.get(last))
    for name, found in ((first, begun), (last, over)):
        if data.get(name) is not None and found is None:
            yield name, "There is no such moment."
    if begun and over and over < begun:
        yield last, f"It lies before {first}."


def moment(text: str | None) -> dt.datetime | None:
    """The instant in UTC; None where the calendar, or Python's, has no such moment."""
    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
