"""Columns that registers about people have in common, and how cells are read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Choices

from controls.catalogue.drafts import one_line
from evidence.tables.moments import Moments
from policies.sheets.register import Cell

WHO = (
    Cell("person", "Person", lambda row: row.person.name, one_line, ("name", "employee", "full name", "user"), longest=200),
    Cell("email", "E-mail", lambda row: row.person.email, one_line, ("mail", "e mail", "email address"), longest=320),
    Cell("employee_number", "Employee number", lambda row: row.person.employee_number, one_line, ("employee id",), longest=100),
)


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
            raise ValueError(f"“{one_line(text)[:60]}” is none of: {names}.")
        return known[key]

    return read


def needed(text: str) -> str:
    """Something on one line. Raises ValueError."""
    found = one_line(text)
    if not found:
        raise ValueError("is missing.")
    return found
