"""Reading a table of controls: each row with what it says, what is wrong with it, and what was understood otherwise."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, cast

from controls.catalogue.cells import Frequency, answer_lines, frequencies, read_legs, read_priority, unguarded
from controls.catalogue.drafts import LINES, TEXTS, one_line, tidied, tidy
from controls.criteria import CRITERIA
from controls.labels import understand
from controls.sheets.plans import refuse_repeated
from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.sources import detect_encoding
from evidence.tables.text import header_key, printable
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from ui.refusals import ActionRefused

MOST_ROWS = 5_000
COLUMNS: dict[str, str] = {
    "code": "Code",
    "title": "Title",
    "owner": "Owner",
    "owner_role": "Role that owns it",
    "frequency": "Frequency",
    "in_scope_since": "In scope since",
    "retired_on": "Retired on",
    "priority": "Priority",
    "criteria": "Criteria",
    "systems": "Systems",
    "legs": "Needs",
    "legs_reason": "Why the others are not needed",
    "objective": "Objective",
    "operation": "How it operates",
    "evidence_expected": "Evidence expected",
    "instructions": "What to do when it is due",
    "test_procedure": "How it is tested",
    "library_key": "Starter control",
}
_ALSO: dict[str, str] = {
    "control": "code", "control id": "code", "control code": "code", "id": "code", "key": "code",
    "control title": "title", "name": "title", "control name": "title", "description": "operation",
    "control description": "operation", "control activity": "operation", "control owner": "owner", "owner email": "owner",
    "owner e mail": "owner", "owner role": "owner_role", "cadence": "frequency", "control frequency": "frequency",
    "criterion": "criteria", "tsc": "criteria", "trust services criteria": "criteria", "soc 2 criteria": "criteria",
    "criteria mapping": "criteria", "control objective": "objective", "test procedure": "test_procedure",
    "test": "test_procedure", "evidence": "evidence_expected", "system": "systems", "legs": "legs",
    "in scope from": "in_scope_since", "start date": "in_scope_since", "risk": "priority",
}  # fmt: skip


@dataclass(slots=True)
class Offer:
    """A label whose id exists but probably means another: what stands there, and what to take in its place."""

    label: str
    written: tuple[str, ...]
    meant: tuple[str, ...]
    notice: str


@dataclass(slots=True)
class Line:
    """One row of the file. `said` holds what its cells say, by field; a field that is no column is not there."""

    number: int
    code: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    raw: str = ""

    @property
    def name(self) -> str:
        """What it is called by: its code."""
        return self.code

    def with_offers(self) -> dict[str, str]:
        """The criteria with every offered correction taken; notes go along."""
        notes: dict[str, str] = dict(self.said.get("criteria", {}))
        for offer in self.offers:
            kept = next((notes[key] for key in offer.written if notes.get(key)), "")
            for key in set(offer.written) - set(offer.meant):
                notes.pop(key, None)
            for key in offer.meant:
                notes[key] = notes.get(key) or kept
        return {key: notes[key] for key in CRITERIA if key in notes}


@dataclass(slots=True)
class Sheet:
    """A whole file."""

    lines: list[Line]
    columns: list[str]
    notices: list[str]


def read_sheet(file: IO[bytes]) -> Sheet:
    """Read a CSV or XLSX. Raises ActionRefused with a sentence when it is no table of controls."""
    try:
        is_workbook = is_zip(cast("Any", file))
        delimiter = "" if is_workbook else _delimiter(file)
        with open_table(cast("Any", file), delimiter=delimiter) as table:
            fields, notices = _fields(table.headers)
            lines = list(
                islice(_lines(without_trailer(table.rows), fields, unguarded if not is_workbook else str), MOST_ROWS + 1)
            )
            notices = [*_worth_saying(table.notices), *notices]
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} controls come in one file.", field="file")
    refuse_repeated(lines, "code")
    return Sheet(lines, [name for name in COLUMNS if name in fields], notices)


def _worth_saying(notices: list[str]) -> list[str]:
    """Our own workbooks have a second sheet, about the export."""
    return [notice for notice in notices if not notice.startswith("The workbook has 2 sheets; only “List”")]


def _delimiter(file: IO[bytes]) -> str:
    """The delimiter under which the first row names code and title; "" leaves it to the reader's own guess."""
    encoding, _, _ = detect_encoding(cast("Any", file))
    file.seek(0)
    start = file.read(64 * 1024).decode(encoding, errors="replace").lstrip("\ufeff")
    for mark in (",", ";", "\t", "|"):
        try:
            header = next(csv.reader(io.StringIO(start, newline=""), delimiter=mark), [])
        except csv.Error:
            continue
        if {"code", "title"} <= {_field(cell) for cell in header}:
            return mark
    return ""


