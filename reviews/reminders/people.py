"""Whom the reminders are about, and who is told when they do not help."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Member
from inventory.models import Person
from reviews.models import Campaign, Item
from tenancy.models import Organization
from tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A reviewer's open items in a campaign under way."""

    campaign: Campaign
    person: Person
    count: int

    def days_late(self, today: dt.date) -> int:
        """Days since the due date; negative before it."""
        return (today - self.campaign.due_on).days


def compliance_managers() -> list[Member]:
    """The organization's active compliance managers."""
    everyone = Member.objects.active().filter(organization_id=current_tenant_id(), user__is_active=True)
    return list(everyone.having("compliance_manager").select_related("user", "organization"))


def outstanding(campaign: Campaign | None = None) -> list[Outstanding]:
    """Who still has something to decide, in every review under way or in one."""
    items = Item.objects.filter(decision="", reviewer__isnull=False, campaign__status=Campaign.Status.ACTIVE)
    if campaign is not None:
        items = items.filter(campaign=campaign)
    counts = list(items.order_by().values_list("campaign_id", "reviewer_id").annotate(n=Count("pk")))
    campaigns = Campaign.objects.in_bulk({row[0] for row in counts})
    people = Person.objects.select_related(
        "member__user", "member__organization", "manager__member__user", "manager__member__organization"
    ).in_bulk({row[1] for row in counts})
    found = [Outstanding(campaigns[one], people[who], count) for one, who, count in counts]
    return sorted(found, key=lambda row: (row.campaign.due_on, row.campaign.reference, row.person.name))


def account_of(person: Person | None) -> Member | None:
    """The person's account, if they may enter."""
    member = person.member if person is not None else None
    return member if member is not None and member.is_active else None


def manager_of(person: Person) -> Member | None:
    """The account of the person's manager, if there is one."""
    return account_of(person.manager)


def local_day(organization: Organization, at: dt.datetime) -> dt.date:
    """The day in the organization's zone."""
    return organization.day_of(at)
