"""The PDF of a gap analysis, made by a worker: read in one scope, printed outside any, kept in another."""

import datetime as dt
import io
import logging

from celery import shared_task

from audit.actors import WORKER
from controls.gaps.kept import keep, pdf_of
from controls.gaps.reading import snapshot_of
from controls.gaps.report import gap_pdf
from controls.models import GapRun
from evidence.files import store
from evidence.printing.printer import PrintingFailed
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working

JOB_KIND = "controls.gap_report"
OVERDUE = dt.timedelta(minutes=30)
log = logging.getLogger(__name__)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_gap_report(self: TenantTask, run_id: str) -> None:
    """Print a run and keep its PDF, unless that is there."""
    with self.scope():
        run = GapRun.objects.select_related("file", "period").get(pk=run_id)
        if pdf_of(run) is not None:
            return
        job = start_job(JOB_KIND, title=f"PDF of {run.reference}", actor=WORKER, subject=run)
        job_id = str(job.pk)
    with working(self, job_id) as work:
        with self.scope():
            snapshot = snapshot_of(run)
        work.progress(1, 3)
        try:
            content = gap_pdf(snapshot)
        except PrintingFailed as failure:
            log.exception("%s could not be printed", run.reference)
            raise ActionRefused("The PDF could not be printed; nothing was kept. Tell your administrator.") from failure
        work.progress(2, 3)
        with self.scope():
            work.url = _keep_pdf(run_id, content).get_absolute_url()
            work.message = f"The PDF of {run.reference} is ready."


def _keep_pdf(run_id: str, content: bytes) -> GapRun:
    """One PDF for each run, however many workers printed it."""
    run = GapRun.objects.select_for_update(of=("self",)).select_related("period").get(pk=run_id)
    if pdf_of(run) is None:
        keep(run, store(io.BytesIO(content), f"{run.reference}.pdf"), form="PDF", actor=WORKER)
    return run


def make_missing(_organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died."""
    for run in GapRun.objects.filter(made_at__range=(at - dt.timedelta(days=7), at - OVERDUE)):
        if pdf_of(run) is None:
            make_gap_report.delay_on_commit(str(run.pk))
