"""Our own list of resources that hold data: a row for each, as CSV, XLSX or JSON."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, yes_or_no
from vulnerabilities.reading.json_values import inside, moment, prose, rows, text
from vulnerabilities.reading.report import Report
from vulnerabilities.reading.resources import PRODUCTION, Key, Kind, Resource

NAME = "Storage settings"
COLUMNS = {
    "resource": "Resource",
    "kind": "Kind",
    "environment": "Environment",
    "region": "Region",
    "encrypted": "Encrypted at rest",
    "key": "Key managed by",
    "retention": "Retention (days)",
    "backups": "Backups kept (days)",
    "note": "Note",
}
_ALSO = {
    "name": "resource", "id": "resource", "resource name": "resource", "type": "kind", "env": "environment",
    "stage": "environment",
    "location": "region", "encryption": "encrypted", "encryption at rest": "encrypted", "encrypted": "encrypted",
    "key management": "key", "key manager": "key", "retention": "retention", "retention in days": "retention",
    "retention days": "retention", "kept days": "retention", "backups": "backups", "backup retention": "backups",
    "backups kept": "backups", "backups kept in days": "backups", "backup days": "backups", "notes": "note", "comment": "note",
}  # fmt: skip
_KINDS = {
    "db": Kind.DATABASE, "sql": Kind.DATABASE, "cache": Kind.DATABASE, "bucket": Kind.OBJECTS, "s3": Kind.OBJECTS,
    "objects": Kind.OBJECTS, "blob": Kind.OBJECTS, "blob storage": Kind.OBJECTS, "disk": Kind.VOLUME, "file system": Kind.VOLUME,
    "file share": Kind.VOLUME, "backups": Kind.BACKUP, "snapshot": Kind.BACKUP, "log": Kind.LOGS, "logs": Kind.LOGS,
    "log group": Kind.LOGS, "topic": Kind.QUEUE, "stream": Kind.QUEUE,
}  # fmt: skip
_KEYS = {
    "aws": Key.PROVIDER,
    "cloud": Key.PROVIDER,
    "vendor": Key.PROVIDER,
    "us": Key.CUSTOMER,
    "we": Key.CUSTOMER,
    "own": Key.CUSTOMER,
    "ourselves": Key.CUSTOMER,
    "nobody": Key.NONE,
    "no": Key.NONE,
}
_PRODUCTION = frozenset({"prod", "prd", "production", "live"})
_FOREVER = frozenset({"unlimited", "forever", "never", "never expire", "never expires", "without end", "indefinite", "infinite"})
_UNKNOWN = frozenset({"", "unknown", "not known", "n a", "none told", "null"})
_DAYS = re.compile(r"(\d{1,6})(?:\.0+)?\s*(?:d|days?)?", re.IGNORECASE)
MOST_DAYS = 100_000


def environment_of(said: str) -> str:
    """As environments are compared: in lower case, production under one name, "" for what is not told."""
    word = " ".join(said.lower().split())[:60]
    return PRODUCTION if word in _PRODUCTION else "" if header_key(word) in _UNKNOWN else word


def read(data: Any, report: Report) -> Iterable[Resource]:
    """The resources of JSON: a list, or an object with `resources`, beside them `as_of` and `source`. Raises FormatError."""
    given = data.get("resources") if isinstance(data, dict) else data
    if not isinstance(given, list):
        raise FormatError(
            "This JSON is neither a list of resources nor what the AWS CLI prints of databases, volumes or log groups."
        )
    report.tool_name = NAME
    report.source = text(inside(data, "source"), 120)
    report.ran_at = moment(inside(data, "as_of"))
    if inside(data, "as_of") and report.ran_at is None:
        report.notes.append("Its “as_of” is no moment with the time and its offset, so it was not taken over.")
    reader = _Reader(report)
    for number, one in enumerate(rows(given), 1):
        yield from reader.of({_field(name): _word(value) for name, value in one.items()}, f"resource {number}")


def _word(value: object) -> str:
    """A value of JSON as a cell has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else prose(value, 2_000)


