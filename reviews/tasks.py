"""What the worker does for reviews."""

import datetime as dt

from celery import shared_task

from audit.actors import WORKER, Actor
from reviews.campaigns.populate import populate_campaign, return_to_draft
from reviews.models import Campaign
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from workflow.jobs import working

LOST_AFTER = dt.timedelta(hours=1)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def start(self: TenantTask, job_id: str, campaign_id: str) -> None:
    """Make the items of a campaign that is being started; whatever stops that, it is a draft again afterwards.

    A second run, after a worker was lost, waits for the first one's lock and finds nothing to do.
    """
    with working(self, job_id) as work:
        populated = False
        try:
            with self.scope():
                campaign = Campaign.objects.select_related("started_by__user").get(pk=campaign_id)
                actor: Actor = campaign.started_by or WORKER
                count = populate_campaign(campaign, actor=actor, work=work)
                work.message = f"{campaign.reference} has started with {count:,} items."
                work.url = campaign.get_absolute_url()
            populated = True
        finally:
            if not populated:
                _give_back(self, campaign_id)


def _give_back(task: TenantTask, campaign_id: str) -> None:
    with task.scope():
        campaign = Campaign.objects.get(pk=campaign_id)
        if campaign.status == Campaign.Status.STARTING:
            return_to_draft(campaign, actor=WORKER, reason="The start did not succeed.")


def return_lost(_organization: Organization, at: dt.datetime) -> None:
    """Give back what has been starting for an hour: its worker is gone. Idempotent."""
    for campaign in Campaign.objects.filter(status=Campaign.Status.STARTING, started_at__lt=at - LOST_AFTER):
        return_to_draft(campaign, actor=WORKER, reason="The start did not come to an end within an hour.")
