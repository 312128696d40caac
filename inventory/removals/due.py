"""When access must be gone, in business days (Monday to Friday) of the organization's zone.

The periods are those of the product's access rules: one business day for what is privileged and for leavers, else five;
a leaver's privileged access goes on the last working day itself.
"""

import datetime as dt
from collections.abc import Collection

URGENT_DAYS = 1
NORMAL_DAYS = 5
SATURDAY = 5


def add_business_days(day: dt.date, count: int, holidays: Collection[dt.date] = ()) -> dt.date:
    """The `count`-th business day after `day`, which itself may be any day; where holidays are named, none of them is one."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_business_day(day, holidays)
    return day


def is_business_day(day: dt.date, holidays: Collection[dt.date] = ()) -> bool:
    """Whether business is done on it."""
    return day.weekday() < SATURDAY and day not in holidays


def review_due(signed_on: dt.date, *, urgent: bool) -> dt.date:
    """When a removal that a review decided is due: counted from the day of the sign-off."""
    return add_business_days(signed_on, URGENT_DAYS if urgent else NORMAL_DAYS)


def leaver_due(last_day: dt.date, *, privileged: bool) -> dt.date:
    """When a leaver's account is due: the last working day itself if privileged, else the business day after it."""
    return last_day if privileged else add_business_days(last_day, URGENT_DAYS)


def days_late(due_on: dt.date, done_on: dt.date) -> int:
    """Calendar days from the due day to `done_on`; 0 when in time."""
    return max(0, (done_on - due_on).days)
