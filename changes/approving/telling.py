"""What differs between two versions of a change, in words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from changes.approving.content import TEXTS
from changes.drafting.risk import QUESTIONS
from changes.models import Change, Kind
from ui.differences import Piece, compare
from ui.values import exact

NOTHING = "nothing"
_CHOICES: dict[str, dict[str, str]] = {
    "type": dict(Change.Type.choices),
    "kind": dict(Kind.choices),
    "priority": dict(Change.Priority.choices),
    "risk": dict(Change.Risk.choices),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One field that differs: its words before and after, and where both are long, what became of which words."""

    label: str
    before: str
    after: str
    pieces: list[Piece]


def told(differences: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Differences as `content.difference` gives them, for people."""
    return [_told(str(one["field"]), str(one["label"]), one["before"], one["after"]) for one in differences]


def in_words(name: str, value: Any) -> str:
    """One bound value as people read it."""
    if value in (None, "", [], {}):
        return NOTHING
    if name in _CHOICES:
        return _CHOICES[name].get(str(value), str(value))
    if name == "answers":
        return "; ".join(_answer(key, str(given)) for key, given in value.items())
    if name in {"window_from", "window_until"}:
        return exact(dt.datetime.fromisoformat(value))
    if isinstance(value, list):
        return ", ".join(_name(one) for one in value)
    return _name(value)


def _told(name: str, label: str, before: Any, after: Any) -> Told:
    old, new = in_words(name, before), in_words(name, after)
    compared = name in TEXTS and before and after
    return Told(label, old, new, compare(old, new) if compared else [])


def _answer(key: str, given: str) -> str:
    question = next((one for one in QUESTIONS if one.key == key), None)
    answer = question.answer(given) if question else None
    return f"{question.text} {answer.label}" if question and answer else f"{key}: {given}"


def _name(value: Any) -> str:
    return str(value["name"]) if isinstance(value, dict) and "name" in value else str(value)
