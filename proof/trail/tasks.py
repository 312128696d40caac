"""Checking the trail: every night, and whenever somebody asks."""

import datetime as dt
from collections.abc import Callable

from celery import shared_task

from accounts.models import Member
from audit.models import AuditEvent
from audit.seal.checking.verdict import Verdict
from audit.seal.checking.whole import check_trail
from audit.seal.rounds import seal_and_tell
from proof.models import TrailCheck
from proof.trail.keeping import ITSELF, keep_check, sentence
from tenancy.models import Organization, current_organization
from tenancy.scope import tenant
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job

READ = "audit.read"
JOB_KIND = "proof.check"
NIGHT = 2  # o'clock where the organization lives


def ask_check(*, actor: Member) -> Job:
    """Have the trail checked now; whoever watches the job sees how far it is. Raises ActionRefused."""
    if not actor.can(READ):
        raise ActionRefused("Your role does not allow this.")
    job = start_job(JOB_KIND, title="Check of the audit trail", actor=actor)
    check_now.delay_on_commit(str(job.pk), str(actor.pk))
    return job


def check_nightly(organization: Organization, at: dt.datetime) -> None:
    """Queue the night's check, once a day. Idempotent."""
    today = organization.day_of(at)
    if at.astimezone(organization.tzinfo).hour < NIGHT:
        return
    begun = organization.end_of(today - dt.timedelta(days=1))
    if not TrailCheck.objects.filter(asked_by=None, at__gte=begun).exists():
        check_by_itself.delay_on_commit()


def seal_and_check(organization: Organization, progress: Callable[[int, int], None]) -> Verdict:
    """Seal what is there, tell the witnesses, and check all of it as it is at one moment. Enters scopes of its own."""
    seal_and_tell(organization, sweep=True)
    with tenant(organization, frozen=True, whole=AuditEvent._meta.db_table):
        return check_trail(progress)


@shared_task(base=TenantTask, bind=True)
def check_now(self: TenantTask, job_id: str, member_id: str) -> None:
    """As somebody asks."""
    with working(self, job_id) as work:
        with self.scope():
            organization = current_organization()
            asker = Member.objects.of(organization).get(pk=member_id)
        verdict = seal_and_check(organization, work.progress)
        with self.scope():
            check = keep_check(verdict, actor=asker)
            work.url, work.message = check.get_absolute_url(), sentence(verdict)


@shared_task(base=TenantTask, bind=True)
def check_by_itself(self: TenantTask) -> None:
    """As the night asks."""
    with self.scope():
        organization = current_organization()
    verdict = seal_and_check(organization, lambda _done, _total: None)
    with self.scope():
        keep_check(verdict, actor=ITSELF)
