"""Cells of the table of controls: written so that people can edit them, and read back without loss."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from controls.criteria import CRITERIA
from controls.models.control import Cadence, Leg, Priority
from controls.occurrences.events import kinds

_FREQUENCY = re.compile(
    r"(?P<cadence>[^:,]+?)"
    r"(?:\s*:\s*(?P<population>[^,]+?))?"
    r"(?:\s*,\s*(?:within\s+)?(?P<days>\d{1,3})\s+(?:business\s+)?days?(?:\s+of\s+grace)?)?"
    r"(?:\s+from\s+(?P<day>\d{4}-\d\d-\d\d))?",
    re.IGNORECASE,
)
_ALSO: dict[str, str] = {
    "annual": "yearly", "annually": "yearly", "every year": "yearly", "semi-annual": "half_yearly",
    "semi-annually": "half_yearly", "semiannual": "half_yearly", "half yearly": "half_yearly",
    "every quarter": "quarterly", "every month": "monthly",
    "every week": "weekly", "every day": "daily", "per occurrence": "per_event", "as needed": "per_event", "ad hoc": "per_event",
    "ongoing": "continuous", "continuously": "continuous",
}  # fmt: skip
_INDENT = "  "  # of the further lines of a note, so that none is taken for the next criterion
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Frequency:
    """One line of the column: what holds, and from when; the first is from the day the control is in scope."""

    cadence: str
    population: str = ""
    grace_days: int = 0
    from_date: dt.date | None = None

    def __str__(self) -> str:
        """As the cell has it, such as `Per event: Joiners, within 2 business days from 2026-07-01`."""
        words = str(Cadence(self.cadence).label)
        if self.population:
            words += f": {dict(kinds()).get(self.population, self.population)}"
        if self.grace_days:
            days = "day" if self.grace_days == 1 else "days"
            events = self.cadence == Cadence.PER_EVENT
            words += f", within {self.grace_days} business {days}" if events else f", {self.grace_days} {days} of grace"
        return f"{words} from {self.from_date}" if self.from_date else words


def frequencies(text: str) -> list[Frequency]:
    """Read the column: a line for each. Raises ValueError with a sentence."""
    found = [_frequency(line.strip()) for line in text.splitlines() if line.strip()]
    if not found:
        raise ValueError("The frequency is missing.")
    if any(one.from_date is None for one in found[1:]):
        raise ValueError("Each further frequency needs its first day, such as “Monthly from 2026-07-01”.")
    days = [one.from_date for one in found if one.from_date]
    if days != sorted(set(days)):
        raise ValueError("The frequencies do not stand in the order of their days.")
    return found


def _frequency(line: str) -> Frequency:
    match = _FREQUENCY.fullmatch(line)
    cadence = _cadence(match["cadence"]) if match else None
    if match is None or cadence is None:
        names = ", ".join(str(label) for label in Cadence.labels)
        raise ValueError(f"“{line[:60]}” is not a frequency. Write one of: {names}.")
    population = _population(match["population"] or "")
    if (cadence == Cadence.PER_EVENT) != bool(population):
        raise ValueError(
            "A control per event names its events, such as “Per event: Joiners”."
            if cadence == Cadence.PER_EVENT
            else f"“{line[:60]}”: only a control per event has events."
        )
    return Frequency(cadence, population, int(match["days"] or 0), _day(match["day"]) if match["day"] else None)


def _cadence(words: str) -> str | None:
    known = {str(label).lower(): value for value, label in Cadence.choices} | {value: value for value in Cadence.values} | _ALSO
    return known.get(words.strip().lower())


def _population(words: str) -> str:
    if not words:
        return ""
    known = {name.lower(): kind for kind, name in kinds()} | {kind: kind for kind, _ in kinds()}
    if words.lower() not in known:
        raise ValueError(f"“{words[:40]}” is no kind of event. Write one of: {', '.join(name for _, name in kinds())}.")
    return known[words.lower()]


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar.") from None


def answers_cell(notes: Mapping[str, str]) -> str:
    """`CC6.1: how it answers it`, a line for each criterion; further lines of a note are indented."""
    lines = []
    for key in CRITERIA:
        if key in notes:
            note = notes[key].replace("\n", f"\n{_INDENT}")
            lines.append(f"{key}: {note}" if note else key)
    return "\n".join(lines)


def answer_lines(text: str) -> list[tuple[str, str | None]]:
    """(label, note) for each entry of the cell; the note is None where the entry is not written as `CC6.1: ...`."""
    entries: list[str] = []
    for line in text.split("\n"):
        if line.startswith(_INDENT) and entries:
            entries[-1] += f"\n{line.removeprefix(_INDENT)}"
        elif line.strip():
            entries.append(line)
    return [_entry(entry) for entry in entries]


def _entry(entry: str) -> tuple[str, str | None]:
    label, mark, note = entry.partition(":")
    if label.strip() in CRITERIA:
        return label.strip(), note.removeprefix(" ") if mark else ""
    return entry.strip(), None


def legs_cell(legs: Sequence[str]) -> str:
    """The legs by name."""
    return ", ".join(str(label) for value, label in Leg.choices if value in legs)


def read_legs(text: str) -> list[str]:
    """Read them back. Raises ValueError with a sentence."""
    return [_choice(part, Leg.choices, "leg") for part in text.split(",") if part.strip()]


def read_priority(text: str) -> str:
    """Read a priority. Raises ValueError with a sentence."""
    return _choice(text, Priority.choices, "priority")


def _choice(text: str, choices: Iterable[tuple[str, object]], what: str) -> str:
    known = {str(label).lower(): value for value, label in choices} | {value: value for value, _ in choices}
    found = known.get(text.strip().lower())
    if found is None:
        raise ValueError(f"“{text.strip()[:40]}” is no {what}. Write one of: {', '.join(str(label) for _, label in choices)}.")
    return found


def guarded(text: str) -> str:
    """For CSV, where what begins like a formula gets an apostrophe: one that the text itself has gets one too."""
    return f"'{text}" if _QUOTED.match(text) else text


def unguarded(text: str) -> str:
    """Take the apostrophe of the CSV away again."""
    return text[1:] if _QUOTED.match(text) else text
