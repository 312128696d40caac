"""The closing letter, made by a worker."""

import datetime as dt
from functools import partial

from celery import shared_task

from audit.actors import WORKER
from evidence.printing.making import print_and_keep
from privacy.models import SubjectRequest
from privacy.models.subjects import OWED_A_LETTER
from privacy.subjects.letters import keep_letter, letter_pdf, sheet_of
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from workflow.erasing import NOWHERE
from workflow.jobs import start_job

JOB_KIND = "privacy.letter"
OVERDUE = dt.timedelta(minutes=30)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_letter(self: TenantTask, request_id: str) -> None:
    """Print the letter of a request that was closed here, unless it is there."""
    with self.scope():
        request = SubjectRequest.objects.select_related("closed_by__user").get(pk=request_id)
        if request.letter_id is not None or not request.is_owed_a_letter:
            return
        job = start_job(JOB_KIND, title=f"Letter of {request.reference}", actor=WORKER, subject=request)
        job_id = str(job.pk)
    print_and_keep(self, job_id, read=partial(sheet_of, request), make=letter_pdf, keep=partial(keep_letter, request_id))


def make_missing_letters(_organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died. Who was erased gets no other letter."""
    closed = SubjectRequest.objects.filter(OWED_A_LETTER, letter=None)
    for one in closed.filter(closed_at__range=(at - dt.timedelta(days=7), at - OVERDUE)).exclude(email__endswith=NOWHERE):
        make_letter.delay_on_commit(str(one.pk))
