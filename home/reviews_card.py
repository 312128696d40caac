"""The state of the access reviews in a few figures, each leading to the rows it counts."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import number_format

from accounts.models import Member
from inventory.models import Removal
from inventory.models.removal import OPEN, late_on
from reviews.campaigns.progress import Progress, progress_of
from reviews.models import Campaign
from reviews.reminders import Alarm, alarms

# The open states, and how they look when there are any.
OPEN_TONES = {"requested": "", "claimed": "", "still_active": "bad", "cannot_be_verified": "warn"}
_ORDER = ("active", "signed_off", "starting", "draft", "closed")


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of removals and where exactly these rows are; `tone` is empty when there are none."""

    label: str
    count: int
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Removals:
    """How many there are, how many of them are open, how many of these late; and each open one in one of `states`."""

    all: Figure
    open: Figure
    late: Figure
    states: list[Figure]

    @property
    def of_open(self) -> str:
        """The denominator of the states."""
        return f"of {number_format(self.open.count, force_grouping=True)} open"


@dataclass(frozen=True, slots=True)
class ReviewsCard:
    """The review that matters now, its progress, and the removals."""

    campaign: Campaign | None
    progress: Progress | None
    removals: Removals | None
    alarms: list[Alarm]


def reviews_card(member: Member, *, any_review: bool = True) -> ReviewsCard | None:
    """The card for those who may read reviews; None for everybody else. Without `any_review` none is looked for."""
    if not member.can("reviews.read"):
        return None
    today = member.organization.today()
    campaign = _current() if any_review else None
    progress = progress_of(campaign, today) if campaign and campaign.item_count else None
    removals = _removals(today) if member.can("removals.read") else None
    return ReviewsCard(campaign, progress, removals, alarms(member.organization))


def _current() -> Campaign | None:
    """The latest quarter's review, the one under way first."""
    latest = Campaign.objects.exclude(status=Campaign.Status.CANCELLED).order_by("-period_from", "-created_at")[:10]
    return min(latest, key=lambda one: (_ORDER.index(one.status), -one.period_from.toordinal()), default=None)


def _removals(today: dt.date) -> Removals:
    """All of it in one query. The addresses are the filters of the list, which counts the same rows."""
    is_open = Q(status__in=OPEN)
    conditions = {"all": Q(), "open": is_open, "late": late_on(today)}
    conditions |= {status: Q(status=status) for status in OPEN_TONES}
    counts = Removal.objects.aggregate(**{f"n_{name}": Count("pk", filter=condition) for name, condition in conditions.items()})
    listing = reverse("inventory:removal-list")

    def figure(name: str, query: str, label: str = "", tone: str = "") -> Figure:
        count = counts[f"n_{name}"]
        return Figure(label, count, f"{listing}{query}", tone if count else "")

    return Removals(
        figure("all", ""),
        figure("open", "?state=open"),
        figure("late", "?state=open&due=late"),
        [figure(name, f"?state={name}", Removal.Status(name).label, tone) for name, tone in OPEN_TONES.items()],
    )
