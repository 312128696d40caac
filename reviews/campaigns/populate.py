"""The worker's part of a start."""

from django.db import connection

from audit.actions import action
from audit.actors import Actor
from reviews.campaigns.announce import announce_start
from reviews.campaigns.population import count_scope, insert_range, ranges, stage
from reviews.models import Campaign
from tenancy.models import current_organization
from ui.refusals import ActionRefused
from workflow.jobs import Work

_UNROUTED = "SELECT count(*) FROM review_population WHERE reviewer_id IS NULL"


@action
def populate_campaign(campaign: Campaign, *, actor: Actor, work: Work | None = None) -> int:
    """Make the items of a campaign that is being started; returns how many. Raises ActionRefused when there are none."""
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if locked.status != Campaign.Status.STARTING:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: it is not being started.")
    organization = current_organization()
    population = stage(campaign, organization.today())
    if not population.count:
        raise ActionRefused("There is nothing to review: no account in these populations has access.")
    for after, upto in ranges(population.count):
        insert_range(campaign, after, upto)
        if work:
            work.progress(upto, population.count)
    count_scope(campaign)
    metadata = {"items": population.count, "population_digest": population.digest, "without_reviewer": _unrouted()}
    Campaign.POPULATE.apply(
        campaign,
        actor=actor,
        metadata=metadata,
        item_count=population.count,
        population_digest=population.digest,
    )
    announce_start(campaign)
    return population.count


@action
def return_to_draft(campaign: Campaign, *, actor: Actor, reason: str) -> None:
    """Undo a start that failed, so that the scope can be corrected."""
    Campaign.RETURN.apply(campaign, actor=actor, note=reason, started_by_id=None, started_at=None)


def _unrouted() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNROUTED)
        count: int = cursor.fetchone()[0]
    return count
