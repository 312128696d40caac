"""Rows that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from evidence.tables.text import printable

RAW_KEPT: Final = 2000


@dataclass(slots=True)
class RowError:
    """A row that was not taken over, with what stood there (cut) and sentences that say why; `cells` where it had some."""

    row_number: int
    part: str
    raw: str
    reasons: list[str]
    cells: list[str] | None = None


def row_error(row_number: int, part: str, raw: object, *reasons: str) -> RowError:
    """Make an error whose raw text can be stored and shown."""
    cells = raw if isinstance(raw, list) and all(isinstance(c, str) for c in raw) else None
    text = str(raw) if cells is None else ", ".join(cells)
    kept = None if cells is None or len(text) > RAW_KEPT else [printable(one, RAW_KEPT) for one in cells]
    return RowError(row_number, part, printable(text, RAW_KEPT), [printable(r, 500) for r in reasons], kept)
