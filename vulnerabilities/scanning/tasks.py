"""Importing a scan: begun in a request, done by a worker."""

from dataclasses import replace
from typing import Any

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.record import record
from evidence.models import StoredFile
from evidence.printing.words import plural
from tenancy.scope import now
from tenancy.tasks import TenantTask
from vulnerabilities.models import Scan, ScanScope
from vulnerabilities.scanning.importing import authorise, preview, received_at, report_of
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from workflow.jobs import start_job, working
from workflow.models import Job


@action
def start_import(stored: StoredFile, scope: ScanScope, *, actor: Member, stated: Stated | None = None) -> Job:
    """Have it imported by a worker. Raises ActionRefused."""
    authorise(scope, actor)
    given = replace(stated or Stated(), received_at=received_at(stored.pk, scope) or now())
    plan = preview(stored, scope, given)
    counts = {"found": len(plan.report.found), "evaluable": plan.evaluable, "narrower": given.narrower, "moved": given.moved}
    record("scan_scope.import", scope, actor=actor, metadata={"file": stored.name, "sha256": stored.sha256, **counts})
    job = start_job("vulnerabilities.import", title=f"Import of {stored.name} into {scope.name}", actor=actor, subject=scope)
    import_scan.delay_on_commit(str(job.pk), str(scope.pk), str(stored.pk), given.as_task())
    return job


@shared_task(base=TenantTask, bind=True)
def import_scan(self: TenantTask, job_id: str, scope_id: str, file_id: str, stated: dict[str, Any]) -> None:
    """One transaction for the whole scan, so a killed worker has done nothing; done again, it finds itself done."""
    with working(self, job_id) as work:
        with self.scope():
            stored = StoredFile.objects.get(pk=file_id)
            scope = ScanScope.objects.select_related("system").get(pk=scope_id)
            report = report_of(stored, scope)
            work.progress(1, 2)
            member = Member.objects.select_related("user", "organization").get(pk=str(Job.objects.get(pk=job_id).actor_id))
            scan = keep_scan(scope, report, stored, stated=Stated.of_task(stated), actor=member)
            work.url, work.message = scan.get_absolute_url(), outcome_of(scan)
        work.progress(2, 2)


def outcome_of(scan: Scan) -> str:
    """What came of a scan, in a sentence or two."""
    counts = f"{plural(scan.found, 'vulnerability', 'vulnerabilities')}: {scan.new:,} new, {scan.reopened:,} back again"
    if scan.evaluable:
        return f"{counts}, {scan.fixed:,} gone."
    return f"{counts}. It cannot be evaluated, so nothing counts as fixed: {scan.reasons[0]}"
