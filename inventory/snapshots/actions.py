"""Preparing, reading, importing and discarding a population: what people do. The worker's side is in inventory.tasks."""

import uuid
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingType
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.files import store
from evidence.models import StoredFile
from inventory.formats.mapping import Mapping, fingerprint, validate
from inventory.models import ImportMapping, Snapshot, SnapshotFile, System
from inventory.snapshots.completeness import Verdict, judge
from inventory.snapshots.reading import GENERIC
from inventory.snapshots.recognising import Recognised, recognise_uploads
from inventory.snapshots.recounts import changes_with
from inventory.tasks import load_snapshot, read_snapshot
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from workflow.jobs import start_job
from workflow.models import Job

ANSWERS = (
    "as_of",
    "extracted_by",
    "query",
    "filters",
    "full_export",
    "stated_count",
    "stated_count_unit",
)
PREPARING = frozenset({Snapshot.Status.DRAFT, Snapshot.Status.READY})


@action
def create_snapshot(
    *,
    key: uuid.UUID,
    system: System,
    uploads: Sequence["UploadedFile[Any]"],
    answers: MappingType[str, Any],
    picture: "UploadedFile[Any] | None" = None,
    plain_table: bool = False,
    actor: Member,
) -> Snapshot:
    """Store the files and prepare a snapshot; a known format is read at once, a plain table waits for its mapping.

    `key` was drawn when the form was shown: the same form sent twice makes one snapshot. Raises ActionRefused.
    """
    if system.status != System.Status.ACTIVE:
        raise ActionRefused("This system is retired. Put it back into use first.", field="system")
    _once(key)
    known = Snapshot.objects.filter(pk=key).first()
    if known is not None:
        raise AlreadyMade(known)
    found = recognise_uploads(uploads, plain_table=plain_table)
    snapshot = Snapshot(
        id=key,
        system=system,
        source_format=found.format_key,
        created_by=actor,
        stated_count_file=store(picture, picture.name or "picture") if picture else None,
        **_checked_answers(answers),
    )
    _insert(snapshot)
    _keep_files(snapshot, found)
    record("snapshot.create", snapshot, actor=actor, after=_told(snapshot, found))
    if found.format_key != GENERIC:
        start_reading(snapshot, actor=actor)
    return snapshot


def _insert(snapshot: Snapshot) -> None:
    """Store it under the key of its form. A key that is taken elsewhere was not drawn by this form."""
    try:
        with transaction.atomic():
            snapshot.save(force_insert=True)
    except IntegrityError as error:
        raise ActionRefused("This form cannot be used any more. Load the page again.") from error


