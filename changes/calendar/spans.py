"""What one page of the calendar is about: a month in whole weeks, a week, or a day. Weeks begin on Monday (ISO 8601)."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ui.moments import day_begins

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
VIEWS = {"month": "Month", "week": "Week", "day": "Day"}
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both shown; `on` is the day that was asked for."""

    view: str
    on: dt.date

    @property
    def first(self) -> dt.date:
        """The first day shown: of a month, the Monday of its first week."""
        if self.view == "month":
            return monday(self.on.replace(day=1))
        return monday(self.on) if self.view == "week" else self.on

    @property
    def last(self) -> dt.date:
        """The last day shown."""
        if self.view == "month":
            return monday(last_of_month(self.on)) + WEEK - DAY
        return self.first + WEEK - DAY if self.view == "week" else self.on

    @property
    def days(self) -> list[dt.date]:
        """Each day shown."""
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]

    @property
    def begins(self) -> dt.datetime:
        """The first instant shown."""
        return day_begins(self.first)

    @property
    def ends(self) -> dt.datetime:
        """The instant after the last shown."""
        return day_begins(self.last + DAY)

    def holds(self, day: dt.date) -> bool:
        """Whether a day is of the month, week or day itself, not only shown for whole weeks."""
        return self.view != "month" or (day.year, day.month) == (self.on.year, self.on.month)

    @property
    def label(self) -> str:
        """`November 2026`, `16 to 22 November 2026, week 47` or `Sunday 22 November 2026`."""
        if self.view == "month":
            return f"{self.on:%B %Y}"
        if self.view == "day":
            return f"{self.on:%A} {self.on.day} {self.on:%B %Y}"
        first, last = self.first, self.last
        begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
        begin += f" {first:%Y}" if first.year != last.year else ""
        return f"{begin} to {last.day} {last:%B %Y}, week {first.isocalendar().week}"

    def next(self) -> dt.date:
        """A day of the month, week or day after this one."""
        if self.view == "month":
            return last_of_month(self.on) + DAY
        return self.on + (WEEK if self.view == "week" else DAY)

    def previous(self) -> dt.date:
        """A day of the one before."""
        if self.view == "month":
            return (self.on.replace(day=1) - DAY).replace(day=1)
        return self.on - (WEEK if self.view == "week" else DAY)


def span_of(asked: Mapping[str, str], today: dt.date) -> Span:
    """What the address asks for: `view` and `on`, an ISO date. What makes no sense is the month of today."""
    view = asked.get("view", "")
    try:
        on = dt.date.fromisoformat(asked.get("on", ""))
    except ValueError:
        on = today
    return Span(view if view in VIEWS else "month", on if EARLIEST <= on <= LATEST else today)


def monday(day: dt.date) -> dt.date:
    """The first day of its week."""
    return day - DAY * day.weekday()


def last_of_month(day: dt.date) -> dt.date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
