"""A report made by a worker: its figures frozen in one scope, printed outside any, kept in another.

Each step is done once, whenever and however often the worker is started: figures that are frozen are read back, and a
report that is ready is left alone.
"""

import logging

from celery import shared_task

from audit.actors import WORKER
from evidence.printing.printer import PrintingFailed
from reports.models import MonthlyReport
from reports.monthly.actions import fail_report, keep_report, take_figures
from reports.monthly.report import report_pdf
from reports.monthly.taking import Taken, taken_of
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working

JOB_KIND = "reports.monthly"
NOT_PRINTED = "The PDF could not be printed; its figures are kept."
log = logging.getLogger(__name__)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_report(self: TenantTask, report_id: str) -> None:
    """Make a report, unless it is ready."""
    with self.scope():
        report = MonthlyReport.objects.get(pk=report_id)
        if report.status == MonthlyReport.Status.READY:
            return
        job_id = str(start_job(JOB_KIND, title=f"Report {report.reference}", actor=WORKER, subject=report).pk)
    with working(self, job_id) as work:
        work.progress(0, 3)
        with self.scope():
            taken = _figures(report_id)
        work.progress(1, 3)
        content = _print(self, report_id, taken)
        work.progress(2, 3)
        with self.scope():
            work.url = _keep(report_id, content).get_absolute_url()
            work.message = f"{taken.snapshot.reference} is ready."


def _figures(report_id: str) -> Taken:
    """The frozen figures; frozen now where they are not. Of two workers the second waits and reads what the first froze."""
    report = _locked(report_id)
    return taken_of(report if report.snapshot_id else take_figures(report))


def _print(task: TenantTask, report_id: str, taken: Taken) -> bytes:
    try:
        return report_pdf(taken.snapshot, taken.register)
    except PrintingFailed as failure:
        log.exception("%s could not be printed", taken.snapshot.reference)
        with task.scope():
            report = _locked(report_id)
            if report.status == MonthlyReport.Status.PENDING:
                fail_report(report, NOT_PRINTED)
        raise ActionRefused(NOT_PRINTED) from failure


def _keep(report_id: str, content: bytes) -> MonthlyReport:
    """One PDF for each report, however many workers printed it."""
    report = _locked(report_id)
    return report if report.status == MonthlyReport.Status.READY else keep_report(report, content)


def _locked(report_id: str) -> MonthlyReport:
    rows = MonthlyReport.objects.select_for_update(of=("self",)).select_related("snapshot", "register", "asked_by__user")
    return rows.get(pk=report_id)
