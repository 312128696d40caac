"""The alarm: a quarter whose review has not started by its day 15."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Member
from reviews.models import Campaign
from reviews.quarters import Period, quarter_of
from reviews.reminders.people import local_day
from tenancy.models import Organization
from tenancy.scope import now
from workflow.inbox import InboxEntry

ALARM_DAY = 15


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something wrong with the reviews as a whole, and what to do about it."""

    title: str
    text: str
    action: str
    url: str
    since: dt.date


def alarms(organization: Organization, at: dt.datetime | None = None) -> list[Alarm]:
    """What is wrong at `at` (now, unless it is given) in the active organization."""
    today = local_day(organization, at or now())
    quarter = quarter_of(today)
    since = quarter.day(ALARM_DAY)
    new = local_day(organization, organization.created_at) > since
    if today < since or new or not needs_start(quarter):
        return []
    draft = Campaign.objects.filter(period_from=quarter.first, status=Campaign.Status.DRAFT).first()
    title = f"The access review of {quarter.name} has not started"
    text = f"It should have started by {since.day} {since:%B}, day {ALARM_DAY} of the quarter."
    if draft is None:
        return [Alarm(title, text, "Prepare the review", reverse("reviews:create"), since)]
    return [Alarm(title, text, f"Open the draft {draft.reference}", draft.get_absolute_url(), since)]


def needs_start(quarter: Period) -> bool:
    """Whether no review of the quarter has been started."""
    return not Campaign.objects.filter(period_from=quarter.first, status__in=Campaign.STARTED).exists()


def alarm_entries(member: Member) -> Iterator[InboxEntry]:
    """The alarm in the work of those who sign."""
    if member.can("reviews.sign"):
        for alarm in alarms(member.organization):
            yield InboxEntry(alarm.title, alarm.url, "you run the reviews", alarm.since, overdue=True, delegable=False)
