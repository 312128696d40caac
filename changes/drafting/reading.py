"""Reading a table of changes: which column means what, and what each row says of a draft."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Choices

from changes.drafting.fields import LinksField, WordsField
from changes.models import Change, Kind
from changes.rights import why_no_worker
from controls.catalogue.cells import unguarded
from controls.catalogue.drafts import one_line, tidy
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import email_key, header_key, printable
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from inventory.models import Person, System
from ui.moments import LocalMomentField
from ui.refusals import ActionRefused

MOST_ROWS = 1_000
COLUMNS: dict[str, str] = {
    "title": "Title",
    "type": "Type",
    "kind": "Kind",
    "priority": "Priority",
    "systems": "Systems",
    "description": "What will change",
    "impact": "Who notices, and how",
    "environments": "Environments",
    "window_from": "Planned from",
    "window_until": "Planned until",
    "implementer": "Implementer",
    "verifier": "Verifier",
    "rollback_plan": "How it is undone",
    "abort_criteria": "When it is stopped or undone",
    "test_plan": "How it is tested",
    "testing_evidence": "What the tests showed",
    "links": "Links",
}
_ALSO = {
    "change": "title", "summary": "title", "subject": "title", "name": "title", "short description": "title",
    "change type": "type", "category": "kind", "change kind": "kind", "description": "description", "details": "description",
    "affected systems": "systems", "system": "systems", "services": "systems", "configuration item": "systems",
    "impact": "impact", "environment": "environments", "planned start": "window_from", "start": "window_from",
    "planned": "window_from", "planned start date": "window_from", "planned end": "window_until", "end": "window_until",
    "planned end date": "window_until", "assigned to": "implementer", "assignee": "implementer", "owner": "implementer",
    "rollback plan": "rollback_plan", "backout plan": "rollback_plan", "rollback": "rollback_plan",
    "abort criteria": "abort_criteria", "test plan": "test_plan", "testing evidence": "testing_evidence",
    "test results": "testing_evidence", "link": "links", "url": "links", "urls": "links",
}  # fmt: skip
_TEXTS = {"description": 20_000} | dict.fromkeys(
    ("impact", "rollback_plan", "abort_criteria", "test_plan", "testing_evidence"), 10_000
)
_CHOICES: dict[str, type[Choices]] = {"type": Change.Type, "kind": Kind, "priority": Change.Priority}
_FIELDS = {
    "environments": WordsField(required=False),
    "links": LinksField(required=False),
    "window_from": LocalMomentField(required=False),
    "window_until": LocalMomentField(required=False, ends=True),
}


@dataclass(slots=True)
class Line:
    """One row: the facts of a draft, or what is wrong with it."""

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    raw: str = ""


@dataclass(slots=True)
class Sheet:
    """A whole file: its rows, and the names of columns that are passed over."""

    lines: list[Line]
    passed_over: list[str]

    @property
    def good(self) -> list[Line]:
        """Rows that a draft can be made of."""
        return [line for line in self.lines if not line.errors]

    @property
    def wrong(self) -> list[Line]:
        """The others."""
        return [line for line in self.lines if line.errors]


@dataclass(slots=True)
class _Names:
    """What names in the file mean here."""

    systems: dict[str, System]
    people: dict[str, Person | None]  # None where several are called so


def read_changes(file: IO[bytes]) -> Sheet:
    """Read a CSV or XLSX, in two queries. Raises ActionRefused when it is no table with a title in it."""
    try:
        unquote = str if is_zip(cast("Any", file)) else unguarded
        file.seek(0)
        with open_table(cast("Any", file)) as table:
            fields = [_field(header) for header in table.headers]
            if "title" not in fields:
                raise ActionRefused("The file has no column Title. Look at the sample file.", field="file")
            lines = list(islice(_lines(without_trailer(table.rows), fields, unquote, _names()), MOST_ROWS + 1))
            over = [printable(header, 40) for header, name in zip(table.headers, fields, strict=True) if not name]
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(lines) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} changes come in one file.", field="file")
    return Sheet(lines, over)


def _field(header: str) -> str:
    key = header_key(header)
    known = {header_key(label): name for name, label in COLUMNS.items()}
    return known.get(key) or _ALSO.get(key, "")


def _names() -> _Names:
    systems = {one.name.casefold(): one for one in System.objects.filter(status=System.Status.ACTIVE)}
    people: dict[str, Person | None] = {}
    for person in Person.objects.exclude(status=Person.Status.LEFT).select_related("member"):
        for key in {person.name.casefold(), person.email_key} - {""}:
            people[key] = None if key in people else person
    return _Names(systems, people)


def _lines(rows: Iterator[Any], fields: list[str], unquote: Callable[[str], str], names: _Names) -> Iterator[Line]:
    for row in rows:
        if isinstance(row, RowError):
            yield Line(row.row_number, errors=list(row.reasons), raw=row.raw)
            continue
        number, cells = row
        texts = [tidy(unquote(cell)) for cell in cells]
        line = Line(number, raw=printable(", ".join(filter(None, texts)), 200))
        for name, text in zip(fields, texts, strict=True):
            if name and text:
                _take(line, name, text, names)
        _check(line)
        yield line


def _take(line: Line, name: str, text: str, names: _Names) -> None:
    try:
        line.facts[name] = _read(name, text, names)
    except ValidationError as error:
        line.errors.append(f"{COLUMNS[name]}: {' '.join(error.messages)}")
    except ValueError as error:
        line.errors.append(f"{COLUMNS[name]}: {error}")


def _read(name: str, text: str, names: _Names) -> Any:
    if name in _CHOICES:
        return _choice(_CHOICES[name], text)
    if name == "systems":
        return [_system(one.strip(), names) for one in text.replace(";", "\n").split("\n") if one.strip()]
    if name in {"implementer", "verifier"}:
        return _person(text, names)
    if name in _FIELDS:
        return _FIELDS[name].clean(text.replace(";", ",") if name == "environments" else text)
    if len(text) > _TEXTS.get(name, 200):
        raise ValueError(f"has more than {_TEXTS.get(name, 200):,} characters.")
    return one_line(text) if name == "title" else text


def _choice(choices: type[Choices], text: str) -> str:
    wanted = text.casefold()
    for value, label in choices.choices:
        if wanted in {str(value).casefold(), str(label).casefold()}:
            return str(value)
    raise ValueError(f"“{printable(text, 40)}” is none of {', '.join(str(label) for label in choices.labels)}.")


def _system(text: str, names: _Names) -> System:
    if (found := names.systems.get(text.casefold())) is None:
        raise ValueError(f"There is no system {printable(text, 60)}.")
    return found


def _person(text: str, names: _Names) -> Person:
    key = email_key(text) or text.casefold()
    if (found := names.people.get(key, names.people.get(text.casefold()))) is None:
        raise ValueError(f"Nobody who works here, or more than one, is called {printable(text, 60)}.")
    if refusal := why_no_worker(found):
        raise ValueError(refusal)
    return found


def _check(line: Line) -> None:
    facts = line.facts
    if not facts.get("title") and not any(one.startswith("Title") for one in line.errors):
        line.errors.append("It has no title.")
    if facts.get("type") == Change.Type.STANDARD:
        line.errors.append("A standard change is begun from its template, not by a file.")
    start, end = facts.get("window_from"), facts.get("window_until")
    if start and end and end <= start:
        line.errors.append("The window ends before it begins.")
