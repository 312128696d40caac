"""The times for which uptime is told: by a word, or from a day to a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.utils.dateparse import parse_date
from django.utils.timezone import localdate

from monitoring.checking.maintaining import Spell
from tenancy.scope import now
from ui.moments import day_begins
from ui.screens.listing import FIRST_YEAR, LAST_YEAR
from ui.values import spelled

DAY = dt.timedelta(days=1)
LONGEST = 366 * 3  # days
WORDS = {"24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days", "90d": "Last 90 days", "year": "Last 365 days"}
_DAYS = {"7d": 7, "30d": 30, "90d": 90, "year": 365}


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant to another, and its name."""

    key: str
    label: str
    begins: dt.datetime
    ends: dt.datetime

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last local day that it touches."""
        return localdate(self.begins), localdate(self.ends - dt.timedelta(microseconds=1))

    @property
    def spell(self) -> Spell:
        """The two instants."""
        return self.begins, self.ends


def period_of(asked: Mapping[str, str], today: dt.date) -> Period:
    """What an address asks for: `from` and `to` as days, or `period`; the last 30 days by default."""
    first, last = _day(asked.get("from", "")), _day(asked.get("to", ""))
    if first and last and first <= last and (last - first).days < LONGEST:
        return Period("", f"{spelled(first)} to {spelled(last)}", day_begins(first), day_begins(last + DAY))
    key = asked.get("period", "")
    if key == "24h":
        return Period(key, WORDS[key], now() - DAY, now())
    key = key if key in _DAYS else "30d"
    return Period(key, WORDS[key], day_begins(today - (_DAYS[key] - 1) * DAY), now())


def days(today: dt.date, count: int) -> list[Spell]:
    """The last so many local days, today included, oldest first."""
    begins = [day_begins(today - DAY * number) for number in range(count - 1, -2, -1)]
    return list(pairwise(begins))


def _day(text: str) -> dt.date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None
