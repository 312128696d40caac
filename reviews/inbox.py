"""What waits for a member in the reviews."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import Member
from inventory.models import Removal
from inventory.models.removal import OPEN
from inventory.models.system import Route
from reviews.campaigns.routing import SECOND_REVIEWER
from reviews.deciding.reassign import REASSIGNED
from reviews.models import Campaign, CampaignSystem, Item
from workflow.inbox import InboxEntry, Rows, named

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
    elif member.entrusted:
        yield from _held_up(_in_care(member), member.organization.today(), signs=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can("reviews.decide"):
        yield Item.objects.filter(reviewer__member=member, decision="", campaign__status=Campaign.Status.ACTIVE)
    if member.can("reviews.sign"):
        yield Campaign.objects.filter(status__in=["active", "draft"])
        yield Removal.objects.filter(regranted_at__isnull=False)
    elif member.entrusted:
        yield _in_care(member)


def _decisions(member: Member) -> Iterator[InboxEntry]:
    mine = Item.objects.filter(reviewer__member=member, campaign__status=Campaign.Status.ACTIVE).order_by("campaign__due_on")
    if member.reader is not None:  # nobody decides on their own access, a deputy neither
        mine = mine.exclude(subject__member=member.reader)
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
                title=f"{reference}: {still:,} of {total:,} access rights {wait} for your decision",
                url=reverse("reviews:decide", args=[campaign_id]),
                why=reasons,
                due=due_on,
                overdue=due_on < member.organization.today(),
                count=still,
            )


def _to_sign(member: Member) -> Iterator[InboxEntry]:
    """Drafts, reviews that wait for the sign-off or are held up, and access that came back unasked."""
    yield from _held_up(Campaign.objects.filter(status__in=["active", "draft"]), member.organization.today(), signs=True)
    yield from _came_back()


def _in_care(member: Member) -> QuerySet[Campaign]:
    """Reviews that were handed to a member who does not see all of them here anyway."""
    return Campaign.objects.filter(status__in=["active", "draft"], pk__in=list(member.entrusted))


def _held_up(campaigns: QuerySet[Campaign], today: dt.date, *, signs: bool) -> Iterator[InboxEntry]:
    """What of these reviews waits for whoever looks after them."""
    for campaign in campaigns.order_by("due_on"):
        late = campaign.due_on < today
        if campaign.status == Campaign.Status.DRAFT:
            prepared = "was prepared from the scope of the last review" if campaign.prepared_automatically else "is a draft"
            why = f"{RUNS}, and it {prepared}"
            title = f"{campaign.reference} waits to be started"
            yield _of_all(title, campaign.get_absolute_url(), why, campaign.due_on, overdue=late)
        elif not (undecided := campaign.items.filter(decision="").count()):
            if signs:
                url = reverse("reviews:sign-off", args=[campaign.pk])
                title = f"{campaign.reference} waits for your sign-off"
                yield _of_all(title, url, "every item is decided", campaign.due_on, overdue=late)
        elif nobody := campaign.items.filter(decision="", reviewer=None).count():
            url = f"{reverse('reviews:items', args=[campaign.pk])}?reviewer=nobody"
            have = "1 item has" if nobody == 1 else f"{nobody:,} items have"
            title = f"{have} no reviewer in {campaign.reference}"
            yield _of_all(title, url, RUNS, campaign.due_on, overdue=late, count=nobody)
        elif late:
            title = f"{campaign.reference} is late: {undecided:,} of {campaign.item_count:,} items are undecided"
            yield _of_all(title, campaign.get_absolute_url(), RUNS, campaign.due_on, overdue=late)


def _came_back() -> Iterator[InboxEntry]:
    """Access that was verified gone and granted again, until a review asks about it."""
    asked = CampaignSystem.objects.filter(
        system=OuterRef("system"), snapshot__as_of__gte=OuterRef("regranted_at"), campaign__status__in=Campaign.STARTED
    )
    back = Removal.objects.filter(~Exists(asked), regranted_at__isnull=False).exclude(status__in=OPEN)
    found = back.aggregate(count=Count("pk"), first=Min("reference"))
    if count := found["count"]:
        title = f"Access that was removed is there again: {named(found['first'], count)}"
        url = f"{reverse('inventory:removal-list')}?state=regranted"
        yield InboxEntry(title, url, "no review has asked about it yet", count=count, delegable=False)


def _of_all(title: str, url: str, why: str, due: dt.date, *, overdue: bool, count: int = 1) -> InboxEntry:
    """What waits for everybody who signs, or for a guardian."""
    return InboxEntry(title, url, why, due, overdue=overdue, count=count, delegable=False)
