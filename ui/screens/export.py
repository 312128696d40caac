"""Exports, as CSV and as a workbook, that carry their own filter, count, time and hash."""

import csv
import hashlib
import io
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter

from ui.refusals import ActionRefused

# A cell that begins like this is a formula to a spreadsheet, and may come from anyone.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones too
_INNER_FORMULA = re.compile(r"([,;|][\s\"]*)(?=[=+\-@])")
IN_MEMORY = 2 * 1024 * 1024
# What a workbook can hold.
SHEET_ROWS = 1_048_576
CELL_LIMIT = 32_767
# Rows leave the memory as they are written, and text is never taken for anything else.
SAFE_WORKBOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
Notes = Sequence[tuple[str, str]]
Rows = Iterable[Sequence[str]]


def quoted(text: str) -> str:
    """The text, harmless to a spreadsheet: a leading apostrophe where it would be a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


@dataclass(frozen=True)
class Export:
    """A finished export: a file at its start, its number of rows, and the SHA-256 of the table as CSV.

    The hash covers header and rows, not what is said about them.
    """

    file: IO[bytes]
    count: int
    sha256: str


@dataclass(frozen=True)
class Format:
    """A kind of file. `write` takes header, rows, notes, and which columns (from 0) hold numbers."""

    label: str
    content_type: str
    write: Callable[[Sequence[str], Rows, Notes, Collection[int]], Export]


def write_csv(header: Sequence[str], rows: Rows, notes: Notes, _numeric: Collection[int] = ()) -> Export:
    """Write header and rows, then a trailer with the notes, the row count and the hash; its lines begin with `#`."""
    with _file() as file:
        count, sha256 = _hashed(header, rows, file.write)
        trailer = [*notes, ("Rows", str(count)), ("SHA-256 of the lines above", sha256)]
        file.write("".join(f"# {name}: {_one_line(text)}\r\n" for name, text in trailer).encode())
    return Export(file, count, sha256)


def write_xlsx(header: Sequence[str], rows: Rows, notes: Notes, numeric: Collection[int] = ()) -> Export:
    """Write a sheet with header and rows, and one with the notes. Raises ActionRefused for more rows than a sheet holds."""
    with _file() as file, xlsxwriter.Workbook(file, SAFE_WORKBOOK) as book:
        # Marked as text for good: a cell that begins like a formula stays text when somebody edits it.
        as_text = book.add_format({"quote_prefix": True})
        sheet = book.add_worksheet("List")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(header) - 1), 22)
        _write_row(sheet, 0, header, book.add_format({"bold": True, "bottom": 1}))
        count, sha256 = _hashed(header, _onto(sheet, rows, numeric, as_text))
        sheet.autofilter(0, 0, count, max(0, len(header) - 1))
        about = book.add_worksheet("About")
        about.set_column(0, 1, 34)
        facts = [*notes, ("Rows", str(count)), ("SHA-256 of the list as CSV", sha256)]
        for number, fact in enumerate(facts):
            _write_row(about, number, fact, as_text)
    return Export(file, count, sha256)


FORMATS = {
    "csv": Format("CSV", "text/csv; charset=utf-8", write_csv),
    "xlsx": Format("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
}


@contextmanager
def _file() -> Iterator[IO[bytes]]:
    """A file that is at its start afterwards; the response closes it, unless it comes to nothing."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        yield file
    except BaseException:
        file.close()
        raise
    file.seek(0)


def _onto(sheet: Any, rows: Rows, numeric: Collection[int], as_text: Any) -> Iterator[Sequence[str]]:
    """The rows, each written as it passes."""
    for number, row in enumerate(rows, start=1):
        if number == SHEET_ROWS:
            raise ActionRefused(f"A workbook holds {SHEET_ROWS - 1:,} rows, and these are more. Export them as CSV.")
        _write_row(sheet, number, row, as_text, numeric)
        yield row


def _write_row(sheet: Any, number: int, row: Sequence[str], as_text: Any, numeric: Collection[int] = ()) -> None:
    for column, text in enumerate(row):
        if column in numeric and text.isascii() and text.isdigit():
            sheet.write_number(number, column, int(text))
        elif text:
            sheet.write_string(number, column, text[:CELL_LIMIT], as_text)


def _hashed(header: Sequence[str], rows: Rows, keep: Callable[[bytes], object] = len) -> tuple[int, str]:
    """Hand the table as CSV to `keep`, piece by piece. Returns its number of rows and its SHA-256."""
    digest = hashlib.sha256()
    count = 0
    for data, lines in _blocks(header, rows):
        digest.update(data)
        keep(data)
        count += lines
    return count, digest.hexdigest()


def _blocks(header: Sequence[str], rows: Rows, size: int = 1000) -> Iterator[tuple[bytes, int]]:
    """The CSV in pieces of up to `size` rows, each with its number of rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([quoted(text) for text in header])
    lines = 0
    for row in rows:
        writer.writerow([quoted(text) for text in row])
        lines += 1
        if lines == size:
            yield buffer.getvalue().encode(), lines
            buffer.seek(0)
            buffer.truncate()
            lines = 0
    yield buffer.getvalue().encode(), lines


def _one_line(text: str) -> str:
    """On one line, and no formula where a spreadsheet cuts the line into cells."""
    return _INNER_FORMULA.sub(r"\1'", " ".join(text.split()))
