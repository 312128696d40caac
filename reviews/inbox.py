"""What waits for a member in the reviews."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Member
from inventory.models import Removal
from inventory.models.removal import OPEN
from inventory.models.system import Route
from reviews.campaigns.routing import SECOND_REVIEWER
from reviews.deciding.reassign import REASSIGNED
from reviews.models import Campaign, CampaignSystem, Item
from workflow.inbox import InboxEntry

WHY = {
    Route.ENTITLEMENT_OWNER.value: "you own what the access is to",
    Route.SYSTEM_OWNER.value: "you are the system owner",
    Route.LINE_MANAGER.value: "you are the line manager",
    Route.BACKUP.value: "you are the backup reviewer",
    SECOND_REVIEWER: "you are the second reviewer",
    REASSIGNED: "they were reassigned to you",
}
RUNS = "you run the reviews"


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Decisions to make, and for who signs: reviews that are ready."""
    if member.can("reviews.decide"):
        yield from _decisions(member)
    if member.can("reviews.sign"):
        yield from _to_sign(member)


def _decisions(member: Member) -> Iterator[InboxEntry]:
    mine = Item.objects.filter(reviewer__member=member, campaign__status=Campaign.Status.ACTIVE).order_by("campaign__due_on")
    counts = mine.values_list("campaign", "campaign__reference", "campaign__due_on", "routed_by").annotate(
        total=Count("pk"), open=Count("pk", filter=Q(decision=""))
    )
    shares: dict[tuple[UUID, str, dt.date], list[tuple[str, int, int]]] = {}
    for campaign_id, reference, due_on, way, total, still in counts:
        shares.setdefault((campaign_id, reference, due_on), []).append((way, total, still))
    for (campaign_id, reference, due_on), ways in shares.items():
        still = sum(share[2] for share in ways)
        if still:
            total = sum(share[1] for share in ways)
            reasons = " or ".join(WHY[way] for way, _, left in sorted(ways, key=lambda share: -share[2]) if left)
            wait = "waits" if still == 1 else "wait"
            yield InboxEntry(
                title=f"{still:,} of {total:,} access rights {wait} for your decision",
                url=reverse("reviews:decide", args=[campaign_id]),
                why=f"{reference}, due {date_format(due_on, 'j F Y')}, because {reasons}",
                due=due_on,
                overdue=due_on < member.organization.today(),
                count=still,
            )


def _to_sign(member: Member) -> Iterator[InboxEntry]:
    """Drafts, reviews that wait for the sign-off or are held up, and access that came back unasked."""
    today = member.organization.today()
    for campaign in Campaign.objects.filter(status__in=["active", "draft"]).order_by("due_on"):
        late = campaign.due_on < today
        if campaign.status == Campaign.Status.DRAFT:
            prepared = "was prepared from the scope of the last review" if campaign.prepared_automatically else "is a draft"
            why = f"{campaign.reference} {prepared}"
            yield InboxEntry("A review waits to be started", campaign.get_absolute_url(), why, campaign.due_on, late)
        elif not (undecided := campaign.items.filter(decision="").count()):
            url = reverse("reviews:sign-off", args=[campaign.pk])
            yield InboxEntry(f"{campaign.reference} waits for your sign-off", url, "every item is decided", campaign.due_on, late)
        elif nobody := campaign.items.filter(decision="", reviewer=None).count():
            url = f"{reverse('reviews:items', args=[campaign.pk])}?reviewer=nobody"
            have = "1 item has" if nobody == 1 else f"{nobody:,} items have"
            title = f"{have} no reviewer in {campaign.reference}"
            yield InboxEntry(title, url, RUNS, campaign.due_on, late, nobody)
        elif late:
            title = f"{campaign.reference} is late: {undecided:,} of {campaign.item_count:,} items are undecided"
            yield InboxEntry(title, campaign.get_absolute_url(), RUNS, campaign.due_on, late)
    yield from _came_back()


def _came_back() -> Iterator[InboxEntry]:
    """Access that was verified gone and granted again, until a review asks about it."""
    asked = CampaignSystem.objects.filter(
        system=OuterRef("system"), snapshot__as_of__gte=OuterRef("regranted_at"), campaign__status__in=Campaign.STARTED
    )
    count = Removal.objects.filter(~Exists(asked), regranted_at__isnull=False).exclude(status__in=OPEN).count()
    if count:
        title = (
            "Access that was removed is there again" if count == 1 else f"Access that was removed is there again, {count:,} times"
        )
        url = f"{reverse('inventory:removal-list')}?state=regranted"
        yield InboxEntry(title, url, "no review has asked about it yet", count=count)
