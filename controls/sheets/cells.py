"""Columns that registers have in common, and how cells are read."""

import datetime as dt
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db.models import Choices

from controls.catalogue.drafts import one_line
from controls.sheets.register import Cell
from evidence.tables.moments import Moments
from tenancy.models import current_organization
from workflow.brought import words_of

WHO = (
    Cell("person", "Person", lambda row: row.person.name, one_line, ("name", "employee", "full name", "user"), longest=200),
    Cell("email", "E-mail", lambda row: row.person.email, one_line, ("mail", "e mail", "email address"), longest=320),
    Cell("employee_number", "Employee number", lambda row: row.person.employee_number, one_line, ("employee id",), longest=100),
)


def whom(name: str, heading: str, of: Callable[[Any], Any]) -> tuple[Cell, ...]:
    """Three columns that say who has a row: by name, e-mail and number. `Roster.said` finds them again."""

    def written(field: str) -> Callable[[Any], str]:
        return lambda row: getattr(of(row), field) if of(row) else ""

    email, number = f"{heading}'s e-mail", f"{heading}'s employee number"
    also = (f"{heading} email", f"{heading} e mail")
    return (
        Cell(name, heading, written("name"), one_line, longest=200),
        Cell(f"{name}_email", email, written("email"), one_line, also, longest=320),
        Cell(f"{name}_number", number, written("employee_number"), one_line, longest=100),
    )


def doer(name: str, heading: str) -> Cell:
    """A column that says who did something, in words: what a file says of it was not done here."""
    return Cell(name, heading, lambda row: words_of(row, name), one_line, longest=400)


def at(name: str, heading: str, also: tuple[str, ...] = (), *, required: bool = False) -> Cell:
    """A column with an instant."""
    read = needs(moment) if required else moment
    return Cell(name, heading, lambda row: written_moment(getattr(row, name)), read, also, required=required)


def on(name: str, heading: str, also: tuple[str, ...] = (), *, required: bool = False) -> Cell:
    """A column with a day."""
    read = day if required else optional(day)
    return Cell(name, heading, lambda row: written_day(getattr(row, name)), read, also, required=required)


def words(name: str, heading: str, longest: int, also: tuple[str, ...] = (), *, required: bool = False) -> Cell:
    """A column with a text of several lines."""
    return Cell(name, heading, attrgetter(name), needs(str) if required else str, also, required=required, longest=longest)


def line(name: str, heading: str, longest: int, also: tuple[str, ...] = (), *, required: bool = False) -> Cell:
    """A column with a text on one line."""
    return Cell(name, heading, attrgetter(name), needed if required else one_line, also, required=required, longest=longest)


def choice(
    name: str, heading: str, choices: type[Choices], also: tuple[str, ...] = (), *, of: Callable[[Any], Any] = lambda row: row
) -> Cell:
    """A column with one of these, by its label."""
    return Cell(name, heading, lambda row: str(choices(getattr(of(row), name)).label), chosen(choices), also, required=True)


def needs(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Refuse an empty cell. Raises ValueError."""

    def reading(text: str) -> Any:
        if not text.strip():
            raise ValueError("is missing.")
        return read(text)

    return reading


def endings(status: type[Choices]) -> tuple[Cell, ...]:
    """The columns of what may be withdrawn."""
    return (
        Cell("status", "State", lambda row: row.get_status_display(), optional(chosen(status)), ("status",)),
        Cell("withdrawn_reason", "Why it was withdrawn", lambda row: row.withdrawn_reason, str.strip),
    )


def written_day(day: dt.date | None) -> str:
    """As 2026-12-31, or nothing."""
    return day.isoformat() if day else ""


def day(text: str) -> dt.date:
    """A day in one of the usual forms. Raises ValueError."""
    if not text.strip():
        raise ValueError("is missing.")
    return Moments().day(text)


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """None for an empty cell."""
    return lambda text: read(text) if text.strip() else None


def chosen(choices: type[Choices]) -> Callable[[str], Any]:
    """One of these by its label or its key. Raises ValueError."""
    known: dict[str, Any] = {str(label).casefold(): value for value, label in choices.choices}
    known |= {str(value).casefold(): value for value, _ in choices.choices}

    def read(text: str) -> Any:
        key = one_line(text).casefold()
        if key not in known:
            names = "; ".join(str(label) for _, label in choices.choices)
            raise ValueError(f"“{one_line(text)[:60]}” is none of: {names}." if key else f"is empty, and is one of: {names}.")
        return known[key]

    return read


def whole(least: int, most: int) -> Callable[[str], int | None]:
    """A whole number within these, or None for an empty cell. Raises ValueError."""

    def read(text: str) -> int | None:
        if not text.strip():
            return None
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"is a whole number from {least:,} to {most:,}.")
        return int(text)

    return read


def moment(text: str) -> dt.datetime | None:
    """An instant, or None for an empty cell; one without an offset is in the organization's zone. Raises ValueError."""
    return Moments(current_organization().zone).moment(text) if text.strip() else None


def written_moment(at: dt.datetime | None) -> str:
    """As 2026-12-31T14:00:00.123456+00:00, or nothing."""
    return at.isoformat() if at else ""


def needed(text: str) -> str:
    """Something on one line. Raises ValueError."""
    found = one_line(text)
    if not found:
        raise ValueError("is missing.")
    return found
