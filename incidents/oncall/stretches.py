"""Whiles for which somebody often takes over: tonight, next weekend, next week; in the organization's days."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tenancy.models import current_organization

EVENING, MORNING = dt.time(18), dt.time(9)
SATURDAY = 5
DAY = dt.timedelta(days=1)
NAMES = (("", "As given below"), ("tonight", "Tonight"), ("weekend", "Next weekend"), ("week", "Next week"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when, and what it is called."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def label(self) -> str:
        """Next weekend: Sat 28 Nov, 00:00 to Mon 30 Nov, 00:00."""
        return f"{self.name}: {_spelled(self.starts_at)} to {_spelled(self.ends_at)}"


def stretches(at: dt.datetime, weekday: int = 0, hour: dt.time = dt.time.min) -> dict[str, Stretch]:
    """By key, as seen at a moment. Next weekend and next week begin on a day that is still to come.

    Next week begins on `weekday` (Monday is 0) at `hour`, as the rotation hands over, so that nobody has a part of two weeks.
    """
    zone = current_organization().tzinfo
    today = current_organization().day_of(at)
    evening = dt.datetime.combine(today, EVENING, zone)
    saturday = today + DAY * ((SATURDAY - today.weekday() - 1) % 7 + 1)
    first = today + DAY * ((weekday - today.weekday() - 1) % 7 + 1)
    whiles = {
        "tonight": (max(evening, at.astimezone(zone)), dt.datetime.combine(today + DAY, MORNING, zone)),
        "weekend": (_midnight(saturday, zone), _midnight(saturday + 2 * DAY, zone)),
        "week": (dt.datetime.combine(first, hour, zone), dt.datetime.combine(first + 7 * DAY, hour, zone)),
    }
    return {key: Stretch(name, *whiles[key]) for key, name in NAMES if key}


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, zone)


def _spelled(moment: dt.datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b, %H:%M}"
