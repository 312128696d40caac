"""The days that a report is about, and the moment as of which it says what it says."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Member
from controls.models import AuditPeriod
from reports.monthly.standing import Standing, standings
from tenancy.models import Organization

DAY = dt.timedelta(days=1)
HOUR = dt.time(6)


@dataclass(frozen=True)
class Span:
    """The days `first` to `last` of an organization, seen at `moment`, within an audit period where there is one."""

    organization: Organization
    first: dt.date
    last: dt.date
    moment: dt.datetime
    period: AuditPeriod | None = None

    @property
    def today(self) -> dt.date:
        """The organization's day of the moment."""
        return self.organization.day_of(self.moment)

    @property
    def since(self) -> dt.datetime:
        """Its first instant."""
        return self.organization.end_of(self.first - DAY)

    @property
    def until(self) -> dt.datetime:
        """The first instant that is no longer part of it, or the moment, where it is not over."""
        return min(self.organization.end_of(self.last), self.moment)

    @cached_property
    def controls(self) -> list[Standing]:
        """The controls in scope of the period as of the moment; none without a period."""
        return standings(self.period, self.today, self.organization) if self.period else []

    @cached_property
    def responsible(self) -> str:
        """Who answers for the programme where nobody owns a thing: the first who runs the controls, by name."""
        members = Member.objects.active().of(self.organization)
        names = sorted(member.name for member in members if member.can("controls.write"))
        return names[0] if names else "The management"


def is_month(first: dt.date, last: dt.date) -> bool:
    """Whether the days are a whole calendar month."""
    return first.day == 1 and last == month_end(first)


def name_of(first: dt.date, last: dt.date) -> str:
    """October 2026; 1 to 21 November 2026; 3 October to 9 November 2026."""
    if is_month(first, last):
        return f"{first:%B %Y}"
    end = f"{last:%-d %B %Y}"
    if first == last:
        return end
    shown = ("%-d", "%-d %B", "%-d %B %Y")[(first.year != last.year) + ((first.year, first.month) != (last.year, last.month))]
    return f"{first:{shown}} to {end}"


def short_name(first: dt.date, last: dt.date) -> str:
    """October; for other spans "These days"."""
    return f"{first:%B}" if is_month(first, last) else "These days"


def month_end(day_: dt.date) -> dt.date:
    """The last day of its month."""
    return next_month(day_) - DAY


def next_month(day_: dt.date) -> dt.date:
    """The first day of the month after."""
    return (day_.replace(day=28) + 4 * DAY).replace(day=1)


def month_before(day_: dt.date) -> dt.date:
    """The first day of the month before."""
    return (day_.replace(day=1) - DAY).replace(day=1)


def key_of(first: dt.date) -> str:
    """2026-10"""
    return f"{first:%Y-%m}"


def due_at(first: dt.date, organization: Organization) -> dt.datetime:
    """When the report of the month that begins on `first` is made: six in the morning of the first day after, local time."""
    return dt.datetime.combine(next_month(first), HOUR, organization.tzinfo).astimezone(dt.UTC)
