"""Importing a list: begun in a request, done by a worker."""

from collections import Counter

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.record import record
from changes.models import ChangeSource
from changes.sources.actions import RUN
from changes.sources.importing import import_row, preview, rows_of, way_for
from evidence.models import StoredFile
from tenancy.models import current_organization
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job


@action
def start_import(stored: StoredFile, source: ChangeSource, *, actor: Member, leave_out_wrong: bool = False) -> Job:
    """Have it imported by a worker. Raises ActionRefused when rows are wrong that were not to be left out."""
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    plan = preview(stored, source)
    if plan.wrong and not leave_out_wrong:
        raise ActionRefused(
            "Some rows are wrong. Correct the file, or say that they are to be left out.", field="leave_out_wrong"
        )
    if plan.nothing:
        raise ActionRefused("Everything in this file is here already: nothing was changed.")
    counts = {"new": len(plan.new), "changed": len(plan.changed), "same": len(plan.same), "wrong": len(plan.wrong)}
    record("change_source.import", source, actor=actor, metadata={"file": stored.name, "sha256": stored.sha256, **counts})
    job = start_job("changes.list", title=f"Import of {stored.name}", actor=actor, subject=source)
    import_rows.delay_on_commit(str(job.pk), str(source.pk), str(stored.pk), str(actor.pk))
    return job


@shared_task(base=TenantTask, bind=True)
def import_rows(self: TenantTask, job_id: str, source_id: str, file_id: str, member_id: str) -> None:
    """Each row commits by itself and may be repeated, so a killed worker loses nothing."""
    counts: Counter[str] = Counter()
    with working(self, job_id) as work:
        with self.scope():
            stored = StoredFile.objects.get(pk=file_id)
            source = ChangeSource.objects.select_related("directory").get(pk=source_id)
            member = Member.objects.of(current_organization()).get(pk=member_id)
            rows, way = rows_of(stored), way_for(source, member)
            work.url = f"{source.get_absolute_url()}deliveries/?file={stored.sha256[:12]}"
        for number, row in enumerate(rows, start=1):
            with self.scope():
                counts[import_row(row, way, stored.sha256)] += 1
            work.progress(number, len(rows))
        failed = f", {counts['failed']:,} could not be done" if counts["failed"] else ""
        work.message = f"{counts['done']:,} of {len(rows):,} pull requests are changes here{failed}."
