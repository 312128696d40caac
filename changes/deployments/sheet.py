"""Reading a file with deployments: which column means what, and each row in the form in which a pipeline would report it."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, cast

from audit.record import canonical
from controls.catalogue.cells import unguarded
from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, printable, yes_or_no
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from ui.refusals import ActionRefused

MOST_ROWS = 20_000
COLUMNS: dict[str, str] = {
    "id": "Its id there",
    "deployed_at": "Deployed",
    "environment": "Environment",
    "service": "Service",
    "system": "System",
    "repository": "Repository",
    "commit": "Commit",
    "deployed_by": "By",
    "bot": "By a machine",
    "outcome": "Outcome",
    "change": "Change",
    "url": "Address",
}
_ALSO: dict[str, str] = {
    "id": "id", "deployment id": "id", "deployment": "id", "run id": "id", "run": "id", "external id": "id", "job id": "id",
    "deployed at": "deployed_at", "deployed utc": "deployed_at", "date": "deployed_at", "time": "deployed_at",
    "timestamp": "deployed_at", "created at": "deployed_at", "finished at": "deployed_at", "completed at": "deployed_at",
    "env": "environment", "target": "environment", "stage": "environment",
    "application": "service", "app": "service", "component": "service", "what": "service",
    "repo": "repository", "project": "repository",
    "sha": "commit", "commit sha": "commit", "commit hash": "commit", "revision": "commit", "ref": "commit", "git sha": "commit",
    "deployed by": "deployed_by", "actor": "deployed_by", "user": "deployed_by", "author": "deployed_by",
    "creator": "deployed_by",
    "is bot": "bot", "bot": "bot",
    "status": "outcome", "state": "outcome", "result": "outcome", "conclusion": "outcome",
    "change number": "change", "change id": "change", "ticket": "change",
    "url": "url", "link": "url", "run url": "url",
}  # fmt: skip
# What the outcome of a run is called elsewhere.
_OUTCOMES = {
    "success": "succeeded", "successful": "succeeded", "succeeded": "succeeded", "ok": "succeeded", "active": "succeeded",
    "inactive": "succeeded", "completed": "succeeded", "deployed": "succeeded",
    "failure": "failed", "failed": "failed", "error": "failed", "cancelled": "failed", "canceled": "failed",
    "rolled back": "rolled_back", "rollback": "rolled_back", "reverted": "rolled_back",
}  # fmt: skip


@dataclass(slots=True)
class Line:
    """One row of the file: `item` as it would be reported, or what is wrong with it."""

    number: int
    item: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    raw: str = ""


@dataclass(slots=True)
class Sheet:
    """A whole file."""

    lines: list[Line]
    columns: list[str]
    notices: list[str]


def read_sheet(file: IO[bytes], *, zone: str, dates: str = "", environment: str = "") -> Sheet:
    """Read a CSV or XLSX. Times without a zone are in `zone`; rows without environment are of `environment`.

    Raises ActionRefused when it is no list of deployments.
    """
    try:
        unquote = str if is_zip(cast("Any", file)) else unguarded
        file.seek(0)
        with open_table(cast("Any", file)) as table:
            fields = _fields(table.headers)
            _refuse_missing(fields, environment)
            reader = _Reader(fields, unquote, Moments(zone, dates), environment)
            lines = list(islice(reader.lines(without_trailer(table.rows)), MOST_ROWS + 1))
            notices = [one for one in table.notices if not one.startswith("The workbook has 2 sheets; only “List”")]
            notices += _about(table.headers, fields)
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} deployments come in one file.", field="file")
    return Sheet(lines, [name for name in COLUMNS if name in fields], notices)


def _fields(headers: list[str]) -> list[str]:
    known = {header_key(label): name for name, label in COLUMNS.items()}
    found = [known.get(key) or _ALSO.get(key, "") for key in map(header_key, headers)]
    return ["" if name in found[:position] else name for position, name in enumerate(found)]


def _refuse_missing(fields: list[str], environment: str) -> None:
    needed = ["deployed_at"] + ([] if environment else ["environment"])
    missing = [COLUMNS[name] for name in needed if name not in fields]
    if "commit" not in fields and "change" not in fields:
        missing.append(COLUMNS["commit"])
    if missing:
        raise ActionRefused(f"The file has no column {' and no column '.join(missing)}. Look at the sample file.", field="file")


def _about(headers: list[str], fields: list[str]) -> list[str]:
    left = ", ".join(printable(header, 40) for header, name in zip(headers, fields, strict=True) if not name)
    said = [f"Not taken over: {left}."] if left else []
    return said if "id" in fields else [*said, "It has no column with ids: each row is known by what it says."]


@dataclass(frozen=True, slots=True)
class _Reader:
    fields: list[str]
    unquote: Callable[[str], str]
    moments: Moments
    environment: str

    def lines(self, rows: Iterator[Any]) -> Iterator[Line]:
        """Each row that speaks of a deployment."""
        for row in rows:
            if isinstance(row, RowError):
                yield Line(row.row_number, errors=list(row.reasons), raw=row.raw)
                continue
            number, cells = row
            yield self._line(number, [self.unquote(cell).strip() for cell in cells])

    def _line(self, number: int, texts: list[str]) -> Line:
        line = Line(number, raw=printable(", ".join(filter(None, texts)), 200))
        said = {name: text for name, text in zip(self.fields, texts, strict=True) if name and text}
        for name, text in said.items():
            try:
                line.item[name] = self._value(name, text)
            except ValueError as error:
                line.errors.append(f"{COLUMNS[name]}: {error}")
        if self.environment:
            line.item.setdefault("environment", self.environment)
        if "deployed_at" not in said:
            line.errors.append(f"{COLUMNS['deployed_at']}: is missing.")
        if "id" not in self.fields and not line.errors:
            line.item["id"] = _id_of(line.item)
        return line

    def _value(self, name: str, text: str) -> Any:
        """What the cell says of a field. Raises ValueError with a sentence."""
        if name == "deployed_at":
            return self.moments.moment(text)
        if name == "bot":
            return yes_or_no(text)
        return _OUTCOMES.get(header_key(text), text) if name == "outcome" else text


def _id_of(item: dict[str, Any]) -> str:
    """An id out of what a row says: the same row again is the same deployment."""
    told = {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in item.items()}
    return f"row-{hashlib.sha256(canonical(told).encode()).hexdigest()[:32]}"
