"""The loop that the readers of known formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from evidence.tables.errors import RowProblem
from evidence.tables.rows import RowError, row_error
from inventory.formats.documents import Records, text_of
from inventory.formats.rows import EntitlementRow, Facts

# What stands in a column of roles where there is none.
NO_ROLE: Final = frozenset({"", "none", "no", "false", "user", "n/a", "-", "--"})


def read_records(
    records: Records, part: str, facts: Facts, make: Callable[[int, dict[str, Any]], Iterable[EntitlementRow]]
) -> Iterator[EntitlementRow | RowError]:
    """Make rows of each record; what `make` refuses (RowProblem, ValueError of a date) becomes an error of that row.

    `make` gives all rows of a record or none, so that half a user never passes for a whole one.
    """
    for notice in records.notices:
        facts.notice(notice)
    for record in records.rows:
        facts.count(part)
        if isinstance(record, RowError):
            yield record
            continue
        number, values = record
        try:
            rows = list(make(number, values))
        except RowProblem as problem:
            yield row_error(number, part, shown(values), *problem.reasons)
        except ValueError as problem:
            yield row_error(number, part, shown(values), str(problem))
        else:
            yield from rows


def first_text(values: dict[str, Any], keys: Iterable[str]) -> str:
    """Give the first of the known columns that says something, or "". Raises RowProblem."""
    for key in keys:
        text = text_of(values[key], key) if key in values else ""
        if text:
            return text
    return ""


def shown(values: dict[str, Any]) -> list[str]:
    """Give a record's plain values in the order of the file, for the list of rejected rows."""
    return [str(value) for value in values.values() if isinstance(value, str | int | float) and value != ""][::-1]
