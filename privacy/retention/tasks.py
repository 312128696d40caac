"""The PDF of a certificate, made by a worker."""

import datetime as dt
from functools import partial

from celery import shared_task

from audit.actors import WORKER
from evidence.printing.making import print_and_keep
from privacy.models import DeletionCertificate
from privacy.retention.certificates import certificate_pdf, keep_pdf, pdf_of, sheet_of
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from workflow.jobs import start_job

JOB_KIND = "privacy.certificate"
OVERDUE = dt.timedelta(minutes=30)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_certificate(self: TenantTask, certificate_id: str) -> None:
    """Print a certificate and keep its PDF, unless that is there."""
    with self.scope():
        certificate = DeletionCertificate.objects.select_related("listed").get(pk=certificate_id)
        if pdf_of(certificate) is not None:
            return
        job = start_job(JOB_KIND, title=f"PDF of {certificate.reference}", actor=WORKER, subject=certificate)
        job_id = str(job.pk)
    print_and_keep(
        self, job_id, read=partial(sheet_of, certificate), make=certificate_pdf, keep=partial(keep_pdf, certificate_id)
    )


def make_missing(_organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died."""
    for one in DeletionCertificate.objects.filter(made_at__range=(at - dt.timedelta(days=7), at - OVERDUE)):
        if pdf_of(one) is None:
            make_certificate.delay_on_commit(str(one.pk))
