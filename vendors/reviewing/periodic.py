"""Reminding people of reviews of vendors, documents that expire and rotations of keys."""

import datetime as dt
from collections.abc import Iterator

from tenancy.models import Organization
from vendors.models import AT_WORK, Vendor, VendorDocument, VendorKey
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Vendors", "vendor.remind", before=(30, 7, 1))


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to owners 30 days, 7 days and a day before something is due, the day after, and each week it is late."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    soon = today + REMINDING.longest
    used = Vendor.objects.filter(status__in=AT_WORK, owner__member__isnull=False, next_review_on__lte=soon)
    for one in used.select_related("owner"):
        yield Due(one.owner.member_id, one, one.next_review_on or today)
    documents = VendorDocument.objects.filter(
        status=VendorDocument.Status.CURRENT,
        vendor__status__in=AT_WORK,
        vendor__owner__member__isnull=False,
        expires_on__lte=soon,
    )
    for document in documents.select_related("vendor__owner"):
        yield Due(document.vendor.owner.member_id, document, document.expires_on or today)
    keys = VendorKey.objects.filter(status=VendorKey.Status.ACTIVE, owner__member__isnull=False, due_on__lte=soon)
    for key in keys.select_related("owner"):
        yield Due(key.owner.member_id, key, key.due_on)
