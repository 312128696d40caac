"""Imports as a person and the worker do them: the same actions, and the same tasks, one after the other."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection

from accounts.models import Member
from evidence.tables.reading import open_table
from example.dates import Calendar
from example.sources.population import Export, File, Login, Source
from inventory.formats.mapping import Mapping
from inventory.models import RosterImport, Snapshot, System
from inventory.people.roster_actions import apply_roster, prepare_roster, upload_roster
from inventory.snapshots.actions import create_snapshot, set_mapping, start_import
from inventory.tasks import load_snapshot, read_snapshot
from tenancy.ids import uuid7
from tenancy.scope import current_tenant_id
from tenancy.tasks import HEADER, TenantTask
from workflow.models import Job


class SetUpFailed(RuntimeError):
    """A step of the example did not do what it should: the set-up is taken back as a whole."""


def run_now(task: TenantTask, job: Job, *arguments: str) -> None:
    """Do a worker's task here, within the transaction at hand. Raises SetUpFailed with what the job says."""
    task.apply(args=(str(job.pk), *arguments), headers={HEADER: str(current_tenant_id())}, throw=True)
    job = Job.objects.get(pk=job.pk)
    if job.status != Job.Status.DONE:
        raise SetUpFailed(f"{job.title}: {job.message}")


def import_roster(content: bytes, name: str, *, actor: Member) -> dict[str, int]:
    """Upload, look at and apply a roster that lists everybody."""
    roster: RosterImport = upload_roster(actor=actor, source=io.BytesIO(content), name=name, full_roster=True)
    plan = prepare_roster(roster, actor=actor, mapping=Mapping.from_dict(roster.mapping))
    if plan.errors:
        raise SetUpFailed(f"{name}: {plan.errors[0].reasons[0]}")
    return apply_roster(roster, actor=actor)


def import_population(
    system: System, source: Source, logins: list[Login], *, as_of: dt.datetime, calendar: Calendar, actor: Member
) -> Snapshot:
    """Export and import what a source of the example holds."""
    export = Export(as_of, calendar.today, calendar.zone)
    files = source.write(logins, export)
    return import_files(system, files, answers_of(source, export, actor), mapping=source.mapping(), actor=actor)


def answers_of(source: Source, export: Export, actor: Member) -> dict[str, object]:
    """What the importer says of an export."""
    return {
        "as_of": export.as_of,
        "extracted_by": actor.name,
        "query": source.headings,
        "filters": "",
        "full_export": True,
        "stated_count": source.stated,
        "stated_count_unit": source.stated_unit,
    }


def import_files(
    system: System, files: Sequence[File], answers: dict[str, object], *, actor: Member, mapping: Mapping | None = None
) -> Snapshot:
    """Upload files, have them read, and import what was previewed."""
    with _queueing_nothing():
        snapshot = create_snapshot(key=uuid7(), system=system, uploads=_uploads(files), answers=answers, actor=actor)
        if mapping and mapping.columns:
            with open_table(io.BytesIO(files[0][1])) as table:
                set_mapping(snapshot, mapping=mapping, headers=table.headers, actor=actor)
    reading = Job.objects.filter(subject_id=snapshot.pk, kind="snapshot.read").latest("created_at")
    run_now(read_snapshot, reading, str(snapshot.pk), str(actor.pk))
    with _queueing_nothing():
        job = start_import(snapshot.refreshed(), accept_errors=False, actor=actor)
    run_now(load_snapshot, job, str(snapshot.pk), str(actor.pk))
    return snapshot.refreshed()


@contextmanager
def _queueing_nothing() -> Iterator[None]:
    """Forget what is queued for a worker at the commit: it is done here, before."""
    queued = list(connection.run_on_commit)
    yield
    connection.run_on_commit = queued


def _uploads(files: Sequence[File]) -> "list[UploadedFile[bytes]]":
    return [SimpleUploadedFile(name, content) for name, content in files]
