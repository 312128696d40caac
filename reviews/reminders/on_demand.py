"""Reminding one reviewer now."""

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import Person
from reviews.models import Campaign
from reviews.reminders.digest import digests, write
from reviews.reminders.people import account_of, local_day, outstanding
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused


@action
def remind_reviewer(campaign: Campaign, person: Person, actor: Actor) -> None:
    """Write to a reviewer about everything open; at most one mail a day and person. Raises ActionRefused."""
    if not actor.can("reviews.write", campaign.pk):
        raise ActionRefused("Your role does not allow this.")
    if campaign.status != Campaign.Status.ACTIVE:
        raise ActionRefused(f"{campaign} is {campaign.get_status_display().lower()}: there is nothing to remind of.")
    open_ = sum(row.count for row in outstanding(campaign) if row.person.pk == person.pk)
    if not open_:
        raise ActionRefused(f"{person.name} has decided everything.")
    member = account_of(person)
    if member is None:
        raise ActionRefused(f"{person.name} has no account here, so no mail can be sent. Reassign the items.")
    organization, at = current_organization(), now()
    digest = next(one for one in digests(organization, at) if one.member.pk == member.pk)
    if not write(digest, local_day(organization, at)):
        raise ActionRefused(f"{person.name} has been reminded today already: at most one mail a day is sent.")
    record("campaign.remind", campaign, actor=actor, metadata={"reminded": [member.email], "open": open_})
