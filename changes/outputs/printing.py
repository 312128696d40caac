"""The PDF of a change, made by a worker when somebody asks."""

import io
from functools import partial

from celery import shared_task

from accounts.models import Member
from changes.models import Change
from changes.outputs.kept import keep_pdf, pdf_of
from changes.outputs.paper import change_pdf
from changes.outputs.record import Record
from changes.outputs.sheet import sheet_of
from evidence.files import store
from evidence.printing.making import ask_print, digest_of, print_and_keep
from tenancy.tasks import TenantTask
from workflow.jobs import Work
from workflow.models import Job

JOB_KIND = "changes.pdf"


def ask_pdf(change: Change, *, actor: Member) -> Job:
    """Have a change printed as it stands. Nothing is printed twice of the same content."""
    return ask_print(print_change, change, kind=JOB_KIND, title=f"PDF of {change.reference}", actor=actor)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_change(self: TenantTask, change_id: str, job_id: str) -> None:
    """Print a change as it is now and keep the PDF, unless this very content was printed before."""
    print_and_keep(self, job_id, read=partial(_read, change_id), make=change_pdf, keep=partial(_keep, change_id))


def _read(change_id: str, work: Work) -> Record | None:
    change = Change.objects.get(pk=change_id)
    sheet = sheet_of(change)
    work.url, work.message = change.get_absolute_url(), f"The PDF of {change.reference} is ready."
    return sheet if pdf_of(change, digest_of(sheet)) is None else None


def _keep(change_id: str, sheet: Record, content: bytes) -> None:
    change, digest = Change.objects.select_for_update(of=("self",)).get(pk=change_id), digest_of(sheet)
    if pdf_of(change, digest) is None:
        keep_pdf(change, store(io.BytesIO(content), f"{change.reference}.pdf"), digest)
