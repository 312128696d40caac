"""Periods of the calendar: months and quarters, as dates without a zone."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

Kind = Literal["month", "quarter"]
_MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3}
DUE_DAY = 30
LEAST_TIME = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter: `first` and `last` are its days, both included."""

    kind: Kind
    first: dt.date
    last: dt.date

    @property
    def label(self) -> str:
        """2026-10 for a month, 2026-Q4 for a quarter: sorts by time."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    @property
    def name(self) -> str:
        """October 2026, or Q4 2026, for titles."""
        if self.kind == "month":
            return f"{self.first:%B %Y}"
        return f"Q{(self.first.month + 2) // 3} {self.first.year}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def day(self, number: int) -> dt.date:
        """Its day of this number, from 1; the last one when it has fewer."""
        return min(self.first + dt.timedelta(days=number - 1), self.last)

    def next(self) -> "Period":
        """The period that follows."""
        return _holding(self.kind, self.last + dt.timedelta(days=1))

    def previous(self) -> "Period":
        """The period before."""
        return _holding(self.kind, self.first - dt.timedelta(days=1))

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return self.label


def quarter_of(day: dt.date) -> Period:
    """The quarter that holds the day."""
    return _holding("quarter", day)


def month_of(day: dt.date) -> Period:
    """The month that holds the day."""
    return _holding("month", day)


def default_due(period: Period, today: dt.date | None = None) -> dt.date:
    """When a review of the period is due unless somebody says otherwise: its day 30.

    One that is prepared later than that, `today`, gets two weeks: nothing is overdue before it has begun.
    """
    due = period.day(DUE_DAY)
    return max(due, today + LEAST_TIME) if today and today > due else due


def _holding(kind: Kind, day: dt.date) -> Period:
    months = _MONTHS[kind]
    month = (day.month - 1) // months * months + 1
    last_month = month + months - 1
    last = dt.date(day.year, last_month, calendar.monthrange(day.year, last_month)[1])
    return Period(kind, dt.date(day.year, month, 1), last)
