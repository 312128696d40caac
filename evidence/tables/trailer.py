"""The lines at the end of an export that speak of the export itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evidence.tables.rows import RowError

BEGINS: Final = "# List: "
COUNT: Final = "# Rows: "  # the first line where there are no notes, else the last but one
ENDS: Final = "# SHA-256 of the lines above: "
_SIGN: Final = "# "
_LONGEST: Final = 20

Row = tuple[int, list[str]] | RowError


def without_trailer(rows: Iterator[Row]) -> Iterator[Row]:
    """All rows but those from the first line of a trailer to its last: a row of a register may begin with the same sign."""
    held: list[Row] = []
    for row in rows:
        text = row.raw if isinstance(row, RowError) else row[1][0]
        if text.startswith(BEGINS) or (not held and text.startswith(COUNT)):
            yield from held
            held = [row]
        elif held and text.startswith(ENDS):
            held = []
        elif held and text.startswith(_SIGN) and len(held) < _LONGEST:
            held.append(row)
        else:
            yield from held
            held = []
            yield row
    yield from held
