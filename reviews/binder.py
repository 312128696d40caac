"""What the audit binder is told of access reviews: whether a quarter of the period was skipped."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from reviews.models import Campaign
from reviews.quarters import Period, quarter_of
from ui.values import spelled

_DONE = {Campaign.Status.SIGNED_OFF, Campaign.Status.CLOSED}


def register() -> None:
    """Answer the rule and the line of the checklist."""
    register_fact("no-skipped-review", quarters_reviewed)
    register_fact("access-reviews", quarters_reviewed)


def quarters_reviewed(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """One fact of what is wrong for each quarter, or one that nothing is.

    Quarters before the first review that was made here are left to the evidence of their control.
    """
    url = reverse("reviews:list")
    campaigns = list(Campaign.objects.filter(status__in=Campaign.STARTED).order_by("period_from", "created_at"))
    if not campaigns:
        yield Fact(Outcome.UNKNOWN, "No access review has been started here.", url)
        return
    by_quarter: dict[str, list[Campaign]] = defaultdict(list)
    for one in campaigns:
        by_quarter[one.quarter].append(one)
    begun = quarter_of(campaigns[0].period_from)
    quarters = list(_quarters(max(period.starts_on, begun.first), min(period.ends_on, day)))
    wrong = [fact for quarter in quarters if (fact := _judged(quarter, by_quarter[quarter.label], day, url))]
    yield from wrong
    if not wrong and quarters:
        yield Fact(Outcome.HOLDS, f"No quarter was skipped from {quarters[0].name} to {quarters[-1].name}.", url)


def _judged(quarter: Period, campaigns: list[Campaign], day: dt.date, url: str) -> Fact | None:
    """None where a review was signed off, or can still be in time."""
    if any(one.status in _DONE for one in campaigns):
        return None
    if quarter.last < day:
        return Fact(Outcome.BROKEN, f"{quarter.name} is over and no review of it was signed off.", url)
    late = [one for one in campaigns if one.due_on < day]
    if late:
        return Fact(Outcome.UNKNOWN, f"{late[0].reference} was due on {spelled(late[0].due_on)} and is not signed off.", url)
    return None


def _quarters(first: dt.date, last: dt.date) -> Iterator[Period]:
    if first > last:
        return
    quarter = quarter_of(first)
    while quarter.first <= last:
        yield quarter
        quarter = quarter.next()