def read_table(content: bytes, report: Report) -> Iterator[Resource]:
    """The resources of a CSV or XLSX. Raises FormatError."""
    report.tool_name = NAME
    with open_table(io.BytesIO(content)) as table:
        names = [_field(header) for header in table.headers]
        if missing := [COLUMNS[name] for name in ("resource", "kind", "encrypted") if name not in names]:
            raise FormatError(f"The file has no column {' and no column '.join(missing)}. Look at the sample file.")
        reader = _Reader(report)
        for row in table.rows:
            if isinstance(row, RowError):
                report.refuse(f"Row {row.row_number} cannot be read: {' '.join(row.reasons)}"[:500])
                continue
            number, cells = row
            yield from reader.of(_cells(names, cells), f"row {number}")


def _cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """By field; of two columns for one, the first."""
    told: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        told.setdefault(name, cell)
    return told


def _field(header: str) -> str:
    key = header_key(header)
    return _LABELS.get(key) or _ALSO.get(key, "")


_LABELS = {header_key(label): name for name, label in COLUMNS.items()} | {header_key(name): name for name in COLUMNS}


class _Reader:
    """Reads one row after the other, and notes what it does not understand."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def of(self, told: dict[str, str], where: str) -> Iterator[Resource]:
        """The resource of a row; none where it has no name."""
        name = text(told.get("resource"), 200)
        if not name:
            self.report.refuse(f"{where[:1].upper()}{where[1:]} names no resource.")
            return
        days, forever = self._days(told, "retention", where)
        backups, _ = self._days(told, "backups", where)
        yield Resource(
            name=name,
            kind=self._choice(told, "kind", {**_KINDS, **_by_words(Kind)}, where),
            environment=environment_of(text(told.get("environment"), 60)),
            region=text(told.get("region"), 60),
            encrypted=self._encrypted(told, where),
            key=self._choice(told, "key", {**_KEYS, **_by_words(Key)}, where),
            kept_days=days,
            kept_forever=forever,
            backup_days=backups,
            note=text(told.get("note"), 500),
        )

    def _encrypted(self, told: dict[str, str], where: str) -> bool | None:
        said = told.get("encrypted", "")
        found = yes_or_no(said)
        if found is None and header_key(said) not in _UNKNOWN:
            self._odd(said, "encrypted", where)
        return found

    def _choice(self, told: dict[str, str], name: str, known: dict[str, Any], where: str) -> str:
        said = told.get(name, "")
        key = header_key(said)
        if key in known:
            return str(known[key].value)
        if key not in _UNKNOWN:
            self._odd(said, name, where)
        return ""

    def _days(self, told: dict[str, str], name: str, where: str) -> tuple[int | None, bool]:
        said = told.get(name, "").strip()
        if header_key(said) in _FOREVER:
            return None, True
        if (found := _DAYS.fullmatch(said)) and int(found[1]) <= MOST_DAYS:
            return int(found[1]), False
        if header_key(said) not in _UNKNOWN:
            self._odd(said, name, where)
        return None, False

    def _odd(self, said: str, name: str, where: str) -> None:
        if len(self.report.notes) < 10:
            self.report.notes.append(
                f"Not understood in {where}, and so not known: “{text(said, 60)}” as {COLUMNS[name].lower()}."
            )


def _by_words(choices: type[Kind] | type[Key]) -> dict[str, Any]:
    return {header_key(word): one for one in choices for word in (str(one.value), str(one.label))}


SAMPLE = """Resource,Kind,Environment,Encrypted at rest,Key managed by,Retention (days),Backups kept (days),Note
orders,database,production,yes,customer,unlimited,35,
orders-test,database,staging,yes,provider,unlimited,7,
customer-files,object storage,production,yes,customer,unlimited,30,
nightly-dumps,backup,production,yes,customer,35,,
audit-logs,log store,production,yes,provider,365,,kept in a place of its own
"""
