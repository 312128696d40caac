"""Reading an auditor's list: which column means what, and what each row says. Nothing that it says is lost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, cast

from controls.catalogue.cells import unguarded
from controls.catalogue.drafts import one_line, tidy
from controls.labels import understand
from controls.sheets.plans import refuse_repeated
from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, printable
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from ui.refusals import ActionRefused

MOST_ROWS = 2_000
COLUMNS: dict[str, str] = {
    "reference": "Number",
    "title": "What is asked for",
    "description": "Description",
    "category": "Category",
    "controls": "Controls",
    "criteria": "Criteria",
    "requested_by": "Requested by",
    "requested_on": "Requested on",
    "due_on": "Due",
    "assignee": "With",
    "also": "Also in the list",
    "status": "State",
}
_ALSO: dict[str, str] = {
    "no": "reference", "nr": "reference", "ref": "reference", "reference": "reference", "id": "reference", "item": "reference",
    "request id": "reference", "request no": "reference", "request number": "reference", "item no": "reference",
    "item number": "reference", "pbc": "reference", "pbc no": "reference", "pbc id": "reference", "pbc number": "reference",
    "ref no": "reference", "reference no": "reference", "reference number": "reference",
    "request": "title", "title": "title", "item requested": "title", "requested item": "title", "document": "title",
    "document requested": "title", "evidence requested": "title", "evidence request": "title", "request name": "title",
    "request title": "title", "name": "title",
    "details": "description", "request description": "description", "request details": "description",
    "description of request": "description", "instructions": "description",
    "area": "category", "section": "category", "domain": "category", "topic": "category", "process": "category",
    "control": "controls", "control id": "controls", "control ids": "controls", "control number": "controls",
    "related controls": "controls", "related control": "controls",
    "criterion": "criteria", "tsc": "criteria", "soc 2 criteria": "criteria", "trust services criteria": "criteria",
    "requester": "requested_by", "auditor": "requested_by", "requested from auditor": "requested_by",
    "date requested": "requested_on", "request date": "requested_on", "asked on": "requested_on",
    "due date": "due_on", "date due": "due_on", "needed by": "due_on", "due by": "due_on", "deadline": "due_on",
    "date needed": "due_on",
    "owner": "assignee", "assigned to": "assignee", "assignee": "assignee", "responsible": "assignee",
    "client contact": "assignee", "responsible person": "assignee", "client owner": "assignee", "contact": "assignee",
}  # fmt: skip
_LIMITS = {"reference": 40, "category": 80, "requested_by": 120}
_LONGEST = 4_000
TITLE = 200


@dataclass(slots=True)
class Line:
    """One row of the file. `said` holds what its cells say, by field; a field that is no column is not there."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    raw: str = ""

    @property
    def reference(self) -> str:
        """The number it gives."""
        return str(self.said.get("reference", ""))

    @property
    def name(self) -> str:
        """What it is called by: its number."""
        return self.reference

    def keep(self, label: str, text: str) -> None:
        """Keep words that mean nothing here under what the list says beside."""
        self.said["also"] = "\n".join(filter(None, (self.said.get("also", ""), f"{label}: {text}")))


@dataclass(slots=True)
class Sheet:
    """A whole file."""

    lines: list[Line]
    columns: list[str]
    notices: list[str]


def read_sheet(file: IO[bytes], dates: str = "") -> Sheet:
    """Read a CSV or XLSX; `dates` says how 03/04/2026 is meant ("dmy" or "mdy"). Raises ActionRefused when it is no list."""
    try:
        unquote = str if is_zip(cast("Any", file)) else unguarded
        file.seek(0)
        with open_table(cast("Any", file)) as table:
            fields = [_field(header) for header in table.headers]
            fields = ["" if name in fields[:position] else name for position, name in enumerate(fields)]
            _refuse_missing(fields)
            lines = list(
                islice(
                    _lines(without_trailer(table.rows), table.headers, fields, _Cells(unquote, Moments(date_order=dates))),
                    MOST_ROWS + 1,
                )
            )
            notices = [*_worth_saying(table.notices), *_about_columns(table.headers, fields)]
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} requests come in one file.", field="file")
    refuse_repeated(lines, "number")
    return Sheet(lines, [name for name in COLUMNS if name in fields], notices)


def _field(header: str) -> str:
    key = header_key(header.replace("#", " no ")) if header.strip() not in {"#", "№"} else "no"
    known = {header_key(label): name for name, label in COLUMNS.items()}
    return known.get(key) or _ALSO.get(key, "")


