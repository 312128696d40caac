"""A register out as CSV or a workbook, and in again."""

import csv
import io
from itertools import islice
from typing import IO, Any, cast

from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from controls.catalogue.cells import guarded, unguarded
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key
from evidence.tables.trailer import without_trailer
from evidence.tables.workbooks import is_zip
from privacy.models import RetentionSchedule
from privacy.registers.tables import Register
from privacy.rights import WRITE
from privacy.writing import authorise, check
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens.export import CELL_LIMIT, FORMATS, Export, Notes
from workflow.changes import shown
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken

MOST_ROWS = 5000
MOST_ERRORS = 10


def write_register(register: Register, kind: str, notes: Notes) -> Export:
    """Write all of it as `csv` or `xlsx`. Raises ActionRefused when a text is too long for a cell of a workbook."""
    rows = register.written()
    if kind == "csv":
        rows = [[guarded(cell) for cell in row] for row in rows]
    elif any(len(cell) > CELL_LIMIT for row in rows for cell in row):
        raise ActionRefused("A cell of a workbook cannot hold the longest of these texts. Take it as CSV.")
    return FORMATS[kind].write([cell.heading for cell in register.columns], rows, notes, ())


@action
def read_register(register: Register, file: IO[bytes], *, actor: Actor) -> tuple[int, int, int]:
    """Take a table in: how many rows were added, how many changed, how many were as they are.

    All of it or nothing. Raises ActionRefused with what is wrong, by row.
    """
    authorise(actor, WRITE)
    added: list[Entry] = []
    changed: list[Entry] = []
    same, errors = 0, []
    for row, said in _rows(register, file):
        try:
            entry, is_new = _take(register, _values(register, said))
        except (ValueError, ActionRefused) as error:
            errors.append(f"Row {row}: {error}")
            continue
        same += entry is None
        if entry is not None:
            (added if is_new else changed).append(entry)
    if errors:
        more = f" And {len(errors) - MOST_ERRORS:,} more rows are wrong." if len(errors) > MOST_ERRORS else ""
        raise ActionRefused(f"Nothing was taken. {' '.join(errors[:MOST_ERRORS])}{more}", field="file")
    if not added and not changed:
        raise ActionRefused("Everything in this file is here already: nothing was changed.", field="file")
    record_many(f"{register.verb}.create", actor=actor, entries=added)
    record_many(f"{register.verb}.edit", actor=actor, entries=changed)
    return len(added), len(changed), same


def _rows(register: Register, file: IO[bytes]) -> list[tuple[int, dict[str, str]]]:
    """Number and cells by field of each row. Raises ActionRefused when it is no such table."""
    try:
        is_workbook = is_zip(cast("Any", file))
        unquote = str if is_workbook else unguarded
        with open_table(cast("Any", file), delimiter="" if is_workbook else _delimiter(register, file)) as table:
            fields = _fields(register, table.headers)
            found = list(islice(without_trailer(table.rows), MOST_ROWS + 1))
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(found) > MOST_ROWS:
        raise ActionRefused(f"At most {MOST_ROWS:,} rows come in one file.", field="file")
    rows = []
    for one in found:
        if isinstance(one, RowError):
            raise ActionRefused(f"Row {one.row_number}: {' '.join(one.reasons)}", field="file")
        rows.append((one[0], {name: unquote(cell) for name, cell in zip(fields, one[1], strict=True) if name}))
    return rows


def _delimiter(register: Register, file: IO[bytes]) -> str:
    """A comma where the first row then has the columns that tell rows apart; else the reader finds it out."""
    file.seek(0)
    start = file.read(16_384).decode("utf-8-sig", errors="replace")
    file.seek(0)
    try:
        header = {header_key(cell) for cell in next(csv.reader(io.StringIO(start, newline="")), [])}
    except csv.Error:
        return ""
    own = {header_key(cell.heading) for cell in register.columns if cell.name in register.same}
    return "," if own <= header and len(header) > 1 else ""


def _fields(register: Register, headers: list[str]) -> list[str]:
    known = {header_key(cell.heading): cell.name for cell in register.columns}
    fields = [known.get(header_key(header), "") for header in headers]
    if missing := [cell.heading for cell in register.columns if cell.name not in fields and cell.name in register.same]:
        raise ActionRefused(f"The file has no column {', '.join(missing)}.", field="file")
    return fields


def _values(register: Register, said: dict[str, str]) -> dict[str, Any]:
    """What a row says, by field. Raises ValueError."""
    return {cell.name: cell.read(said[cell.name].replace("\r\n", "\n")) for cell in register.columns if cell.name in said}


def _take(register: Register, values: dict[str, Any]) -> tuple[Entry | None, bool]:
    """Add or change one row: its event, and whether it is new; no event where it is as it was. Raises ActionRefused."""
    draws = register.same == ("reference",) and not values["reference"]
    rows = register.model.objects.select_for_update(of=("self",))
    known = None if draws else rows.filter(**{name: values[name] for name in register.same}).first()
    if draws:
        values["reference"] = new_reference()
    one = known or register.model(**values, **({"made_at": now()} if register.key == "schedule" else {}))
    before = {name: getattr(one, name) for name in values} if known else {}
    differing = {name for name, value in values.items() if known is None or before[name] != value}
    if not differing:
        return None, False
    if known is not None and register.key == "consent" and differing & {"status", "withdrawn_at"}:
        raise ActionRefused("This consent is here: withdraw it on its page, and nobody gives back one that was withdrawn.")
    for name in differing:
        setattr(one, name, values[name])
    check(one)
    with refusing_taken(register.model):
        if known is None:
            one.save(force_insert=True)
        else:
            one.save(update_fields=sorted(differing))
    said = sorted(differing - register.hidden)
    return Entry(
        one._meta.label_lower,
        one.pk,
        str(one),
        before={name: shown(before[name]) for name in said} if known else None,
        after={name: shown(getattr(one, name)) for name in said},
    ), known is None


def new_reference() -> str:
    """A number for a schedule that none has: an import may have brought some along."""
    reference = next_reference("RET", f"{now():%Y}")
    while RetentionSchedule.objects.filter(reference=reference).exists():
        reference = next_reference("RET", f"{now():%Y}")
    return reference
