"""Reading a snapshot's files for its preview. The files are read outside of any transaction."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.formats import number_format
from psycopg.types.json import Jsonb

from audit.actions import action
from audit.actors import Actor
from evidence.files import open_file, verify
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from inventory.formats.generic import read_generic
from inventory.formats.mapping import Mapping
from inventory.formats.registry import read
from inventory.formats.rows import EntitlementRow, ReadResult
from inventory.models import RejectedRow, Snapshot, SnapshotFile
from inventory.models.population import LastUsed
from inventory.snapshots.completeness import judge
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from ui.values import spelled

GENERIC = "generic"
TABLE = "table"
SAMPLE_ROWS = 20
SAMPLE_COLUMNS = ("row_number", "account_name", "display_name", "email", "role", "resource", "privileged", "account_state")
NOTICES_KEPT = 50
STEP = 1000
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Preview:
    """What one reading found."""

    counts: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    sample: list[dict[str, Any]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def opened(
    snapshot: Snapshot, files: Sequence[SnapshotFile], zone: str
) -> Iterator[tuple[ReadResult[EntitlementRow], list[BinaryIO]]]:
    """The rows of a snapshot's files and the open files; raises ActionRefused with the reader's sentence."""
    with ExitStack() as stack:
        sources = {file.part: stack.enter_context(open_file(file.file)) for file in files}
        try:
            if snapshot.source_format == GENERIC:
                table = stack.enter_context(open_table(sources[TABLE]))
                result = read_generic(table, Mapping.from_dict(snapshot.mapping), zone=zone)
            else:
                result = read(snapshot.source_format, sources, zone=zone)
            yield stack.enter_context(result), list(sources.values())
        except FormatError as error:
            raise ActionRefused(str(error)) from error


def look(snapshot: Snapshot, files: Sequence[SnapshotFile], zone: str, progress: Progress) -> Preview:
    """Read everything once; keeps the first rows and all errors. Raises ActionRefused."""
    for file in files:
        if not verify(file.file):
            raise ActionRefused(f"The stored file “{file.name}” does not match its hash. Upload it again.")
    total = sum(file.file.size for file in files)
    preview = Preview()
    with opened(snapshot, files, zone) as (result, sources):
        for number, row in enumerate(result):
            if isinstance(row, RowError):
                preview.errors.append(row)
            elif len(preview.sample) < SAMPLE_ROWS:
                preview.sample.append(_shown(row, zone))
            if number % STEP == 0:
                progress(min(sum(_position(source) for source in sources), total), total)
        _sum_up(preview, result)
    return preview


def _shown(row: EntitlementRow, zone: str) -> dict[str, Any]:
    used = row.last_used_at
    shown = {name: getattr(row, name) for name in SAMPLE_COLUMNS}
    shown["last_used"] = spelled(used.astimezone(ZoneInfo(zone))) if used else str(LastUsed(row.last_used_state).label)
    return {key: value[:200] if isinstance(value, str) else value for key, value in shown.items()}


def _position(source: BinaryIO) -> int:
    return 0 if source.closed else source.tell()


def _sum_up(preview: Preview, result: ReadResult[EntitlementRow]) -> None:
    preview.counts = {
        "rows_read": result.read,
        "rows_accepted": result.accepted,
        "rows_rejected": result.rejected,
        "rows_duplicate": result.duplicates,
        "account_count": result.accounts,
    }
    preview.records = dict(result.records)
    preview.notices = [*result.notices[:NOTICES_KEPT], *_duplicate_notice(result)]
    preview.facts = {"identified_by": result.identified_by[:255]}
    if result.as_of is not None:
        preview.facts |= {"as_of": result.as_of, "as_of_basis": Snapshot.AsOfBasis.FILE}
        if result.as_of > now():
            raise ActionRefused("The file says that it was made in the future. Check the clock of the source.")


def _duplicate_notice(result: ReadResult[EntitlementRow]) -> list[str]:
    if not result.duplicates:
        return []
    many = f"{number_format(result.duplicates, force_grouping=True)} rows repeat" if result.duplicates > 1 else "1 row repeats"
    rows = ", ".join(str(one.row_number) for one in itertools.islice(result.duplicate_rows, 10))
    sentence = f"{many} an earlier one and {'are' if result.duplicates > 1 else 'is'} left out (row {rows})."
    differing = f" {result.differing} of them differ in other columns; the first one is kept." if result.differing else ""
    return [sentence + differing]


@action
def keep_preview(snapshot: Snapshot, preview: Preview, *, actor: Actor) -> None:
    """Store what was read: counts, the first rows, the rejected rows; the snapshot is ready to import."""
    files = list(SnapshotFile.objects.filter(snapshot=snapshot))
    for file in files:
        SnapshotFile.objects.filter(pk=file.pk).update(rows=preview.records.get(file.part, 0))
    RejectedRow.objects.filter(snapshot=snapshot).delete()
    _keep_rejected(snapshot, preview.errors)
    # Not part of the event: they may be larger than an event holds, and the files say the same.
    Snapshot.objects.filter(pk=snapshot.pk).update(sample=preview.sample, notices=preview.notices)
    facts = {**preview.counts, **preview.facts, "shrink_confirmed_by": None, "shrink_reason": ""}
    for name, value in facts.items():
        setattr(snapshot, name, value)
    Snapshot.PREVIEW.apply(snapshot, actor=actor, **facts, incomplete_reasons=judge(snapshot).reasons(snapshot))


def _keep_rejected(snapshot: Snapshot, errors: Sequence[RowError]) -> None:
    if not errors:
        return
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE rejected_incoming (part text, row_number int, raw text, reasons jsonb) ON COMMIT DROP"
        )
        with cursor.copy("COPY rejected_incoming FROM STDIN") as copy:
            for error in errors:
                copy.write_row((error.part, error.row_number, error.raw, Jsonb(error.reasons)))
        cursor.execute(
            "INSERT INTO inventory_rejectedrow (id, tenant_id, snapshot_id, part, row_number, raw, reasons)"
            " SELECT uuid_v7(), %s, %s, part, row_number, raw, reasons FROM rejected_incoming",
            [tenant_id, snapshot.pk],
        )
        cursor.execute("DROP TABLE rejected_incoming")