def _field(header: str) -> str:
    known = {header_key(label): name for name, label in COLUMNS.items()} | {header_key(name): name for name in COLUMNS}
    key = header_key(header)
    return known.get(key) or _ALSO.get(key, "")


def _fields(headers: list[str]) -> tuple[list[str], list[str]]:
    """The field of each column ("" for one that is not read), and notices. Raises ActionRefused without code and title."""
    found: list[str] = []
    unknown = []
    for header in headers:
        name = _field(header)
        if not name or name in found:
            unknown.append(header)
        found.append("" if name in found else name)
    if missing := [COLUMNS[name] for name in ("code", "title") if name not in found]:
        raise ActionRefused(f"The file has no column {' and no column '.join(missing)}. Look at the sample file.", field="file")
    left_out = ", ".join(printable(header, 40) for header in unknown[:10])
    return found, [f"Not read: {left_out}."] if unknown else []


def _lines(rows: Iterator[Any], fields: list[str], unquote: Callable[[str], str]) -> Iterator[Line]:
    for row in rows:
        if isinstance(row, RowError):
            yield Line(row.row_number, errors=list(row.reasons), raw=row.raw)
            continue
        number, cells = row
        texts = {name: tidy(unquote(cell)) for name, cell in zip(fields, cells, strict=True) if name}
        yield _line(number, texts)


def _line(number: int, texts: Mapping[str, str]) -> Line:
    line = Line(number, code=one_line(texts["code"]), raw=printable(", ".join(filter(None, texts.values())), 200))
    for name, text in texts.items():
        try:
            line.said[name] = _READERS[name](text) if name in _READERS else text
        except ValueError as error:
            line.errors.append(f"{COLUMNS[name]}: {error}")
    if "criteria" in texts:
        line.said["criteria"] = _criteria(texts["criteria"], line)
    _check_words(line)
    return line


def _check_words(line: Line) -> None:
    """What the words themselves must be: the action says no in the same sentences."""
    if not line.code:
        line.errors.append("The code is missing.")
    elif not line.said.get("title"):
        line.errors.append("The title is missing.")
    words = {name: line.said[name] for name in ("code", *LINES, *TEXTS) if name in line.said}
    try:
        line.said |= tidied(words)
    except ActionRefused as refusal:
        if line.code:
            line.errors.append(f"{COLUMNS.get(refusal.field or '', 'Row')}: {refusal.sentence}")


def _criteria(text: str, line: Line) -> dict[str, str]:
    notes: dict[str, str] = {}
    for label, note in answer_lines(text):
        if note is None:
            _understand(label, notes, line)
            continue
        notes[label] = note
        words = f"{label} {note}" if note and len(note.split()) <= MOST_WORDS and "\n" not in note else label
        understood = understand(words, str(line.said.get("title", "")))
        if understood.offered:
            line.offers.append(Offer(words, (label,), understood.offered, understood.notice))
    return notes


MOST_WORDS = 6  # a note of more is a sentence, not the topic of a label


def _understand(entry: str, notes: dict[str, str], line: Line) -> None:
    """An entry as people write it elsewhere: corrected with a notice where its id does not exist, else at most offered."""
    title = str(line.said.get("title", ""))
    label, _, note = entry.partition(":")
    understood = understand(label, title)
    if not (understood.criteria or understood.offered):
        label, note = entry, ""
        understood = understand(entry, title)
    if understood.offered:
        line.offers.append(Offer(label.strip(), understood.criteria, understood.offered, understood.notice))
    elif understood.notice:
        line.notices.append(understood.notice)
    if not understood.criteria and not understood.offered:
        line.errors.append(f"Criteria: {understood.notice or f'“{printable(entry, 60)}” names no criterion.'}")
    for key in understood.criteria:
        notes.setdefault(key, note.strip())


_MOMENTS = Moments()


def _day(text: str) -> dt.date | None:
    return _MOMENTS.day(text) if text else None


def _frequencies(text: str) -> list[Frequency]:
    return frequencies(text)


def _systems(text: str) -> list[str]:
    return list(dict.fromkeys(one_line(part) for part in text.split("\n") if part.strip()))


_READERS: dict[str, Callable[[str], Any]] = {
    "frequency": _frequencies,
    "in_scope_since": _day,
    "retired_on": _day,
    "priority": lambda text: read_priority(text) if text else "medium",
    "systems": _systems,
    "legs": read_legs,
    "criteria": str,
    "owner": one_line,
}
