"""The workbook of a population, and its digest, which anybody can compute again from the rows. docs/controls.md says how."""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, cast

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from evidence.files import open_file
from evidence.models import Population
from evidence.populations.registry import Table
from ui.refusals import ActionRefused
from ui.screens.export import CELL_LIMIT, SAFE_WORKBOOK, SHEET_ROWS

SHEET, ABOUT = "Population", "About"
KEY_LIMIT = 200
# What XML cannot hold, what a spreadsheet would change, and what it would take for an escape of its own.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+|_(?=x[0-9A-Fa-f]{4}_)")
Notes = Sequence[tuple[str, str]]
Cells = tuple[str, ...]


@dataclass(slots=True)
class Digest:
    """SHA-256 over header and rows in their order: each as a JSON array of its cells in UTF-8, ended by a line feed."""

    _sha256: Any = field(default_factory=hashlib.sha256)

    def add(self, cells: Sequence[str]) -> None:
        """Take the next row."""
        line = json.dumps(list(cells), ensure_ascii=False, separators=(",", ":"))
        self._sha256.update(f"{line}\n".encode())

    def __str__(self) -> str:
        return str(self._sha256.hexdigest())


@dataclass(frozen=True, slots=True)
class Written:
    """A finished workbook at its start, its number of rows without the header, and their digest."""

    file: IO[bytes]
    count: int
    digest: str


def clean(text: str) -> str:
    """The text as a cell keeps it: nothing that a workbook cannot hold, no space at its ends."""
    return _UNSAFE.sub(" ", text)[:CELL_LIMIT].strip()


@contextmanager
def written(table: Table, about: Notes) -> Iterator[Written]:
    """Write header and rows on one sheet and what is said of them on another. Raises ActionRefused for keys that are not unique.

    Rows leave the memory as they are written; only their keys stay until the end.
    """
    with tempfile.SpooledTemporaryFile(max_size=1 << 21) as file:
        digest = Digest()
        with xlsxwriter.Workbook(file, SAFE_WORKBOOK) as book:
            as_text = book.add_format({"quote_prefix": True})
            count = _write_rows(book, table, digest, as_text)
            sheet = book.add_worksheet(ABOUT)
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, 1, 90)
            facts = [*about, ("Rows", str(count)), ("SHA-256 over the rows", str(digest))]
            for number, fact in enumerate(facts):
                _write(sheet, number, fact, as_text)
        file.seek(0)
        yield Written(cast("IO[bytes]", file), count, str(digest))


def _write_rows(book: Any, table: Table, digest: Digest, as_text: Any) -> int:
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(0, len(table.header) - 1), 22)
    digest.add(table.header)
    _write(sheet, 0, table.header, book.add_format({"bold": True, "bottom": 1}))
    keys: set[str] = set()
    number = 0
    for number, row in enumerate(table.rows, start=1):
        if number == SHEET_ROWS:
            raise ActionRefused(f"A workbook holds {SHEET_ROWS - 1:,} rows, and these are more. Choose a shorter period.")
        cells = [clean(text) for text in row]
        _check_key(cells[0], keys)
        digest.add(cells)
        _write(sheet, number, cells, as_text)
    return number


def _check_key(key: str, keys: set[str]) -> None:
    if not key or len(key) > KEY_LIMIT:
        raise ActionRefused(f"A row has no key of 1 to {KEY_LIMIT} characters, so it could not be drawn for a sample.")
    if key in keys:
        raise ActionRefused(f"Two rows have the key “{key}”, so a sample could not tell them apart.")
    keys.add(key)


def _write(sheet: Any, number: int, cells: Sequence[str], style: Any) -> None:
    for column, text in enumerate(cells):
        if text:
            sheet.write_string(number, column, text, style)


def rows_of(population: Population) -> Iterator[Cells]:
    """Header and rows of a frozen population from its file, streamed. The digest is checked when the last has been read.

    Raises ActionRefused when the file cannot be read or is not what was frozen.
    """
    digest, count = Digest(), -1
    with open_file(population.file) as file:
        for cells in _cells(file, str(population)):
            digest.add(cells)
            count += 1
            yield cells
    if str(digest) != population.digest or count != population.row_count:
        raise ActionRefused(f"The file of {population} is not what was frozen. Tell your administrator.")


def _cells(file: IO[bytes], name: str) -> Iterator[Cells]:
    """The rows, each as wide as the header."""
    try:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name(SHEET)
        for row in sheet.iter_rows():
            yield tuple(str(cell) for cell in row)
    except (CalamineError, ValueError, OSError) as error:
        raise ActionRefused(f"The file of {name} cannot be read. Tell your administrator.") from error
