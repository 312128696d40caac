"""Vendors as a population for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from evidence.populations.registry import Table, register_population
from tenancy.models import current_organization
from vendors.models import Vendor

_STATEMENT = (
    "Every vendor that was asked for by the last day and had not left before the first, from this installation's own database. "
    "One that nobody has entered is not in it: compare it with payments and sign-in logs."
)


def register() -> None:
    """Offer it."""
    register_population("vendors", "Vendors", _STATEMENT, vendors)


def vendors(first: dt.date, last: dt.date) -> Table:
    """Those that were there on at least one of these days."""
    end = current_organization().end_of(last)
    rows = Vendor.objects.filter(Q(left_on=None) | Q(left_on__gte=first), requested_at__lt=end)
    header = (
        "Number", "Vendor", "What it does", "Owner", "Tier", "Inherent risk", "Residual risk", "Data", "Criticality", "Access",
        "State", "Requested by", "Requested (UTC)", "Due diligence", "Decided by", "Decided (UTC)", "In use since", "Last review",
        "Next review", "Finding", "Left",
    )  # fmt: skip
    people = ("owner", "requested_by__user", "decided_by__user", "finding")
    return Table(header, _rows(rows.select_related(*people).order_by("reference")))


def _rows(rows: QuerySet[Vendor]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.name,
            one.service,
            one.owner.name if one.owner else "",
            str(one.tier),
            one.get_inherent_display(),
            one.get_residual_display(),
            one.get_data_shared_display(),
            one.get_criticality_display(),
            one.get_access_display(),
            one.get_status_display(),
            one.requested_by.name if one.requested_by else "Plumbline",
            _instant(one.requested_at),
            _day(one.diligence_on),
            one.decided_by.name if one.decided_by else "",
            _instant(one.decided_at),
            _day(one.used_since),
            _day(one.reviewed_on),
            _day(one.next_review_on),
            one.finding.reference if one.finding else "",
            _day(one.left_on),
        )


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
