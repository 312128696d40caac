"""The closing letter, made by a worker."""

from functools import partial

from celery import shared_task

from audit.actors import WORKER
from evidence.printing.making import print_and_keep
from privacy.models import SubjectRequest
from privacy.subjects.letters import keep_letter, letter_pdf, sheet_of
from tenancy.tasks import TenantTask
from workflow.jobs import start_job

JOB_KIND = "privacy.letter"


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_letter(self: TenantTask, request_id: str) -> None:
    """Print the letter of a closed request, unless it is there."""
    with self.scope():
        request = SubjectRequest.objects.select_related("closed_by__user").get(pk=request_id)
        if request.letter_id is not None or request.is_pending:
            return
        job = start_job(JOB_KIND, title=f"Letter of {request.reference}", actor=WORKER, subject=request)
        job_id = str(job.pk)
    print_and_keep(self, job_id, read=partial(sheet_of, request), make=letter_pdf, keep=partial(keep_letter, request_id))
