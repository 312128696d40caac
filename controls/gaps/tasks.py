"""The PDF of a gap analysis, made by a worker."""

import datetime as dt
import io
from functools import partial

from celery import shared_task

from audit.actors import WORKER
from controls.gaps.data import Snapshot
from controls.gaps.kept import keep, pdf_of
from controls.gaps.reading import snapshot_of
from controls.gaps.report import gap_pdf
from controls.models import GapRun
from evidence.files import store
from evidence.printing.making import print_and_keep
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from workflow.jobs import Work, start_job

JOB_KIND = "controls.gap_report"
OVERDUE = dt.timedelta(minutes=30)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_gap_report(self: TenantTask, run_id: str) -> None:
    """Print a run and keep its PDF, unless that is there."""
    with self.scope():
        run = GapRun.objects.select_related("file", "period").get(pk=run_id)
        if pdf_of(run) is not None:
            return
        job = start_job(JOB_KIND, title=f"PDF of {run.reference}", actor=WORKER, subject=run)
        job_id = str(job.pk)
    print_and_keep(self, job_id, read=partial(_read, run), make=gap_pdf, keep=partial(_keep_pdf, run_id))


def _read(run: GapRun, work: Work) -> Snapshot:
    work.url, work.message = run.get_absolute_url(), f"The PDF of {run.reference} is ready."
    return snapshot_of(run)


def _keep_pdf(run_id: str, _snapshot: Snapshot, content: bytes) -> None:
    """One PDF for each run, however many workers printed it."""
    run = GapRun.objects.select_for_update(of=("self",)).select_related("period").get(pk=run_id)
    if pdf_of(run) is None:
        keep(run, store(io.BytesIO(content), f"{run.reference}.pdf"), form="PDF", actor=WORKER)


def make_missing(_organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died."""
    for run in GapRun.objects.filter(made_at__range=(at - dt.timedelta(days=7), at - OVERDUE)):
        if pdf_of(run) is None:
            make_gap_report.delay_on_commit(str(run.pk))
