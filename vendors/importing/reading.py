"""Reading a register of vendors: which column means what, and what each row says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, cast

from controls.catalogue.cells import unguarded
from controls.catalogue.drafts import tidy
from controls.sheets.plans import refuse_repeated
from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, printable
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from ui.refusals import ActionRefused
from vendors.importing.columns import ALSO, COLUMNS, LIMITS, READERS, REQUIRED
from vendors.keys.looks import REFUSAL, looks_like_a_key

MOST_ROWS = 20_000


@dataclass(slots=True)
class Line:
    """One row. `said` holds what its cells say, by field; a field that is no column is not there."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    raw: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.said.get("name", ""))


@dataclass(slots=True)
class Sheet:
    """A whole file."""

    lines: list[Line]
    columns: list[str]
    notices: list[str]


def read_sheet(file: IO[bytes]) -> Sheet:
    """Read a CSV or XLSX. Raises ActionRefused when it is no register of vendors."""
    try:
        unquote = str if is_zip(cast("Any", file)) else unguarded
        file.seek(0)
        with open_table(cast("Any", file)) as table:
            fields = [_field(header) for header in table.headers]
            fields = ["" if name in fields[:at] else name for at, name in enumerate(fields)]
            if missing := [COLUMNS[name] for name in REQUIRED if name not in fields]:
                raise ActionRefused(f"The file has no column {', '.join(missing)}. Look at the sample file.", field="file")
            rows = _lines(without_trailer(table.rows), fields, unquote)
            lines = list(islice(rows, MOST_ROWS + 1))
            ours = [one for one in table.notices if not one.startswith("The workbook has 2 sheets; only “List”")]
            notices = [*ours, *_left_out(table.headers, fields)]
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} vendors come in one file.", field="file")
    refuse_repeated(lines, "vendor")
    return Sheet(lines, [name for name in COLUMNS if name in fields], notices)


def _field(header: str) -> str:
    key = header_key(header)
    known = {header_key(label): name for name, label in COLUMNS.items()}
    return known.get(key) or ALSO.get(key, "")


def _left_out(headers: list[str], fields: list[str]) -> list[str]:
    names = ", ".join(printable(header, 40) for header, name in zip(headers, fields, strict=True) if not name)
    return [f"These columns mean nothing here and are left out: {names}."] if names else []


def _lines(rows: Iterator[Any], fields: list[str], unquote: Any) -> Iterator[Line]:
    for row in rows:
        if isinstance(row, RowError):
            yield Line(row.row_number, errors=list(row.reasons), raw=row.raw)
            continue
        number, cells = row
        yield _line(number, dict(zip(fields, (tidy(unquote(cell)) for cell in cells), strict=True)))


def _line(number: int, given: dict[str, str]) -> Line:
    line = Line(number, raw=printable(", ".join(filter(None, given.values())), 200))
    for name, text in given.items():
        if name:
            _take(line, name, text)
    for name in ("name", "service"):
        if not line.said.get(name) and name in given:
            line.errors.append(f"{COLUMNS[name]}: is missing.")
    return line


def _take(line: Line, name: str, text: str) -> None:
    if len(text) > LIMITS.get(name, 10_000):
        line.errors.append(f"{COLUMNS[name]}: has more than {LIMITS.get(name, 10_000):,} characters.")
    elif looks_like_a_key(text):
        line.errors.append(f"{COLUMNS[name]}: {REFUSAL}")
        line.raw = ""
    else:
        try:
            line.said[name] = _read(name, text)
        except ValueError as error:
            line.errors.append(f"{COLUMNS[name]}: {error}")


def _read(name: str, text: str) -> Any:
    if name == "used_since":
        return Moments().day(text) if text else None
    if name in {"status", "ai_training"} and not text:
        return None
    return READERS.get(name, str)(text)
