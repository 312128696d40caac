"""Reading a register from a table: which column means what, and what each row says."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import IO, Any, cast

from controls.catalogue.cells import unguarded
from controls.catalogue.drafts import one_line, tidy
from controls.sheets.plans import refuse_repeated
from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, printable
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from risks.models import MOST, STEPS, Category, Risk, RiskTask, Treatment
from ui.refusals import ActionRefused

MOST_ROWS = 10_000
COLUMNS: dict[str, str] = {
    "reference": "Number",
    "statement": "What could happen",
    "category": "Category",
    "owner": "With",
    "status": "State",
    "cause": "Why it could happen",
    "consequence": "What it would mean",
    **{name: name.replace("_", " ").capitalize() for name in STEPS},
    "reasoning": "Why it is rated so",
    "rated_on": "Rated on",
    "scale": "Scale version",
    "controls": "Controls",
    "treatment": "Treatment",
    "plan": "What is done about it",
    "tasks": "Tasks",
    "review_days": "Days between reviews",
    "next_review_on": "Next review",
    "accepted": "Accepted",
    "closed_reason": "Why it was closed",
}
_ALSO = {
    "risk": "statement", "description": "statement", "risk description": "statement", "risk statement": "statement",
    "title": "statement", "id": "reference", "risk id": "reference", "ref": "reference", "reference": "reference",
    "owner": "owner", "risk owner": "owner", "type": "category", "likelihood": "inherent_likelihood", "impact": "inherent_impact",
    "cause": "cause", "consequence": "consequence", "response": "treatment", "mitigation": "plan", "treatment plan": "plan",
}  # fmt: skip
_LIMITS = {"reference": 20, "statement": 300}
_LONGEST = 5_000
MOST_TASKS = 500  # in a row
_PARTS = 5  # of a task: what, by whom, due, state, what came of it


@dataclass(slots=True)
class Line:
    """One row. `said` holds what its cells say, by field; a field that is no column, or an empty cell, is not there."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    raw: str = ""

    @property
    def name(self) -> str:
        """The number it gives, if it gives one."""
        return str(self.said.get("reference", ""))


@dataclass(slots=True)
class Sheet:
    """A whole file."""

    lines: list[Line]
    columns: list[str]
    notices: list[str]


@dataclass(frozen=True, slots=True)
class TaskSaid:
    """A task as a line of its cell says it: what | by whom | due | state | what came of it."""

    title: str
    owner: str
    due_on: dt.date
    status: str
    outcome: str


def read_sheet(file: IO[bytes]) -> Sheet:
    """Read a CSV or XLSX. Raises ActionRefused when it is no register."""
    try:
        unquote = str if is_zip(cast("Any", file)) else unguarded
        file.seek(0)
        with open_table(cast("Any", file)) as table:
            fields = [_field(header) for header in table.headers]
            fields = ["" if name in fields[:place] else name for place, name in enumerate(fields)]
            if missing := [COLUMNS[name] for name in ("statement", "category", "owner") if name not in fields]:
                raise ActionRefused(
                    f"The file has no column {' and no column '.join(missing)}. Look at the sample file.", field="file"
                )
            lines = list(islice(_lines(without_trailer(table.rows), fields, unquote), MOST_ROWS + 1))
            notices = [one for one in table.notices if not one.startswith("The workbook has 2 sheets; only “List”")]
            left = [printable(header, 40) for header, name in zip(table.headers, fields, strict=True) if not name]
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} risks come in one file.", field="file")
    refuse_repeated(lines, "number")
    notices += [f"Left out, as nothing here is called so: {', '.join(left)}."] if left else []
    return Sheet(lines, [name for name in COLUMNS if name in fields], notices)


def _field(header: str) -> str:
    key = header_key(header)
    known = {header_key(label): name for name, label in COLUMNS.items()}
    return known.get(key) or _ALSO.get(key, "")


