"""The worker's side of the vault."""

import datetime as dt

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from evidence.actions import WRITE
from evidence.importing.actions import do_row, files_of, finish_import, open_rows, refuse_row
from evidence.importing.archives import Shelf, shelf_of
from evidence.models import EvidenceImport, ImportRow
from evidence.rereading import count_overdue, due_files, keep_results, note_silence, read_all
from tenancy.models import Organization, current_organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job

BATCH = 100


@shared_task(base=TenantTask, bind=True)
def reread_files(self: TenantTask) -> None:
    """Read what is due. Each batch is noted by itself: a killed worker has lost one batch's reading, and nothing else."""
    with self.scope():
        files = due_files(now())
    for start in range(0, len(files), BATCH):
        found, answered = read_all(files[start : start + BATCH])
        with self.scope():
            if found:
                keep_results(found, now())
            note_silence(is_silent=not answered)
        if not answered:
            break
    with self.scope():
        count_overdue(now())


def reread_periodically(_organization: Organization, _at: dt.datetime) -> None:
    """Queue the reading: it is done outside of the tick's transaction."""
    reread_files.delay_on_commit()


@action
def start_import(made: EvidenceImport, *, actor: Member) -> Job:
    """Have a worker make the items. Raises ActionRefused when it has begun or was discarded."""
    if not ImportRow.objects.filter(of=made, reasons=[]).exists():
        raise ActionRefused("No row can be imported as it stands. Correct the list and send it again.")
    EvidenceImport.START.apply(made, actor=actor)
    job = start_job("evidence.import", title=f"Importing {made.name}", actor=actor, subject=made)
    import_evidence.delay_on_commit(str(job.pk), str(made.pk), str(actor.pk))
    return job


@shared_task(base=TenantTask, bind=True)
def import_evidence(self: TenantTask, job_id: str, import_id: str, member_id: str) -> None:
    """One row, one commit: a worker that was killed goes on where it stopped."""
    with working(self, job_id) as work:
        with self.scope():
            made = EvidenceImport.objects.get(pk=import_id)
            work.url, files, rows = made.get_absolute_url(), files_of(made), list(open_rows(made))
        if made.status != EvidenceImport.Status.APPLYING:
            return
        with shelf_of(files) as shelf:
            for done, row in enumerate(rows, start=1):
                with self.scope():
                    keeper = _keeper(member_id)
                _one(self, row, shelf, keeper)
                work.progress(done, len(rows))
        with self.scope():
            work.refuse_overtaken()
            counts = finish_import(made, actor=_keeper(member_id))
        work.message = f"Kept as evidence: {counts['kept']:,} of {counts['rows']:,} rows."


def _keeper(member_id: str) -> Member:
    """Who started it, as long as they may. Raises ActionRefused, which ends the work; the rest can be started again."""
    member = Member.objects.of(current_organization()).active().select_related("organization").filter(pk=member_id).first()
    if member is None or not member.can(WRITE):
        raise ActionRefused("Whoever started this may not keep evidence any more. What was done is kept.")
    return member


def _one(task: TenantTask, row: ImportRow, shelf: Shelf, actor: Member) -> None:
    try:
        with task.scope():
            do_row(row, shelf, actor=actor)
    except ActionRefused as refusal:
        with task.scope():
            refuse_row(row, refusal.sentence)
