"""The rejected rows of a read as a CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TextIO

from evidence.tables.reading import Table
from evidence.tables.rows import RowError

HEADERS: Final = ("File", "Row", "Reasons", "Content")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """Give the text so that no spreadsheet takes it for a formula: an apostrophe goes before such a start."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def rejected_lines(errors: Iterable[RowError], names: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the CSV piece by piece, with a byte-order mark so that spreadsheets read it as UTF-8; `names` are files by part."""
    write = _writer()
    yield "\ufeff" + write(HEADERS)
    for error in errors:
        file = (names or {}).get(error.part, error.part)
        yield write([safe_cell(file), error.row_number, safe_cell(" ".join(error.reasons)), safe_cell(error.raw)])


def rejected_rows(errors: Iterable[RowError], table: Table, name: str) -> Iterator[str]:
    """The same from the table itself: file, row and reasons, then the columns as they stand there.

    What could not be read as cells stands in the first of them.
    """
    write = _writer()
    yield "\ufeff" + write([*HEADERS[:3], *map(safe_cell, table.headers)])
    wanted = {error.row_number: error for error in errors}
    for record in table.rows:
        number, cells = (record.row_number, record.cells or [record.raw]) if isinstance(record, RowError) else record
        if error := wanted.pop(number, None):
            yield write([safe_cell(name), number, safe_cell(" ".join(error.reasons)), *map(safe_cell, cells)])


def _writer() -> Callable[[Sequence[object]], str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)

    def write(cells: Sequence[object]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(cells)
        return buffer.getvalue()

    return write


def write_rejected_csv(errors: Iterable[RowError], stream: TextIO) -> None:
    """Write all rejected rows with their reasons to a text stream."""
    for piece in rejected_lines(errors):
        stream.write(piece)