def _lines(rows: Iterator[Any], fields: list[str], unquote: Callable[[str], str]) -> Iterator[Line]:
    moments = Moments()
    for row in rows:
        if isinstance(row, RowError):
            yield Line(row.row_number, errors=list(row.reasons), raw=row.raw)
            continue
        number, cells = row
        texts = {name: tidy(unquote(cell)) for name, cell in zip(fields, cells, strict=True) if name}
        yield _line(number, {name: text for name, text in texts.items() if text}, moments)


def _line(number: int, texts: dict[str, str], moments: Moments) -> Line:
    line = Line(number, raw=printable(", ".join(texts.values()), 200))
    for name, text in texts.items():
        try:
            line.said[name] = _read(name, text, moments)
        except ValueError as error:
            line.errors.append(f"{COLUMNS[name]}: {error}")
    for name in ("statement", "category", "owner"):
        if name not in texts:
            line.errors.append(f"{COLUMNS[name]} is missing.")
    return line


def _read(name: str, text: str, moments: Moments) -> Any:
    """What a cell says. Raises ValueError with a sentence."""
    if name != "tasks" and len(text) > _LIMITS.get(name, _LONGEST):
        raise ValueError(f"has more than {_LIMITS.get(name, _LONGEST):,} characters.")
    if name in {"rated_on", "next_review_on"}:
        return moments.day(text)
    if name == "tasks":
        return _tasks(text, moments)
    return _READERS[name](text) if name in _READERS else text


def _codes(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", "\n").replace(",", "\n").split("\n") if part.strip()]


_CHOICES: dict[str, Any] = {"category": Category, "treatment": Treatment, "status": Risk.Status}


def _choice(name: str, text: str) -> str:
    for value, label in _CHOICES[name].choices:
        if text.casefold() in {str(value).casefold(), str(label).casefold()}:
            return str(value)
    raise ValueError(f"“{printable(text, 40)}” is none of {', '.join(str(label) for label in _CHOICES[name].labels)}.")


def _number(text: str, least: int, most: int) -> int:
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and least <= int(plain[:6]) <= most):
        raise ValueError(f"“{printable(text, 20)}” is no whole number from {least} to {most}.")
    return int(plain)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("reference", "statement", "owner"), one_line),
    **{name: partial(_choice, name) for name in _CHOICES},
    **dict.fromkeys(STEPS, partial(_number, least=1, most=MOST)),
    "review_days": partial(_number, least=7, most=1100),
    "scale": partial(_number, least=1, most=30_000),
    "controls": _codes,
}


def _tasks(text: str, moments: Moments) -> list[TaskSaid]:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > MOST_TASKS:
        raise ValueError(f"has more than {MOST_TASKS} tasks.")
    return [_task(line, moments) for line in lines]


def _task(line: str, moments: Moments) -> TaskSaid:
    parts = [part.strip().replace("¦", "|") for part in line.split("|", _PARTS - 1)]
    if len(parts) < 3 or not parts[0]:
        raise ValueError("A task is written as: what | by whom | due | state | what came of it.")
    title, owner, due, status, outcome = (*parts, "", "")[:_PARTS]
    found = next(
        (value for value, label in RiskTask.Status.choices if status.casefold() in {value, str(label).casefold()}), "open"
    )
    if found != RiskTask.Status.OPEN and not outcome:
        raise ValueError("A task that is over says what came of it.")
    if len(title) > _LIMITS["statement"] or len(outcome) > _LONGEST:
        raise ValueError(f"A task has at most {_LIMITS['statement']} characters, and what came of it {_LONGEST:,}.")
    return TaskSaid(title, owner, moments.day(due), found, outcome.replace("⏎", "\n"))


def task_cell(title: str, owner: str, due_on: dt.date, status: str, outcome: str) -> str:
    """A task as a line of its cell; `_task` reads it back."""
    parts = [title, owner, due_on.isoformat(), str(RiskTask.Status(status).label), outcome.replace("\n", "⏎")]
    return " | ".join(part.replace("|", "¦") for part in parts).rstrip(" |")
