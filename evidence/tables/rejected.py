"""The rejected rows of a read as a CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from evidence.tables.rows import RowError

HEADERS: Final = ("File", "Row", "Reasons", "Content")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Give the text so that no spreadsheet takes it for a formula: an apostrophe goes before such a start."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def rejected_lines(errors: Iterable[RowError]) -> Iterator[str]:
    """Give the CSV piece by piece, with a byte-order mark so that spreadsheets read it as UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(HEADERS)
    yield buffer.getvalue()
    for error in errors:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe_cell(error.part), error.row_number, safe_cell(" ".join(error.reasons)), safe_cell(error.raw)])
        yield buffer.getvalue()


def write_rejected_csv(errors: Iterable[RowError], stream: TextIO) -> None:
    """Write all rejected rows with their reasons to a text stream."""
    for piece in rejected_lines(errors):
        stream.write(piece)
