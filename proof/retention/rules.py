"""Which months of the trail may go: by age, and where nothing needs them.

The trail is one for the installation in this: its months are partitions that hold every organization's events, so a month goes
when none of them needs it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from audit.models import AuditEvent, AuditLeaf
from audit.seal.retained import months_there, span_of, under_a_head_a_year_before
from controls.models import AuditPeriod
from privacy.retention.holding import TRAIL, holds_on
from tenancy.models import Organization, current_organization

AFTER_REPORT = 12  # months for which an audit's events are kept after its report
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, in UTC as the partitions are."""

    first: dt.date

    @classmethod
    def named(cls, name: str) -> "Month":
        """Of 2026-11."""
        return cls(dt.date.fromisoformat(f"{name}-01"))

    @property
    def name(self) -> str:
        """2026-11"""
        return f"{self.first:%Y-%m}"

    @property
    def next(self) -> dt.date:
        """The first day after it."""
        return self.span[1].date()

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.next - DAY

    def days_in(self, organization: Organization) -> tuple[dt.date, dt.date]:
        """The first and the last day where an organization lives that have a part in it."""
        start, end = self.span
        return organization.day_of(start), organization.day_of(end - dt.timedelta(microseconds=1))

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """From its first instant to that of the next."""
        return span_of(self.name)


def old_months(today: dt.date) -> list[Month]:
    """The months that are as old as the installation keeps them, the earliest first."""
    end = _months_before(today, settings.PLUMBLINE_TRAIL_MONTHS)
    return [month for name in months_there() if (month := Month.named(name)).next <= end]


def needs(month: Month, today: dt.date) -> Iterator[str]:
    """Why the active organization needs a month, a sentence each: a hold first, then its audits, then what is not sealed."""
    first, last = month.days_in(current_organization())
    touching = Q(since=None) | Q(since__lte=last), Q(until=None) | Q(until__gte=first)
    for hold in holds_on(TRAIL).filter(*touching).order_by("reference"):
        yield f"{hold.reference} is in force: {hold.matter}."
    for period in AuditPeriod.objects.filter(starts_on__lte=last, ends_on__gte=first).prefetch_related("engagements"):
        yield from _needed_by(period, today)
    start, end = month.span
    old = under_a_head_a_year_before(dt.datetime.combine(today, dt.time.min, dt.UTC))
    sealed = AuditLeaf.objects.filter(pk=OuterRef("pk"), leaf=OuterRef("leaf"), position__lt=old)
    if AuditEvent.objects.filter(~Exists(sealed), at__gte=start, at__lt=end).exists():
        yield "Not all of its events have been sealed for a year."


def _needed_by(period: AuditPeriod, today: dt.date) -> Iterator[str]:
    issued = [one.report_issued_on for one in period.engagements.all() if one.report_issued_on]
    if not issued:
        yield f"{current_organization().name} has no report of the audit period {period.name} yet."
    elif _months_before(today, AFTER_REPORT) < max(issued):
        yield f"The report of the audit period {period.name} is not {AFTER_REPORT} months old."


def _months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = dt.date(year, month + 1, 1)
    return min(first.replace(day=min(day.day, 28)) + (day.day - min(day.day, 28)) * DAY, Month(first).last)
