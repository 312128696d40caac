"""The state of the access reviews in a few figures, each leading to the rows it counts."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Removal
from inventory.models.removal import OPEN
from reviews.campaigns.progress import Progress, progress_of
from reviews.models import Campaign
from reviews.reminders import Alarm, alarms

_ORDER = ("active", "signed_off", "starting", "draft", "closed")


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of removals and where its rows are; `tone` is empty when there are none."""

    label: str
    count: int
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReviewsCard:
    """The review that matters now, its progress, and the removals."""

    campaign: Campaign | None
    progress: Progress | None
    removals: list[Figure]
    alarms: list[Alarm]


def reviews_card(member: Member) -> ReviewsCard | None:
    """The card for those who may read reviews; None for everybody else."""
    if not member.can("reviews.read"):
        return None
    today = member.organization.today()
    campaign = _current()
    progress = progress_of(campaign, today) if campaign and campaign.item_count else None
    figures = _removals(today) if member.can("removals.read") else []
    return ReviewsCard(campaign, progress, figures, alarms(member.organization))


def _current() -> Campaign | None:
    """The latest quarter's review, the one under way first."""
    latest = Campaign.objects.exclude(status=Campaign.Status.CANCELLED).order_by("-period_from", "-created_at")[:10]
    return min(latest, key=lambda one: (_ORDER.index(one.status), -one.period_from.toordinal()), default=None)


def _removals(today: dt.date) -> list[Figure]:
    listing = reverse("inventory:removal-list")
    late = Q(status__in=OPEN, due_on__lt=today)
    asked = (
        ("Removals open", Q(status__in=OPEN), "state=open", ""),
        ("Overdue", late, "state=open&due=late", "warn"),
        ("Still active", Q(status="still_active"), "state=still_active", "bad"),
    )
    figures = []
    for label, condition, query, tone in asked:
        count = Removal.objects.filter(condition).count()
        figures.append(Figure(label, count, f"{listing}?{query}", tone if count else ""))
    return figures
