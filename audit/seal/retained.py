"""Months that were taken out of a trail: what it says of them itself, in events that are sealed like any other."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from audit.models import AuditEvent, AuditHead, AuditLeaf
from tenancy.scope import now

REMOVE = "trail.remove"
YEAR = dt.timedelta(days=365)
_MONTHS = r"""
SELECT substring(c.relname from '^audit_event_(\d{4}_\d{2})$')
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit_event'::regclass ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Removed:
    """The months that a trail says were taken out of it, each with how many events it had, and when it said so.

    That is the signed time of the first head over it, if it bears a later one: whoever writes to the database chooses its own.
    """

    months: dict[str, int]
    told_at: dt.datetime

    @property
    def too_young(self) -> list[str]:
        """The months that no retention could have taken out: they were not a year old then."""
        return [month for month in sorted(self.months) if span_of(month)[1] > self.told_at - YEAR]

    @property
    def taken(self) -> dict[str, int]:
        """The months without those."""
        young = self.too_young
        return {month: count for month, count in self.months.items() if month not in young}


def months_there() -> list[str]:
    """The months (2026-11) that the trail has a place for, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        return [name.replace("_", "-") for (name,) in cursor.fetchall() if name]


def removed() -> Removed:
    """What the active organization's trail says of it. The latest event tells of all months before it, as they go with theirs.

    One that cannot be read tells of nothing, so that all that went is missing.
    """
    last = AuditEvent.objects.filter(verb=REMOVE, result="success").order_by("-at", "-id").first()
    if last is None:
        return Removed({}, now())
    try:
        told = {month: int(count) for month, count in last.data["metadata"]["removed"].items()}
        list(map(span_of, told))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Removed({}, now())
    return Removed(told, min(last.at, _sealed_at(last)))


def under_a_head_a_year_before(moment: dt.datetime) -> int:
    """How many leaves, from the first on, had a head over them a year before a moment."""
    size: int | None = AuditHead.objects.filter(at__lte=moment - YEAR).aggregate(size=Max("size"))["size"]
    return size or 0


def _sealed_at(event: AuditEvent) -> dt.datetime:
    """When a head was first over an event; now where none is yet."""
    place = AuditLeaf.objects.filter(pk=event.pk).values_list("position", flat=True).first()
    heads = AuditHead.objects.none() if place is None else AuditHead.objects.filter(size__gt=place)
    return heads.order_by("number").values_list("at", flat=True).first() or now()


def span_of(month: str) -> tuple[dt.datetime, dt.datetime]:
    """From the first instant of a month (2026-11) in UTC, as the partitions are, to that of the next. Raises ValueError."""
    first = dt.datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    return first, (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
