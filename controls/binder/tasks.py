"""The PDF of a frozen description, made by a worker: read in one scope, printed outside any, kept in another."""

import datetime as dt
import io
import logging

from celery import shared_task

from audit.actors import WORKER
from controls.binder.keeping import SIGNED, UNSIGNED, keep, name_of, pdf_of
from controls.binder.report import Printed, pictures_of, print_description
from controls.binder.snapshot import content_of
from controls.models import SystemDescription
from evidence.files import store
from evidence.printing.printer import PrintingFailed
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working

JOB_KIND = "controls.description_pdf"
OVERDUE = dt.timedelta(minutes=30)
log = logging.getLogger(__name__)


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
    with working(self, job_id) as work:
        with self.scope():
            data = content_of(description)
            printed = Printed(data, description.file.sha256, description.assertions.first(), pictures_of(data))
        work.progress(1, 3)
        try:
            content = print_description(printed)
        except PrintingFailed as failure:
            log.exception("%s could not be printed", description.reference)
            raise ActionRefused("The PDF could not be printed; nothing was kept. Tell your administrator.") from failure
        work.progress(2, 3)
        with self.scope():
            work.url = _keep_pdf(description_id, content, form).get_absolute_url()
            work.message = f"The {form} of {description.reference} is ready."


def _keep_pdf(description_id: str, content: bytes, form: str) -> SystemDescription:
    """One PDF of each form, however many workers printed it."""
    rows = SystemDescription.objects.select_for_update(of=("self",)).select_related("period")
    description = rows.get(pk=description_id)
    if pdf_of(description, form) is None:
        keep(description, store(io.BytesIO(content), name_of(description, form)), form=form, actor=WORKER)
    return description


def make_missing(_organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died."""
    since, until = at - dt.timedelta(days=7), at - OVERDUE
    recent = SystemDescription.objects.filter(made_at__range=(since, until))
    signed = SystemDescription.objects.filter(assertions__signed_at__range=(since, until))
    for description in (recent | signed).distinct():
        if pdf_of(description, form_of(description)) is None:
            make_description_pdf.delay_on_commit(str(description.pk))
