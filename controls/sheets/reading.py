"""Reading a file: which column means what, and what each row says."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, cast

from controls.catalogue.cells import unguarded
from controls.catalogue.drafts import tidy
from controls.sheets.register import Cell, Line, Register
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, printable
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from ui.refusals import ActionRefused

MOST_ROWS = 20_000


@dataclass(slots=True)
class Sheet:
    """A whole file."""

    lines: list[Line]
    notices: list[str]


def read_sheet(register: Register, file: IO[bytes]) -> Sheet:
    """Read a CSV or XLSX. Raises ActionRefused when it is no such register."""
    try:
        is_workbook = is_zip(cast("Any", file))
        unquote = str if is_workbook else unguarded
        file.seek(0)
        with open_table(cast("Any", file), delimiter="" if is_workbook else _delimiter(register, file)) as table:
            cells = _cells(register, table.headers)
            _check(register, cells)
            lines = list(islice(_lines(register, without_trailer(table.rows), cells, unquote), MOST_ROWS + 1))
            ours = [one for one in table.notices if not one.startswith("The workbook has 2 sheets; only “List”")]
            notices = [*ours, *_left_out(table.headers, cells)]
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} rows come in one file.", field="file")
    return Sheet(lines, notices)


def _delimiter(register: Register, file: IO[bytes]) -> str:
    """A comma where the first row then has the columns that have to be there; else the reader finds it out."""
    start = file.read(16_384).decode("utf-8-sig", errors="replace")
    file.seek(0)
    try:
        header = {header_key(cell) for cell in next(csv.reader(io.StringIO(start, newline="")), [])}
    except csv.Error:
        return ""
    return "," if {header_key(cell.heading) for cell in register.cells if cell.required} <= header else ""


def _cells(register: Register, headers: list[str]) -> list[Cell | None]:
    """The column of each header; none for what means nothing here, or is there twice."""
    known: dict[str, Cell] = {}
    for cell in register.cells:
        known |= {header_key(name): cell for name in (*cell.also, cell.heading)}
    found: list[Cell | None] = []
    for header in headers:
        meant = known.get(header_key(header))
        found.append(None if meant in found else meant)
    return found


def _check(register: Register, cells: list[Cell | None]) -> None:
    """Raise ActionRefused where a column that has to be there is not."""
    there = {cell.name for cell in cells if cell}
    if not there & set(register.keys):
        raise ActionRefused(register.keyless, field="file")
    if missing := [cell.heading for cell in register.cells if cell.required and cell.name not in there]:
        raise ActionRefused(f"The file has no column {', '.join(missing)}. Look at the sample file.", field="file")


def _left_out(headers: list[str], cells: list[Cell | None]) -> list[str]:
    names = ", ".join(printable(header, 40) for header, cell in zip(headers, cells, strict=True) if cell is None)
    return [f"These columns mean nothing here and are left out: {names}."] if names else []


def _lines(register: Register, rows: Iterator[Any], cells: list[Cell | None], unquote: Any) -> Iterator[Line]:
    for row in rows:
        if isinstance(row, RowError):
            if why := register.refuses(row.raw):
                raise ActionRefused(f"Row {row.row_number}: {why} Nothing of this file was kept.", field="file")
            yield Line(row.row_number, errors=list(row.reasons), raw="" if register.sealed else row.raw)
            continue
        number, texts = row
        if why := next(filter(None, map(register.refuses, texts)), ""):
            raise ActionRefused(f"Row {number}: {why} Nothing of this file was kept.", field="file")
        given = [(cell, tidy(unquote(text))) for cell, text in zip(cells, texts, strict=True) if cell]
        yield _line(number, given, register.keys)


def _line(number: int, given: list[tuple[Cell, str]], keys: Sequence[str]) -> Line:
    whose = ", ".join(text for cell, text in given if cell.name in keys and text)
    line = Line(number, raw=printable(whose, 200))
    for cell, text in given:
        if len(text) > cell.longest:
            line.errors.append(f"{cell.heading}: has more than {cell.longest:,} characters.")
            continue
        try:
            line.said[cell.name] = cell.read(text)
        except ValueError as error:
            line.errors.append(f"{cell.heading}: {error}")
    line.name = next((str(line.said[key]) for key in keys if line.said.get(key)), "")
    return line
