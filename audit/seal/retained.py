"""Months that were taken out of a trail: what it says of them itself, in events that are sealed like any other."""

import datetime as dt

from django.db import connection

from audit.models import AuditEvent

REMOVE = "trail.remove"
YEAR = dt.timedelta(days=365)
_MONTHS = r"""
SELECT substring(c.relname from '^audit_event_(\d{4}_\d{2})$')
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit_event'::regclass ORDER BY 1
"""


def months_there() -> list[str]:
    """The months (2026-11) that the trail has a place for, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        return [name.replace("_", "-") for (name,) in cursor.fetchall() if name]


def months_removed() -> dict[str, int]:
    """The months that were taken out of the active organization's trail, with how many events each had."""
    return _told()[1]


def removed_too_young() -> list[str]:
    """The months that the trail says were taken out, and that no retention could have: they were not a year old then."""
    at, told = _told()
    return [month for month in sorted(told) if _end(month) > at - YEAR]


def _told() -> tuple[dt.datetime, dict[str, int]]:
    """The latest event that tells of it tells of all before it, as they go with their months themselves."""
    last = AuditEvent.objects.filter(verb=REMOVE, result="success").order_by("-at", "-id").first()
    if last is None:
        return dt.datetime.min.replace(tzinfo=dt.UTC), {}
    return last.at, {month: int(count) for month, count in last.data["metadata"]["removed"].items()}


def _end(month: str) -> dt.datetime:
    first = dt.datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
