"""Reports are made by a worker: gathered in one scope, printed outside any, kept in another."""

import datetime as dt

from celery import shared_task

from accounts.models import Member
from audit.actors import WORKER, Actor
from evidence.printing.making import printed
from reviews.models import Campaign
from reviews.outputs.data import TITLES, Kind
from reviews.outputs.gather import gather
from reviews.outputs.kept import JOB_KIND, is_kept, keep_report, kinds_ready
from reviews.outputs.report import make_documents
from tenancy.models import Organization, current_organization
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job

OVERDUE = dt.timedelta(minutes=30)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_decision_report(self: TenantTask, campaign_id: str, job_id: str = "") -> None:
    """The report of a signed-off review. Without a job, only unless there is one from the same data."""
    _make(self, campaign_id, Kind.DECISION, job_id)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def make_completed_report(self: TenantTask, campaign_id: str, job_id: str = "") -> None:
    """The report of a closed review. Without a job, only unless there is one from the same data."""
    _make(self, campaign_id, Kind.COMPLETED, job_id)


def make_again(campaign: Campaign, kind: Kind, *, actor: Actor) -> Job:
    """Have a report made once more, as a new revision; raises ActionRefused when the review is not that far."""
    if kind not in kinds_ready(campaign):
        raise ActionRefused(f"{campaign} is {campaign.get_status_display().lower()}: there is nothing to report yet.")
    job = start_job(JOB_KIND, title=f"{TITLES[kind]} of {campaign.reference}", actor=actor, subject=campaign)
    task = make_decision_report if kind == Kind.DECISION else make_completed_report
    task.delay_on_commit(str(campaign.pk), str(job.pk))
    return job


def make_missing(organization: Organization, at: dt.datetime) -> None:
    """Queue what should be there for half an hour and is not: a worker may have died."""
    late = at - OVERDUE
    for campaign in Campaign.objects.filter(status=Campaign.Status.SIGNED_OFF, signed_off_at__lt=late):
        if not is_kept(campaign, f"{campaign.reference}-D"):
            make_decision_report.delay_on_commit(str(campaign.pk))
    for campaign in Campaign.objects.filter(status=Campaign.Status.CLOSED, closed_at__lt=late):
        if not is_kept(campaign, f"{campaign.reference}-C"):
            make_completed_report.delay_on_commit(str(campaign.pk))


def _make(task: TenantTask, campaign_id: str, kind: Kind, job_id: str) -> None:
    with task.scope():
        campaign = Campaign.objects.select_related("tenant").get(pk=campaign_id)
        data = gather(campaign, kind)
        if is_kept(campaign, job_id or data.digest):
            return
        title = f"{TITLES[kind]} of {campaign.reference}"
        job_id = job_id or str(start_job(JOB_KIND, title=title, actor=WORKER, subject=campaign).pk)
    with working(task, job_id) as work:
        work.progress(1, 3)
        documents = printed(make_documents, data, data.reference)
        work.progress(2, 3)
        with task.scope():
            job, again = Job.objects.get(pk=job_id), Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
            if not is_kept(again, job_id if job.actor_id else data.digest):
                keep_report(again, data, documents, actor=_actor(job), job=job)
            work.url = again.get_absolute_url()
            work.message = f"{data.reference} is ready."


def _actor(job: Job) -> Actor:
    """Whoever asked for it, else the worker."""
    if job.actor_id is None:
        return WORKER
    return Member.objects.of(current_organization()).get(pk=job.actor_id)
