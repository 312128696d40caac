"""The algebra of days: what reports cover of an audit period, what bridge letters speak of beside, and what is left.

Pure functions over days. A span has its first and its last day, both within it.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
LONGEST_BRIDGE = 3  # months: a letter that speaks for longer says less than it seems to


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from the first to the last, both included. Raises ValueError for one that ends before it begins."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """No span is empty."""
        if self.last < self.first:
            raise ValueError("It ends before it begins.")

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Window:
    """An audit period in three parts that touch each other and do not overlap: covered, bridged, neither."""

    period: Span
    covered: tuple[Span, ...]
    bridged: tuple[Span, ...]
    gaps: tuple[Span, ...]

    @property
    def covered_days(self) -> int:
        """How many days reports cover. A bridge letter covers none."""
        return sum(one.days for one in self.covered)

    @property
    def is_whole(self) -> bool:
        """Whether reports cover every day."""
        return self.covered_days == self.period.days

    @property
    def parts(self) -> list[tuple[str, Span]]:
        """All parts in the order of their days, each with what it is."""
        named = (("covered", self.covered), ("bridged", self.bridged), ("gap", self.gaps))
        return sorted(((kind, one) for kind, spans in named for one in spans), key=lambda part: part[1])


def union(spans: Iterable[Span]) -> list[Span]:
    """The same days as as few spans as can be, in their order; those that touch become one."""
    joined: list[Span] = []
    for one in sorted(spans):
        if joined and (one.first - joined[-1].last).days <= 1:
            joined[-1] = Span(joined[-1].first, max(joined[-1].last, one.last))
        else:
            joined.append(one)
    return joined


def within(spans: Iterable[Span], period: Span) -> list[Span]:
    """Only the days that are in the period."""
    cut = ((max(one.first, period.first), min(one.last, period.last)) for one in spans)
    return [Span(first, last) for first, last in cut if first <= last]


def without(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """The days of `spans` that are in none of `taken`."""
    left = union(spans)
    for away in union(taken):
        left = [rest for one in left for rest in _rests(one, away)]
    return left


def _rests(one: Span, away: Span) -> list[Span]:
    if away.last < one.first or one.last < away.first:
        return [one]
    rests = []
    if one.first < away.first:
        rests.append(Span(one.first, away.first - DAY))
    if away.last < one.last:
        rests.append(Span(away.last + DAY, one.last))
    return rests


def window(period: Span, reports: Iterable[Span], bridges: Iterable[Span] = ()) -> Window:
    """What reports cover of the period; what only bridge letters speak of; and the gaps, of which neither does."""
    covered = union(within(reports, period))
    bridged = without(within(bridges, period), covered)
    gaps = without([period], [*covered, *bridged])
    return Window(period, tuple(covered), tuple(bridged), tuple(gaps))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_long(bridge: Span) -> bool:
    """Whether a bridge letter speaks for more than three months."""
    return bridge.last >= months_after(bridge.first, LONGEST_BRIDGE)