class AlreadyMade(ActionRefused):
    """The same form arrived before; its snapshot is there."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__("This upload has arrived already.")
        self.snapshot = snapshot


@action
def change_snapshot(
    snapshot: Snapshot,
    *,
    answers: MappingType[str, Any],
    uploads: Sequence["UploadedFile[Any]"] = (),
    picture: "UploadedFile[Any] | None" = None,
    plain_table: bool = False,
    count_reason: str = "",
    actor: Member,
) -> Snapshot:
    """Correct the answers, and the files if new ones are given; what was read is read again. Raises ActionRefused.

    A count other than the one that the file was compared with needs a reason.
    """
    changes = _checked_answers(answers) | {"as_of_basis": Snapshot.AsOfBasis.ASSERTED}
    changes["count_changes"] = changes_with(snapshot, answers, reason=count_reason, picture=bool(picture), actor=actor)
    if picture:
        changes["stated_count_file"] = store(picture, picture.name or "picture")
    found = recognise_uploads(uploads, plain_table=plain_table) if uploads else None
    if found is not None:
        changes |= {"source_format": found.format_key, "mapping": {}}
    Snapshot.REOPEN.apply(snapshot, actor=actor, note="Answers or files were corrected.", **changes)
    if found is not None:
        SnapshotFile.objects.filter(snapshot=snapshot).delete()
        _keep_files(snapshot, found)
        record("snapshot.change_files", snapshot, actor=actor, after=_told(snapshot, found))
    if snapshot.source_format != GENERIC or snapshot.mapping:
        start_reading(snapshot, actor=actor)
    return snapshot


@action
def set_mapping(snapshot: Snapshot, *, mapping: Mapping, headers: Sequence[str], actor: Member) -> Snapshot:
    """Say which column means what, remember it for files with these headers, and read. Raises ActionRefused."""
    for field, sentences in validate(mapping, headers).items():
        raise ActionRefused(" ".join(sentences), field=field or None)
    Snapshot.REOPEN.apply(snapshot, actor=actor, note="The columns were mapped.", mapping=mapping.to_dict())
    ImportMapping.objects.update_or_create(
        system_id=snapshot.system_id,
        kind="entitlements",
        fingerprint=fingerprint(headers),
        defaults={"mapping": mapping.to_dict()},
    )
    start_reading(snapshot, actor=actor)
    return snapshot


@action
def start_reading(snapshot: Snapshot, *, actor: Member) -> Job:
    """Have a worker read the files for the preview."""
    if snapshot.source_format == GENERIC and not snapshot.mapping:
        raise ActionRefused("Say first which column means what.")
    Snapshot.READ.apply(snapshot, actor=actor)
    job = start_job("snapshot.read", title=f"Reading {snapshot.system.name}", actor=actor, subject=snapshot)
    read_snapshot.delay_on_commit(str(job.pk), str(snapshot.pk), str(actor.pk))
    return job


@action
def start_import(snapshot: Snapshot, *, accept_errors: bool, actor: Member) -> Job:
    """Have a worker import what was previewed. A file with rejected rows only if the user says so. Raises ActionRefused."""
    snapshot = Snapshot.objects.select_related("system").get(pk=snapshot.pk)
    if snapshot.status == Snapshot.Status.READY:
        if snapshot.rows_rejected and not accept_errors:
            raise ActionRefused(
                "The file has rows that cannot be imported. Correct them at the source, or say that the others are to be"
                " imported without them; the population is not complete then."
            )
        if not snapshot.rows_accepted:
            raise ActionRefused("There is no row that could be imported.")
        _check_as_of(snapshot.as_of)
    without = {"imported_without_rejected_rows": snapshot.rows_rejected} if snapshot.rows_rejected else None
    Snapshot.IMPORT.apply(snapshot, actor=actor, imported_by=actor, metadata=without)
    job = start_job("snapshot.import", title=f"Importing {snapshot.system.name}", actor=actor, subject=snapshot)
    load_snapshot.delay_on_commit(str(job.pk), str(snapshot.pk), str(actor.pk))
    return job


@action
def confirm_difference(snapshot: Snapshot, *, reason: str, actor: Member) -> None:
    """Accept by name that it differs from the previous complete one. It then never verifies a removal."""
    if not actor.can("snapshots.confirm"):
        raise ActionRefused("Only a compliance manager may accept this.")
    locked = Snapshot.objects.select_for_update(of=("self",)).get(pk=snapshot.pk)
    verdict = differences_to_accept(locked)
    if not reason.strip():
        raise ActionRefused("Say why the difference is right.", field="reason")
    locked.shrink_confirmed_by, locked.shrink_reason = actor, reason.strip()
    locked.incomplete_reasons = verdict.reasons(locked)
    locked.save(update_fields=["shrink_confirmed_by", "shrink_reason", "incomplete_reasons"])
    record("snapshot.confirm", locked, actor=actor, after={"differences": verdict.differences}, note=reason.strip())


def differences_to_accept(snapshot: Snapshot) -> Verdict:
    """How it differs from the previous complete one, while that can be accepted. Raises ActionRefused when there is nothing."""
    verdict = judge(snapshot)
    if snapshot.status != Snapshot.Status.READY or not verdict.differences:
        raise ActionRefused("There is no difference to accept now.")
    return verdict


@action
def discard(snapshot: Snapshot, *, actor: Actor, reason: str = "") -> None:
    """Give up a snapshot that was not imported. Its files stay stored, and the trail says so."""
    Snapshot.DISCARD.apply(snapshot, actor=actor, note=reason)


def _once(key: uuid.UUID) -> None:
    """Let the same form, sent twice at a time, through one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_tenant_id()}:{key}"])


def _keep_files(snapshot: Snapshot, found: Recognised) -> None:
    for position, (part, (name, file)) in enumerate(found.parts.items()):
        SnapshotFile.objects.create(snapshot=snapshot, file=file, part=part, name=name[:255], position=position)


def _checked_answers(answers: MappingType[str, Any]) -> dict[str, Any]:
    _check_as_of(answers["as_of"])
    return {name: answers[name] for name in ANSWERS}


def _check_as_of(as_of: Any) -> None:
    if as_of is None:
        raise ActionRefused("Say of which moment this is.", field="as_of")
    if as_of > now():
        raise ActionRefused("This lies in the future.", field="as_of")


def _told(snapshot: Snapshot, found: Recognised) -> dict[str, Any]:
    files: Iterable[tuple[str, StoredFile]] = found.parts.values()
    return {
        "system": snapshot.system.name,
        "format": found.format_key,
        "files": {name: file.sha256 for name, file in files},
        **{name: getattr(snapshot, name) for name in ANSWERS},
    }
