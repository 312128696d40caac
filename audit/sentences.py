"""Events as sentences: "signed off" for campaign.sign_off, and what a record is called."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from audit.models import AuditEvent

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MOMENT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# Where the verb's own words would mislead or read badly.
_SPECIAL = {
    "account.match": "matched",
    "account.confirm_match": "confirmed whose account this is",
    "account.forget_match": "took back whose account this is",
    "person.plan_leaving": "planned the last working day",
    "person.pause": "marked as on leave",
    "person.return": "marked as back from leave",
    "person.leave": "marked as left",
    "person.rehire": "marked as rehired",
    "person.link_member": "changed the link to a member",
    "roster.preview": "previewed the changes",
    "removal.request": "asked for the removal",
    "removal.claim": "claimed it done",
    "removal.unclaim": "took the claim back",
    "removal.accept": "accepted by name that access stays",
    "system.restore": "put back into use",
}
_PAST = {
    "add": "added",
    "begin": "began",
    "become": "became",
    "change": "changed",
    "choose": "chose",
    "find": "found",
    "forget": "forgot",
    "get": "got",
    "give": "gave",
    "hold": "held",
    "keep": "kept",
    "leave": "left",
    "lose": "lost",
    "make": "made",
    "put": "put",
    "read": "read",
    "rebuild": "rebuilt",
    "reset": "reset",
    "say": "said",
    "send": "sent",
    "set": "set",
    "take": "took",
    "tell": "told",
    "withdraw": "withdrew",
    "submit": "submitted",
    "plan": "planned",
}


def deed(verb: str) -> str:
    """What was done, in the past tense: `campaign.sign_off` is "signed off"."""
    if verb in _SPECIAL:
        return _SPECIAL[verb]
    first, *rest = verb.rpartition(".")[2].split("_")
    return " ".join([_past(first), *rest])


def _past(word: str) -> str:
    if word in _PAST:
        return _PAST[word]
    if word.endswith("e"):
        return f"{word}d"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ied"
    return word if word.endswith("ed") else f"{word}ed"


def area(verb: str) -> str:
    """The first part of a verb as a heading: "Campaign"."""
    return verb.partition(".")[0].replace("_", " ").capitalize()


def kind(object_kind: str) -> str:
    """A record's kind in words: `inventory.person` is "person"."""
    return object_kind.rpartition(".")[2].replace("_", " ")


def actor(event: AuditEvent) -> str:
    """Who did it; the product when nobody else did."""
    return event.actor_name or "Plumbline"


def readable(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """A body's before or after for people: dates and times as such, without bare keys of other rows."""
    return {name: _value(name, value) for name, value in (values or {}).items() if not _is_key(value)}


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {one}" for key, one in value.items() if one)
    if not isinstance(value, str):
        return value
    if name == "status":
        return value.replace("_", " ")
    try:
        if _MOMENT.fullmatch(value):
            return dt.datetime.fromisoformat(value)
        return dt.date.fromisoformat(value) if _DAY.fullmatch(value) else value
    except ValueError:  # somebody's words that look like a day the calendar does not have
        return value
