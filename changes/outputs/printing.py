"""The PDF of a change, made by a worker when somebody asks: read in one scope, printed outside any, kept in another."""

import io
import logging

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.record import record
from changes.models import Change
from changes.outputs.kept import keep_pdf, pdf_of
from changes.outputs.paper import change_pdf
from changes.outputs.sheet import digest_of, sheet_of
from evidence.files import store
from evidence.printing.printer import PrintingFailed
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job

JOB_KIND = "changes.pdf"
log = logging.getLogger(__name__)


@action
def ask_pdf(change: Change, *, actor: Member) -> Job:
    """Have a change printed as it stands. Nothing is printed twice of the same content."""
    job = start_job(JOB_KIND, title=f"PDF of {change.reference}", actor=actor, subject=change)
    record("job.start", job, actor=actor, after={"title": job.title})
    print_change.delay_on_commit(str(change.pk), str(job.pk))
    return job


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_change(self: TenantTask, change_id: str, job_id: str) -> None:
    """Print a change as it is now and keep the PDF, unless this very content was printed before."""
    with working(self, job_id) as work:
        with self.scope():
            change = Change.objects.get(pk=change_id)
            sheet = sheet_of(change)
            digest = digest_of(sheet)
            work.url, work.message = change.get_absolute_url(), f"The PDF of {change.reference} is ready."
            if pdf_of(change, digest) is not None:
                return
        work.progress(1, 3)
        try:
            content = change_pdf(sheet)
        except PrintingFailed as failure:
            log.exception("%s could not be printed", change.reference)
            raise ActionRefused("The PDF could not be printed; nothing was kept. Tell your administrator.") from failure
        work.progress(2, 3)
        with self.scope():
            change = Change.objects.select_for_update(of=("self",)).get(pk=change_id)
            if pdf_of(change, digest) is None:
                keep_pdf(change, store(io.BytesIO(content), f"{change.reference}.pdf"), digest)
