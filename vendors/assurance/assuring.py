"""What assures of a vendor on a day: a report somebody stands behind, a certificate, a test, answers that are good enough."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from vendors.assurance.reading import COUNTS
from vendors.assurance.windows import LONGEST_BRIDGE, months_after
from vendors.models import AT_WORK, Vendor, VendorDocument, VendorQuestionnaire

LASTS = 12 + LONGEST_BRIDGE  # months after the last day of a report, a test or answers: a year, and what a bridge letter may span
CERTIFIED = 36  # months that an ISO certificate which names no last day is good for
ENOUGH = 50  # percent: answers that reach less assure of nothing

Kind = VendorDocument.Kind


def in_force(vendor: Vendor | OuterRef, day: dt.date) -> QuerySet[VendorDocument]:
    """The documents of a vendor that are neither withdrawn nor expired on a day."""
    current = VendorDocument.objects.filter(vendor=vendor, status=VendorDocument.Status.CURRENT)
    return current.filter(Q(expires_on=None) | Q(expires_on__gte=day))


def assuring(vendor: Vendor | OuterRef, day: dt.date) -> QuerySet[VendorDocument]:
    """Its documents in force that assure of it: of reports only those whose opinion counts, and which no later one belies."""
    since, shown = months_after(day, -LASTS), in_force(vendor, day)
    later = VendorDocument.objects.filter(
        vendor=OuterRef("vendor"), kind=Kind.SOC2, status=VendorDocument.Status.CURRENT, period_to__gt=OuterRef("period_to")
    )
    belied = Exists(later.exclude(opinion__in=COUNTS))
    report = Q(kind=Kind.SOC2, opinion__in=COUNTS, period_to__gte=since) & ~Q(belied)
    certificate = Q(kind=Kind.ISO) & (Q(expires_on__isnull=False) | Q(issued_on__gte=months_after(day, -CERTIFIED)))
    return shown.filter(report | certificate | Q(kind=Kind.PENTEST, issued_on__gte=since))


def lapsed(day: dt.date) -> QuerySet[VendorDocument]:
    """Documents of vendors in use that have expired, and that none of the same kind follows."""
    return expiring(Q(expires_on__lt=day), day)


def expiring(when: Q, day: dt.date) -> QuerySet[VendorDocument]:
    """Of vendors in use those documents that expire then, unless one of the same kind is in force that lasts longer."""
    longer = in_force(OuterRef("vendor"), day).filter(kind=OuterRef("kind"))
    followed = Exists(longer.filter(Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))))
    current = VendorDocument.objects.filter(when, status=VendorDocument.Status.CURRENT, vendor__status__in=AT_WORK)
    return current.filter(~followed)


def good_answers(vendor: Vendor | OuterRef, day: dt.date) -> QuerySet[VendorQuestionnaire]:
    """Its answers that are good enough and not too old."""
    return VendorQuestionnaire.objects.filter(vendor=vendor, score__gte=ENOUGH, answered_on__gte=months_after(day, -LASTS))
