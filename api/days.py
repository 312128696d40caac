"""Days in the addresses of operations."""

import datetime as dt

from api.problems import Refused


def day_of(text: str, usual: dt.date) -> dt.date:
    """The day that an address names, or the usual one. Raises Refused."""
    if not text:
        return usual
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, "A day looks like 2026-01-31.") from error
    if not 2000 <= day.year <= 2999:
        raise Refused(400, "A day lies between the years 2000 and 2999.")
    return day
