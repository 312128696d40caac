"""Our own list of resources that hold data: a row for each, as CSV, XLSX or JSON."""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key, yes_or_no
from vulnerabilities.reading.json_values import inside, moment, text
from vulnerabilities.reading.report import Report, listed
from vulnerabilities.reading.resources import PRODUCTION, PRODUCTION_WORDS, Key, Kind, Resource

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
    "name": "resource", "id": "resource", "resource name": "resource", "resource id": "resource", "identifier": "resource",
    "type": "kind", "resource type": "kind", "env": "environment", "stage": "environment",
    "location": "region", "encryption": "encrypted", "encryption at rest": "encrypted", "encrypted": "encrypted",
    "storage encrypted": "encrypted", "key management": "key", "key manager": "key", "retention": "retention",
    "retention in days": "retention", "retention days": "retention", "retention period": "retention", "kept days": "retention",
    "log retention": "retention", "log retention days": "retention", "backups": "backups", "backup retention": "backups",
    "backup retention days": "backups", "backup retention period": "backups", "backups kept": "backups",
    "backups kept in days": "backups", "backup days": "backups", "notes": "note", "comment": "note",
}  # fmt: skip
_KINDS = {
    "db": Kind.DATABASE, "sql": Kind.DATABASE, "cache": Kind.DATABASE, "rds": Kind.DATABASE, "rds instance": Kind.DATABASE,
    "aurora": Kind.DATABASE, "postgres": Kind.DATABASE, "postgresql": Kind.DATABASE, "mysql": Kind.DATABASE,
    "mariadb": Kind.DATABASE, "sql server": Kind.DATABASE, "oracle": Kind.DATABASE, "mongodb": Kind.DATABASE,
    "dynamodb": Kind.DATABASE, "dynamodb table": Kind.DATABASE, "redis": Kind.DATABASE, "valkey": Kind.DATABASE,
    "bucket": Kind.OBJECTS, "s3": Kind.OBJECTS, "s3 bucket": Kind.OBJECTS, "gcs bucket": Kind.OBJECTS, "objects": Kind.OBJECTS,
    "object store": Kind.OBJECTS, "blob": Kind.OBJECTS, "blob storage": Kind.OBJECTS, "disk": Kind.VOLUME, "ebs": Kind.VOLUME,
    "ebs volume": Kind.VOLUME, "efs": Kind.VOLUME, "persistent disk": Kind.VOLUME, "file system": Kind.VOLUME,
    "file share": Kind.VOLUME, "backups": Kind.BACKUP, "snapshot": Kind.BACKUP, "log": Kind.LOGS, "logs": Kind.LOGS,
    "log group": Kind.LOGS, "cloudwatch log group": Kind.LOGS, "log bucket": Kind.LOGS, "topic": Kind.QUEUE,
    "stream": Kind.QUEUE, "sqs": Kind.QUEUE, "sqs queue": Kind.QUEUE, "sns topic": Kind.QUEUE,
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
_PARTING = re.compile(r"[,()]")
_FOREVER = frozenset({"unlimited", "forever", "never", "never expire", "never expires", "without end", "indefinite", "infinite"})
_UNKNOWN = frozenset({"", "unknown", "not known", "n a", "none told", "null"})
_ENCRYPTED = frozenset({"aes 256", "aes256", "kms", "aws kms", "sse kms", "sse s3", "cmk", "cmek", "encrypted"})
_NOT_ENCRYPTED = frozenset({"unencrypted", "not encrypted"})
_DAYS = re.compile(r"(\d{1,6})(?:\.0+)?\s*(d|days?|weeks?|months?|years?)?", re.IGNORECASE)
_LENGTHS = {"w": 7, "m": 30, "y": 365}  # days; a month has 30
_NAMES = frozenset({"resource", "region", "note", ""})  # fields of which several columns may tell, each something else
MOST_DAYS = 100_000
MOST_RESOURCES = 5_000
LONGEST_NAME, MOST_CHARACTERS = 200, 10_000  # of a name as it is kept; of any cell
TOO_MANY = f"At most {MOST_RESOURCES:,} resources come in one file: make several scopes of them."


def environment_of(said: str) -> str:
    """As environments are compared: in lower case, production under one name, "" for what is not told."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", said) if unicodedata.category(c) != "Cf")  # what nobody sees
    word = place_of(text(plain, 60).lower())
    return PRODUCTION if word in PRODUCTION_WORDS else "" if header_key(word) in _UNKNOWN else word


def place_of(said: str) -> str:
    """An environment or region as a label has it: without the signs that part one from the other there."""
    return " ".join(_PARTING.sub(" ", said).split())[:60]


def name_of(said: object) -> str:
    """The name of a resource; of a long one its beginning and a digest, so that no two with the same beginning are one."""
    name = text(said, MOST_CHARACTERS)
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 15]}… {hashlib.sha256(name.encode()).hexdigest()[:12]}"


def read(data: Any, report: Report) -> Iterable[Resource]:
    """The resources of JSON: a list, or an object with `resources`, beside them `as_of` and `source`. Raises FormatError."""
    given = data.get("resources") if isinstance(data, dict) else data
    if not isinstance(given, list):
        raise FormatError(
            "This JSON is neither a list of resources nor what the AWS CLI prints of databases, clusters, volumes, log groups or "
            f"buckets{_instead(data)}."
        )
    report.tool_name = NAME
    report.source = text(inside(data, "source"), 120)
    report.ran_at = moment(inside(data, "as_of"))
    if inside(data, "as_of") and report.ran_at is None:
        report.notes.append("Its “as_of” is no moment with the time and its offset, so it was not taken over.")
    reader = _Reader(report)
    for number, one in enumerate(given, 1):
        if isinstance(one, dict):
            yield from reader.of([(_field(name), _word(value)) for name, value in one.items()], f"resource {number}")
        else:
            report.refuse(f"Resource {number} is no object, so it was not read.")


def _instead(data: Any) -> str:
    """What stands in it: the names on top."""
    return f": it holds {listed([text(name) for name in data])}" if isinstance(data, dict) and data else ""


def _word(value: object) -> str:
    """A value of JSON as a cell has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return value[:MOST_CHARACTERS] if isinstance(value, str) else ""


def read_table(content: bytes, report: Report) -> Iterator[Resource]:
    """The resources of a CSV or XLSX. Raises FormatError."""
    report.tool_name = NAME
    with open_table(io.BytesIO(content)) as table:
        names = [_field(header) for header in table.headers]
        if missing := [COLUMNS[name] for name in ("resource", "kind", "encrypted") if name not in names]:
            raise FormatError(f"The file has no column {' and no column '.join(missing)}. Look at the sample file.")
        if others := [text(header) for header, name in zip(table.headers, names, strict=True) if header.strip() and not name]:
            report.notes.append(f"Not read, as no setting is known by {_these(others)}: {listed(others)}."[:500])
        reader = _Reader(report)
        for row in table.rows:
            if isinstance(row, RowError):
                report.refuse(f"Row {row.row_number} cannot be read: {' '.join(row.reasons)}"[:500])
                continue
            number, cells = row
            yield from reader.of(list(zip(names, cells, strict=False)), f"row {number}")


def _these(names: Sequence[str]) -> str:
    return "this name" if len(names) == 1 else "these names"


def _field(header: str) -> str:
    key = header_key(header)
    return _LABELS.get(key) or _ALSO.get(key, "")


_LABELS = {header_key(label): name for name, label in COLUMNS.items()} | {header_key(name): name for name in COLUMNS}


class _Reader:
    """Reads one row after the other, and notes what it does not understand."""

    def __init__(self, report: Report) -> None:
        self.report, self.rows = report, 0

    def of(self, cells: Sequence[tuple[str, str]], where: str) -> Iterator[Resource]:
        """The resource of a row, of fields with what is told; none where it has no name. Raises FormatError after too many."""
        self.rows += 1
        if self.rows > MOST_RESOURCES:
            raise FormatError(TOO_MANY)
        told = self._fields(cells, where)
        name = name_of(told.get("resource"))
        if not name:
            self.report.refuse(f"{where[:1].upper()}{where[1:]} names no resource.")
            return
        days, forever = self._days(told, "retention", where)
        backups, backed_up_forever = self._days(told, "backups", where)
        yield Resource(
            name=name,
            kind=self._choice(told, "kind", {**_KINDS, **_by_words(Kind)}, where),
            environment=environment_of(told.get("environment", "")),
            region=place_of(text(told.get("region"), 60)),
            encrypted=self._encrypted(told, where),
            key=self._choice(told, "key", {**_KEYS, **_by_words(Key)}, where),
            kept_days=days,
            kept_forever=forever,
            backup_days=backups,
            backed_up_forever=backed_up_forever,
            note=text(told.get("note"), 500),
        )

    def _fields(self, cells: Sequence[tuple[str, str]], where: str) -> dict[str, str]:
        """By field. Of several columns for one the first that tells something; where they differ, it is not known."""
        told: dict[str, str] = {}
        differing = set()
        for name, cell in cells:
            if told.setdefault(name, cell).strip() == "":
                told[name] = cell
            elif cell.strip() and name not in _NAMES and header_key(cell) != header_key(told[name]):
                differing.add(name)
        for name in sorted(differing):
            told[name] = ""
            self._note(f"Told twice in {where}, and not the same, so not known: {COLUMNS[name].lower()}.")
        return told

    def _encrypted(self, told: dict[str, str], where: str) -> bool | None:
        said = told.get("encrypted", "")
        key = header_key(said)
        found = True if key in _ENCRYPTED else False if key in _NOT_ENCRYPTED else yes_or_no(said)
        if found is None and key not in _UNKNOWN:
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
        if (found := _DAYS.fullmatch(said)) and (
            days := int(found[1]) * _LENGTHS.get((found[2] or "d")[0].lower(), 1)
        ) <= MOST_DAYS:
            return days, False
        if header_key(said) not in _UNKNOWN:
            self._odd(said, name, where)
        return None, False

    def _odd(self, said: str, name: str, where: str) -> None:
        self._note(f"Not understood in {where}, and so not known: “{text(said, 60)}” as {COLUMNS[name].lower()}.")

    def _note(self, sentence: str) -> None:
        if len(self.report.notes) < 10:
            self.report.notes.append(sentence)


def _by_words(choices: type[Kind] | type[Key]) -> dict[str, Any]:
    return {header_key(word): one for one in choices for word in (str(one.value), str(one.label))}


SAMPLE = """Resource,Kind,Environment,Encrypted at rest,Key managed by,Retention (days),Backups kept (days),Note
orders,database,production,yes,customer,unlimited,35,
orders-test,database,staging,yes,provider,unlimited,7,
customer-files,object storage,production,yes,customer,unlimited,30,
nightly-dumps,backup,production,yes,customer,35,,
audit-logs,log store,production,yes,provider,365,,kept in a place of its own
"""
