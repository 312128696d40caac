"""A worker makes a package: read and written in one scope that is frozen, kept in another."""

import tempfile

from celery import shared_task

from audit.actors import WORKER
from audit.seal.sealing import seal
from proof.models import AuditPackage
from proof.package.actions import fail_package, keep_package
from proof.package.making import make
from tenancy.models import current_organization
from tenancy.scope import now, tenant
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working

JOB_KIND = "proof.package"
IN_MEMORY = 8 << 20


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_package(self: TenantTask, package_id: str) -> None:
    """Make a package, unless it is ready. A killed worker leaves nothing behind: it is made again as a whole."""
    with self.scope():
        organization = current_organization()
        package = _package(package_id)
        if package.status == AuditPackage.Status.READY:
            return
        seal()
        job_id = str(start_job(JOB_KIND, title=f"Package {package.reference}", actor=WORKER, subject=package).pk)
    with working(self, job_id) as work, tempfile.SpooledTemporaryFile(IN_MEMORY) as sink:
        try:
            with tenant(organization, frozen=True):
                as_of = now()
                made = make(_package(package_id), sink, work.progress, as_of=as_of)  # type: ignore[arg-type] # as good as a file
        except ActionRefused as refusal:
            with self.scope():
                fail_package(_package(package_id), refusal.sentence)
            raise
        with self.scope():
            package = keep_package(_package(package_id), sink, made, as_of=as_of)  # type: ignore[arg-type]
            work.url, work.message = package.get_absolute_url(), f"{package.reference} is ready."


def _package(package_id: str) -> AuditPackage:
    return AuditPackage.objects.select_related("period", "asked_by__user").get(pk=package_id)
