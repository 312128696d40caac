"""A worker makes a package: read and written in one scope that is frozen, kept in another."""

import datetime as dt
import tempfile

from celery import shared_task
from django.db.models import Q

from audit.actors import WORKER
from audit.models import AuditEvent
from audit.seal.sealing import seal
from proof.models import AuditPackage
from proof.package.actions import fail_package, keep_package
from proof.package.making import make
from tenancy.models import Organization, current_organization
from tenancy.scope import now, tenant
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import SORRY, start_job, working
from workflow.models import Job

JOB_KIND = "proof.package"
AGAIN, GIVE_UP = dt.timedelta(minutes=30), dt.timedelta(days=1)
NOT_MADE = "It was not made within a day. Try again, or ask your administrator to look at the worker's log."


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_package(self: TenantTask, package_id: str) -> None:
    """Make a package, unless it is ready. A killed worker leaves nothing behind: it is made again as a whole."""
    with self.scope():
        organization = current_organization()
        package = _package(package_id)
        if package.status == AuditPackage.Status.READY:
            return
        seal(sweep=True)
        job_id = str(start_job(JOB_KIND, title=f"Package {package.reference}", actor=WORKER, subject=package).pk)
    with working(self, job_id) as work, tempfile.TemporaryFile() as sink:
        try:
            with tenant(organization, frozen=True, whole=AuditEvent._meta.db_table):
                as_of = now()
                made = make(_package(package_id), sink, work.progress, as_of=as_of)
        except Exception as error:
            with self.scope():
                fail_package(_package(package_id), error.sentence if isinstance(error, ActionRefused) else SORRY)
            raise
        with self.scope():
            work.refuse_overtaken()
            package = keep_package(_package(package_id), sink, made, as_of=as_of)
            work.url, work.message = package.get_absolute_url(), f"{package.reference} is ready."


def see_to_unfinished(_organization: Organization, at: dt.datetime) -> None:
    """Make again what gave no sign for half an hour, as when a worker was killed; after a day it is given up."""
    pending = AuditPackage.objects.filter(status=AuditPackage.Status.PENDING, asked_at__lt=at - AGAIN)
    for package in pending.select_for_update(of=("self",)).order_by("pk"):
        if package.asked_at < at - GIVE_UP:
            fail_package(package, NOT_MADE)
        elif not _is_made_now(package, at - AGAIN):
            make_package.delay_on_commit(str(package.pk))


def _is_made_now(package: AuditPackage, since: dt.datetime) -> bool:
    """A run whose worker is gone counts as failed after a while (workflow/jobs.py)."""
    alive = Q(status=Job.Status.RUNNING) | Q(touched_at__gte=since)
    return Job.objects.filter(alive, kind=JOB_KIND, subject_id=package.pk).exists()


def _package(package_id: str) -> AuditPackage:
    return AuditPackage.objects.select_related("period", "asked_by__user").get(pk=package_id)
