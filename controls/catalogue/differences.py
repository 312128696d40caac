"""What a file would change of a control, in words: what stands there, and what would."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from controls.catalogue.cells import Frequency
from controls.catalogue.known import Known
from controls.catalogue.reading import COLUMNS
from controls.models import Control
from controls.models.control import Leg, Priority
from inventory.models import System
from ui.values import spelled

LONGEST = 160  # characters of a text, before and after
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One column: its name, and its words before and after."""

    name: str
    before: str
    after: str


class Said(Protocol):
    """What a file says otherwise of a control."""

    facts: dict[str, Any]
    criteria: dict[str, str] | None
    systems: list[System] | None
    cadences: list[Frequency] | None


def differences(control: Control, said: Said, known: Known) -> list[Difference]:
    """Every column that would change."""
    found = [Difference(COLUMNS[name], *_apart(getattr(control, name), value)) for name, value in said.facts.items()]
    if said.criteria is not None:
        found.append(Difference("Criteria", *_criteria(known.answers[control.pk], said.criteria)))
    if said.systems is not None:
        after = sorted(one.name for one in said.systems)
        found.append(Difference("Systems", _names(sorted(known.systems_of[control.pk])), _names(after)))
    if said.cadences is not None:
        found.append(Difference("Frequency", _frequency(control, said.cadences, known), _listed(said.cadences)))
    return found


def _apart(before: Any, after: Any) -> tuple[str, str]:
    """Two values in words; of long texts the part where they begin to differ."""
    one, two = _word(before), _word(after)
    if max(len(one), len(two)) <= LONGEST:
        return one, two
    same = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    start = max(0, same - 40)
    return _cut(one, start), _cut(two, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start else ''}{shown}{'…' if start + LONGEST < len(text) else ''}"


def _word(value: Any) -> str:
    if isinstance(value, dt.date):
        return spelled(value)
    if isinstance(value, list):
        return _names([str(Leg(one).label) for one in value])
    if value in Priority.values:
        return str(Priority(value).label)
    return str(value) if value else NOTHING


def _criteria(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, str]:
    """The criteria; where only notes differ, those."""
    if before.keys() != after.keys():
        return _names(before), _names(after)
    notes = [key for key in after if before[key] != after[key]]
    pairs = [_apart(before[key], after[key]) for key in notes]
    return tuple("; ".join(f"{key}: {pair[side]}" for key, pair in zip(notes, pairs, strict=True)) for side in (0, 1))  # type: ignore[return-value]


def _frequency(control: Control, said: Collection[Frequency], known: Known) -> str:
    """One line in the file speaks of today, several of the whole history."""
    if len(said) == 1:
        return str(Frequency(control.cadence, control.population, control.grace_days))
    rows = known.cadences[control.pk]
    return _listed([Frequency(row.cadence, row.population, row.grace_days, row.from_date) for row in rows])


def _listed(frequencies: Collection[Frequency]) -> str:
    return "; ".join(map(str, frequencies)) or NOTHING


def _names(names: Collection[str]) -> str:
    return ", ".join(names) or NOTHING
