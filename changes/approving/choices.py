"""What an organization chose about its changes, or what holds until it does."""

import datetime as dt

from changes.models import ChangeSettings

LONGEST = dt.timedelta(days=90)  # an approval lasts no longer, whatever window or days were chosen


def chosen() -> ChangeSettings:
    """The organization's row, or one with the defaults that is not saved."""
    return ChangeSettings.objects.first() or ChangeSettings()
