"""What the audit binder is told of access reviews: whether a quarter of the period was skipped."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from reviews.models import Campaign
from reviews.quarters import LEAST_TIME, Period, quarter_of
from tenancy.models import current_organization
from ui.values import spelled

DAY = dt.timedelta(days=1)
_DONE = {Campaign.Status.SIGNED_OFF, Campaign.Status.CLOSED}


def register() -> None:
    """Answer the rule and the line of the checklist."""
    register_fact("no-skipped-review", quarters_reviewed)
    register_fact("access-reviews", quarters_reviewed)


def quarters_reviewed(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """A fact for each thing that is wrong in a quarter, or one that nothing is.

    Quarters before the organization was here are left to the evidence of their control, unless they were reviewed here.
    """
    url = reverse("reviews:list")
    campaigns = list(Campaign.objects.filter(status__in=Campaign.STARTED).order_by("period_from", "created_at"))
    by_quarter: dict[str, list[Campaign]] = defaultdict(list)
    for one in campaigns:
        by_quarter[one.quarter].append(one)
    begun = min([_first_here(), *(quarter_of(one.period_from).first for one in campaigns[:1])])
    quarters = list(_quarters(max(period.starts_on, begun), min(period.ends_on, day)))
    wrong = [fact for quarter in quarters for fact in _judged(quarter, by_quarter[quarter.label], day, url)]
    yield from wrong
    if not campaigns and not wrong:
        yield Fact(Outcome.UNKNOWN, "No access review has been started here.", url)
    elif not wrong and quarters:
        sentence = f"No quarter was skipped from {quarters[0].name} to {quarters[-1].name}.{_before(period, quarters[0])}"
        yield Fact(Outcome.HOLDS, sentence, url)


def _first_here() -> dt.date:
    """The first day of the first quarter in which the organization was here long enough to make a review."""
    organization = current_organization()
    came = organization.day_of(organization.created_at)
    quarter = quarter_of(came)
    return (quarter if came + LEAST_TIME <= quarter.last else quarter.next()).first


def _before(period: AuditPeriod, begun: Period) -> str:
    """What is said of the quarters of the period that nobody can judge here."""
    earlier = list(_quarters(period.starts_on, begun.first - DAY))
    if not earlier:
        return ""
    names = earlier[0].name if len(earlier) == 1 else f"{earlier[0].name} to {earlier[-1].name}"
    return (
        f" {names} of the period came before the organization was here: only the evidence of the control can show their review."
    )


def _judged(quarter: Period, campaigns: list[Campaign], day: dt.date, url: str) -> Iterator[Fact]:
    """Nothing where a review was signed off, or can still be in time, and none is late."""
    done = any(one.status in _DONE for one in campaigns)
    if quarter.last < day and not done:
        yield Fact(Outcome.BROKEN, f"{quarter.name} is over and no review of it was signed off.", url)
        return
    for one in campaigns:
        if one.status not in _DONE and one.due_on < day:
            due = f"{one.reference} was due on {spelled(one.due_on)} and is not signed off"
            yield Fact(Outcome.UNKNOWN, f"{due}{_undecided(one)}.", url)


def _undecided(campaign: Campaign) -> str:
    count = campaign.items.filter(decision="").count()
    verb = "is" if count == 1 else "are"
    return f": {count:,} of {campaign.item_count:,} items {verb} undecided" if count else ""


def _quarters(first: dt.date, last: dt.date) -> Iterator[Period]:
    if first > last:
        return
    quarter = quarter_of(first)
    while quarter.first <= last:
        yield quarter
        quarter = quarter.next()
