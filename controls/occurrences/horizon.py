"""How far back and ahead occurrences are laid out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from controls.models import AuditPeriod
from controls.occurrences.calendar import end_of_month
from tenancy.models import current_organization

YEAR = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Occurrences that end from `first` to `until` are laid out; those laid out earlier stay as far as `limit`."""

    today: dt.date
    first: dt.date
    until: dt.date
    limit: dt.date
    periods: Sequence[AuditPeriod]


def current_horizon() -> Horizon:
    """From the start of the first open period, or a year back, to the end of the last one, or a year ahead.

    An end in the past counts for nothing: controls go on working between two audits.
    """
    today = current_organization().today()
    periods = list(AuditPeriod.objects.filter(status=AuditPeriod.Status.OPEN).order_by("starts_on"))
    first = min([period.starts_on for period in periods], default=today - YEAR)
    last = max([period.ends_on for period in periods], default=today)
    ahead = end_of_month(today + YEAR)
    until = last if last > today else ahead
    return Horizon(today, min(first, today.replace(day=1)), until, max(until, ahead), periods)