def _refuse_missing(fields: list[str]) -> None:
    if "title" not in fields and "description" in fields:
        fields[fields.index("description")] = "title"  # of a list with one column of words, these are the request
    if missing := [COLUMNS[name] for name in ("reference", "title") if name not in fields]:
        raise ActionRefused(f"The file has no column {' and no column '.join(missing)}. Look at the sample file.", field="file")


def _about_columns(headers: list[str], fields: list[str]) -> list[str]:
    kept = ", ".join(printable(header, 40) for header, name in zip(headers, fields, strict=True) if not name)
    return [f"Kept with each request as “{COLUMNS['also']}”: {kept}."] if kept else []


def _worth_saying(notices: list[str]) -> list[str]:
    """Our own workbooks have a second sheet, about the export."""
    return [notice for notice in notices if not notice.startswith("The workbook has 2 sheets; only “List”")]


@dataclass(frozen=True, slots=True)
class _Cells:
    """How the cells of a file are read."""

    unquote: Callable[[str], str]
    moments: Moments

    def read(self, name: str, text: str) -> Any:
        """What the cell says of a field. Raises ValueError with a sentence."""
        if name in {"requested_on", "due_on"}:
            return self.moments.day(text) if text else None
        return _READERS.get(name, str)(text)


def _lines(rows: Iterator[Any], headers: list[str], fields: list[str], reader: _Cells) -> Iterator[Line]:
    section = ""
    for row in rows:
        if isinstance(row, RowError):
            yield Line(row.row_number, errors=list(row.reasons), raw=row.raw)
            continue
        number, cells = row
        texts = [tidy(reader.unquote(cell)) for cell in cells]
        if heading := _heading(texts, fields):
            section = heading
            continue
        line = _line(number, texts, list(zip(headers, fields, strict=True)), reader)
        if section and not line.said.get("category"):
            line.said["category"] = section
            line.notices.append(f"In the section “{section}” of the list.")
        yield line


def _heading(texts: list[str], fields: list[str]) -> str:
    """The words of a row that only names the section of the rows below it: one cell, and no request in it."""
    filled = [(name, text) for name, text in zip(fields, texts, strict=True) if text]
    if len(texts) < 3 or len(filled) != 1:
        return ""
    name, text = filled[0]
    is_number = name == "reference" and any(character.isdigit() for character in text) and " " not in text
    return "" if is_number else one_line(text)[: _LIMITS["category"]]


def _line(number: int, texts: list[str], columns: list[tuple[str, str]], reader: _Cells) -> Line:
    line = Line(number, raw=printable(", ".join(filter(None, texts)), 200))
    given = {name: text for (_, name), text in zip(columns, texts, strict=True) if name}
    for name, text in given.items():
        try:
            line.said[name] = reader.read(name, text)
        except ValueError as error:
            line.errors.append(f"{COLUMNS[name]}: {error}")
    _title(line, given)
    _criteria(line, given)
    for (header, name), text in zip(columns, texts, strict=True):
        if text and not name:
            line.keep(header, text)
    _check(line)
    return line


def _check(line: Line) -> None:
    if not line.reference:
        line.errors.append("The number is missing.")
    for name, text in line.said.items():
        most = _LIMITS.get(name, _LONGEST)
        if isinstance(text, str) and len(text) > most:
            line.errors.append(f"{COLUMNS[name]}: has more than {most:,} characters.")


def _title(line: Line, given: Mapping[str, str]) -> None:
    """A long request has its first words as title and all of them as description."""
    text = given.get("title", "")
    first = one_line(text)
    if not first:
        line.errors.append("It does not say what is asked for.")
    elif len(first) > TITLE or first != text:
        line.said["description"] = "\n\n".join(filter(None, (text, given.get("description", ""))))
        first = first if len(first) <= TITLE else f"{first[: TITLE - 1].rsplit(' ', 1)[0]}…"
    line.said["title"] = first


def _criteria(line: Line, given: Mapping[str, str]) -> None:
    found: list[str] = []
    for label in _parts(given.get("criteria", "")):
        understood = understand(label)
        if understood.criteria:
            found += understood.criteria
            if understood.notice:
                line.notices.append(understood.notice)
        else:
            line.notices.append(f"“{printable(label, 60)}” names no criterion: kept as it is.")
            line.keep(COLUMNS["criteria"], label)
    if "criteria" in given:
        line.said["criteria"] = list(dict.fromkeys(found))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", "\n").replace(",", "\n").split("\n") if part.strip()]


_READERS: dict[str, Callable[[str], Any]] = {
    "reference": one_line,
    "category": one_line,
    "requested_by": one_line,
    "assignee": one_line,
    "status": one_line,
    "controls": _parts,
    "criteria": _parts,
}
