"""By when something has to be done about an incident."""

import datetime as dt

from incidents.clocks.holidays import days_off
from incidents.settings import settings_of_incidents
from inventory.removals.due import add_business_days
from tenancy.models import current_organization


def acknowledge_due(severity: str, from_: dt.datetime) -> dt.datetime:
    """By when one of this severity is to be acknowledged."""
    return from_ + dt.timedelta(minutes=settings_of_incidents().minutes_for(severity))


def review_due(from_: dt.datetime) -> dt.date:
    """The day a review is due, in business days after it was resolved; holidays are none."""
    return add_business_days(current_organization().day_of(from_), settings_of_incidents().review_days, days_off())
