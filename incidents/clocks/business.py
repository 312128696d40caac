"""By when something is due: in hours as they pass, in days, business days and months as the organization's calendar has them.

An hour is an hour, whatever the clocks do. Days, business days and months end with the last second of their local day, and the
day on which the time began is not counted, as in Regulation (EEC) 1182/71, article 3; a month that has no such day ends with
its last one. What begins on a weekend or holiday counts the next business day as the first, as for Form 8-K.
"""

import calendar
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from incidents.models import Unit
from inventory.removals.due import add_business_days

SECOND = dt.timedelta(seconds=1)
Days = Collection[dt.date]


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a duty gives, from when on, and what limits it."""

    trigger: str
    amount: int
    unit: str
    cap_trigger: str = ""
    cap_amount: int | None = None
    cap_unit: str = ""

    def as_data(self) -> dict[str, Any]:
        """As a clock keeps them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Due:
    """From when on the time runs, and until when; None where that is not known yet."""

    trigger_at: dt.datetime | None
    due_at: dt.datetime | None


def due_of(terms: Terms, moments: Mapping[str, dt.datetime], zone: ZoneInfo, holidays: Days) -> Due:
    """The earlier of what the terms and their limit give, as far as their moments are known."""
    begun = moments.get(terms.trigger)
    ends = [add(begun, terms.amount, terms.unit, zone, holidays)] if begun else []
    limit = moments.get(terms.cap_trigger) if terms.cap_trigger else None
    if limit is not None and terms.cap_amount is not None:
        ends.append(add(limit, terms.cap_amount, terms.cap_unit, zone, holidays))
    return Due(begun, min(ends, default=None))


def add(begun: dt.datetime, amount: int, unit: str, zone: ZoneInfo, holidays: Days) -> dt.datetime:
    """The last instant that is in time."""
    if unit == Unit.HOURS:
        return begun.astimezone(dt.UTC) + dt.timedelta(hours=amount)
    day = begun.astimezone(zone).date()
    if unit == Unit.DAYS:
        return last_second(day + dt.timedelta(days=amount), zone)
    if unit == Unit.MONTHS:
        return last_second(add_months(day, amount), zone)
    return last_second(add_business_days(day, amount, holidays), zone)


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day of a later month, or the month's last one."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_second(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The last second of a local day, in UTC."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC) - SECOND
