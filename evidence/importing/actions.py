"""An import, step by step: read and previewed, started, done row by row, finished."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from evidence.actions import add_evidence
from evidence.files import open_file, store
from evidence.importing.archives import Found, Shelf, normal, shelf_of
from evidence.importing.columns import Reader, columns_of, from_stored
from evidence.importing.linkers import follow_links
from evidence.models import Evidence, EvidenceImport, ImportFile, ImportRow, StoredFile
from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments
from evidence.tables.reading import Table, open_table
from evidence.tables.rows import RowError
from tenancy.models import Organization
from ui.refusals import ActionRefused
from workflow.models import Job

MOST_ROWS = 5000
NAMED = 10


@action
def begin_import(
    *,
    actor: Member,
    manifest: "UploadedFile[Any]",
    uploads: Sequence["UploadedFile[Any]"],
    source: str,
    date_order: str = "",
) -> EvidenceImport:
    """Keep the list and its files, and say of each row what it would become. Raises ActionRefused."""
    stored = store(manifest, manifest.name or "list.csv")
    made = EvidenceImport(manifest=stored, name=stored.name, created_by=actor)
    files = [(upload.name or "file", store(upload, upload.name or "file")) for upload in uploads]
    reader = Reader({}, Moments(actor.organization.zone, date_order), source)
    try:
        with open_file(stored) as opened, open_table(opened, name=made.name) as table, shelf_of(files) as shelf:
            rows = _read(table, reader, shelf)
            made.headers = table.headers
            made.notices = [*table.notices, *_unused(table.headers), *_unnamed(rows, shelf)]
    except FormatError as error:
        raise ActionRefused(str(error), field="manifest") from error
    made.save(force_insert=True)
    ImportFile.objects.bulk_create(ImportFile(of=made, file=file, name=name[:255]) for name, file in files)
    for row in rows:
        row.of = made
    ImportRow.objects.bulk_create(rows, batch_size=500)
    wrong = sum(bool(row.reasons) for row in rows)
    after = {"list": made.name, "rows": len(rows), "wrong": wrong, "sha256": stored.sha256}
    record("evidence_import.begin", made, actor=actor, after=after, metadata={"files": len(files)})
    return made


def _read(table: Table, reader: Reader, shelf: Shelf) -> list[ImportRow]:
    reader.columns = columns_of(table.headers)
    if "file" not in reader.columns:
        raise ActionRefused("The list has no column “File”, which says what each row is about.", field="manifest")
    rows: list[ImportRow] = []
    first: dict[str, int] = {}
    for one in table.rows:
        if len(rows) == MOST_ROWS:
            raise ActionRefused(f"The list has more than {MOST_ROWS:,} rows. Divide it.", field="manifest")
        rows.append(_row(one, reader, shelf, first))
    if not rows:
        raise ActionRefused("The list has no rows below its header.", field="manifest")
    return rows


def _row(one: tuple[int, list[str]] | RowError, reader: Reader, shelf: Shelf, first: dict[str, int]) -> ImportRow:
    if isinstance(one, RowError):
        return ImportRow(number=one.row_number, name="", cells=[one.raw], reasons=one.reasons)
    number, cells = one
    facts, reasons = reader.read(cells)
    name = str(facts.get("file", ""))
    if name:
        found, reason = shelf.find(name)
        reasons += [reason] if found is None else []
        earlier = first.setdefault(normal(name), number)
        if earlier != number:
            reasons.append(f"Row {earlier} names this file already.")
    return ImportRow(number=number, name=name[:500], cells=cells, facts=facts, reasons=reasons)


def _unused(headers: list[str]) -> list[str]:
    used = set(columns_of(headers).values())
    unused = [header for position, header in enumerate(headers) if position not in used]
    return [f"These columns are not used: {', '.join(unused[:NAMED])}."] if unused else []


def _unnamed(rows: list[ImportRow], shelf: Shelf) -> list[str]:
    named = {normal(row.name) for row in rows}
    bare = {name.rpartition("/")[2] for name in named}
    left = sorted(path for path in shelf.names() if path not in named and path.rpartition("/")[2] not in bare)
    if not left:
        return []
    more = f" and {len(left) - NAMED:,} more" if len(left) > NAMED else ""
    return [f"No row names these files, so they are not imported: {', '.join(left[:NAMED])}{more}."]


@action
def discard_import(made: EvidenceImport, *, actor: Actor) -> None:
    """Leave it."""
    EvidenceImport.DISCARD.apply(made, actor=actor)


def open_rows(made: EvidenceImport) -> Iterator[ImportRow]:
    """The rows still to be done: neither wrong, nor refused, nor done."""
    rows = ImportRow.objects.filter(of=made, reasons=[], refused="", evidence=None)
    yield from rows.order_by("number")


def files_of(made: EvidenceImport) -> list[tuple[str, StoredFile]]:
    """What came with the list."""
    return [(one.name, one.file) for one in ImportFile.objects.filter(of=made).select_related("file")]


def do_row(row: ImportRow, shelf: Shelf, *, actor: Member) -> None:
    """Make an item of a row that nobody has done meanwhile, with its links; all of it or nothing. Raises ActionRefused."""
    locked = ImportRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.evidence_id or locked.refused:
        return
    found, reason = shelf.find(row.name)
    if found is None:
        raise ActionRefused(reason)
    locked.evidence = _keep(found, locked, actor)
    locked.save(update_fields=["evidence"])


def _keep(found: Found, row: ImportRow, actor: Member) -> Evidence:
    name = row.name.replace("\\", "/").rpartition("/")[2]
    with found.open() as file:
        stored = store(file, name)
    twin = Evidence.objects.filter(file=stored, status=Evidence.Status.CURRENT).first()
    if twin is not None:
        raise ActionRefused(f"The same bytes are evidence already: {twin.reference} {twin.title}.")
    given = from_stored(row.facts)
    given["title"] = given["title"] or name.rpartition(".")[0] or name
    item = add_evidence(file=stored, collector=actor.name, method=Evidence.Method.MANUAL, actor=actor, **given)
    follow_links(item, row.facts["controls"], actor)
    return item


def refuse_row(row: ImportRow, sentence: str) -> None:
    """Keep why a row came to nothing."""
    ImportRow.objects.filter(pk=row.pk, evidence=None).update(refused=sentence)


def counts_of(made: EvidenceImport) -> dict[str, int]:
    """How many rows became items, were refused, or are wrong."""
    rows = list(ImportRow.objects.filter(of=made).values_list("evidence", "refused", "reasons"))
    kept = sum(evidence is not None for evidence, _, _ in rows)
    refused = sum(bool(refused) for _, refused, _ in rows)
    wrong = sum(bool(reasons) for _, _, reasons in rows)
    ready = len(rows) - kept - refused - wrong
    return {"rows": len(rows), "ready": ready, "kept": kept, "refused": refused, "wrong": wrong}


@action
def finish_import(made: EvidenceImport, *, actor: Actor) -> dict[str, int]:
    """Say that every row is done; returns the counts."""
    counts = counts_of(made)
    EvidenceImport.FINISH.apply(made, actor=actor, metadata=counts)
    return counts


@action
def give_back(made: EvidenceImport, *, actor: Actor) -> None:
    """Make an import whose work came to an end in the middle ready to go on."""
    EvidenceImport.RETURN.apply(made, actor=actor, note="The work was not finished.")


def recover_imports(_organization: Organization, _at: dt.datetime) -> None:
    """Periodically: what nobody works on any more can be started again; what is done stays done."""
    for made in EvidenceImport.objects.filter(status="applying").select_for_update(of=("self",), skip_locked=True):
        job = Job.objects.filter(subject_id=made.pk).order_by("-created_at").first()
        if job is None or job.is_over:
            give_back(made, actor=SCHEDULE)
