"""The calendar's intervals, as dates without a zone: a day is the organization's own, however many hours it has."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from controls.models.control import Cadence
from inventory.removals.due import add_business_days

DAY = dt.timedelta(days=1)
_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.HALF_YEARLY: 6, Cadence.YEARLY: 12}
INTERVALS = frozenset({Cadence.DAILY, Cadence.WEEKLY, *_MONTHS})


@dataclass(frozen=True, slots=True)
class Interval:
    """A day, ISO week, month, quarter, half-year or year: `first` and `last` are its days, both included."""

    cadence: Cadence
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def key(self) -> str:
        """2026-07-05, 2026-W27, 2026-07, 2026-Q3, 2026-H2 or 2026: one for each interval of any cadence."""
        return _KEYS[self.cadence](self.first)

    @property
    def label(self) -> str:
        """The interval in words, such as "Q3 2026" or "Week 27 of 2026, to 5 July"."""
        return _LABELS[self.cadence](self)

    def next(self) -> "Interval":
        """The interval that follows."""
        return interval_of(self.cadence, self.last + DAY)


def interval_of(cadence: Cadence, day: dt.date) -> Interval:
    """The interval of a cadence that holds the day. KeyError for a cadence without intervals."""
    if cadence == Cadence.DAILY:
        return Interval(cadence, day, day)
    if cadence == Cadence.WEEKLY:
        first = day - dt.timedelta(days=day.weekday())
        return Interval(cadence, first, first + dt.timedelta(days=6))
    months = _MONTHS[cadence]
    month = (day.month - 1) // months * months + 1
    end = month + months - 1
    last = dt.date(day.year, end, calendar.monthrange(day.year, end)[1])
    return Interval(cadence, dt.date(day.year, month, 1), last)


def intervals(cadence: Cadence, first: dt.date, last: dt.date) -> Iterator[Interval]:
    """The intervals that end from `first` to `last`, in order."""
    interval = interval_of(cadence, first)
    while interval.last <= last:
        yield interval
        interval = interval.next()


def first_fair_day(today: dt.date) -> dt.date:
    """Since when something new is in scope, unless said otherwise: the next business day. Nothing is due minutes later."""
    return add_business_days(today, 1)


def first_of(day: dt.date, *, months: int) -> dt.date:
    """The first day of the month so many months later, or earlier where that is less than nothing."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def end_of_month(day: dt.date) -> dt.date:
    """The last day of the day's month."""
    return interval_of(Cadence.MONTHLY, day).last


def spelled(day: dt.date) -> str:
    """5 July 2026."""
    return f"{day.day} {day:%B %Y}"


def _week_key(first: dt.date) -> str:
    year, week, _ = first.isocalendar()
    return f"{year}-W{week:02}"


def _week_label(interval: Interval) -> str:
    year, week, _ = interval.first.isocalendar()
    return f"Week {week} of {year}, to {interval.last.day} {interval.last:%B}"


_KEYS: dict[Cadence, Callable[[dt.date], str]] = {
    Cadence.DAILY: lambda day: day.isoformat(),
    Cadence.WEEKLY: _week_key,
    Cadence.MONTHLY: lambda day: f"{day:%Y-%m}",
    Cadence.QUARTERLY: lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    Cadence.HALF_YEARLY: lambda day: f"{day.year}-H{(day.month + 5) // 6}",
    Cadence.YEARLY: lambda day: f"{day.year}",
}
_LABELS: dict[Cadence, Callable[[Interval], str]] = {
    Cadence.DAILY: lambda interval: spelled(interval.first),
    Cadence.WEEKLY: _week_label,
    Cadence.MONTHLY: lambda interval: f"{interval.first:%B %Y}",
    Cadence.QUARTERLY: lambda interval: f"Q{interval.last.month // 3} {interval.first.year}",
    Cadence.HALF_YEARLY: lambda interval: f"{'First' if interval.first.month == 1 else 'Second'} half of {interval.first.year}",
    Cadence.YEARLY: lambda interval: f"Year {interval.first.year}",
}
