"""Months that were taken out of a trail: what it says of them itself, in events that are sealed like any other."""

from typing import Any

from django.db import connection

from audit.models import AuditEvent

REMOVE = "trail.remove"
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
    """The months that were taken out of the active organization's trail, with how many events each had.

    The latest event that tells of it tells of all before it, as they go with their months themselves.
    """
    last = AuditEvent.objects.filter(verb=REMOVE, result="success").order_by("-at", "-id").first()
    removed: dict[str, Any] = last.data["metadata"]["removed"] if last is not None else {}
    return {month: int(count) for month, count in removed.items()}
