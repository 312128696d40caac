"""The PDF of a frozen description, made by a worker."""

import datetime as dt
import io
from functools import partial

from celery import shared_task

from audit.actors import WORKER
from controls.binder.keeping import SIGNED, UNSIGNED, keep, name_of, pdf_of
from controls.binder.report import Printed, pictures_of, print_description
from controls.binder.snapshot import content_of
from controls.models import SystemDescription
from evidence.files import store
from evidence.printing.making import print_and_keep
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from workflow.jobs import Work, start_job

JOB_KIND = "controls.description_pdf"
OVERDUE = dt.timedelta(minutes=30)


def form_of(description: SystemDescription) -> str:
    """Which form is to be there by now."""
    return SIGNED if description.assertions.exists() else UNSIGNED


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_description_pdf(self: TenantTask, description_id: str) -> None:
    """Print a description, with the assertion where it is signed, and keep the PDF, unless that is there."""
    with self.scope():
        description = SystemDescription.objects.select_related("file", "period").get(pk=description_id)
        form = form_of(description)
        if pdf_of(description, form) is not None:
            return
        job = start_job(JOB_KIND, title=f"{form} of {description.reference}", actor=WORKER, subject=description)
        job_id = str(job.pk)
    read, keep_it = partial(_read, description, form), partial(_keep_pdf, description_id, form)
    print_and_keep(self, job_id, read=read, make=print_description, keep=keep_it)


def _read(description: SystemDescription, form: str, work: Work) -> Printed:
    work.url, work.message = description.get_absolute_url(), f"The {form} of {description.reference} is ready."
    data = content_of(description)
    return Printed(data, description.file.sha256, description.assertions.first(), pictures_of(data))


def _keep_pdf(description_id: str, form: str, _printed: Printed, content: bytes) -> None:
    """One PDF of each form, however many workers printed it."""
    rows = SystemDescription.objects.select_for_update(of=("self",)).select_related("period")
    description = rows.get(pk=description_id)
    if pdf_of(description, form) is None:
        keep(description, store(io.BytesIO(content), name_of(description, form)), form=form, actor=WORKER)


def make_missing(_organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died."""
    since, until = at - dt.timedelta(days=7), at - OVERDUE
    recent = SystemDescription.objects.filter(made_at__range=(since, until))
    signed = SystemDescription.objects.filter(assertions__signed_at__range=(since, until))
    for description in (recent | signed).distinct():
        if pdf_of(description, form_of(description)) is None:
            make_description_pdf.delay_on_commit(str(description.pk))
