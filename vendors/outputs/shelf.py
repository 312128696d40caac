"""What the audit binder finds of vendors: what is there of those in use, what their reports cover, and what these expect."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from controls.binder.documents import Document, Presence, of_all, register_documents
from controls.models import AuditPeriod
from evidence.printing.words import plural
from vendors.assurance.assuring import lapsed
from vendors.assurance.reading import assurance_of
from vendors.lifecycle.diligence import lacking
from vendors.models import AT_WORK, DocumentDuty, DocumentSubservice, Vendor, VendorDocument
from vendors.tiers import Tier

Kind = VendorDocument.Kind


def register() -> None:
    """Put them on the shelf of vendors."""
    register_documents("vendors", documents)


def documents(period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """Of those in use; nothing where no vendor was ever entered."""
    used = list(Vendor.objects.filter(status__in=AT_WORK).only("tier", "next_review_on"))
    if not used:
        if Vendor.objects.exists():
            yield Document("Vendors in use", Presence.NOT_EVALUABLE, "None of those entered is in use.", reverse("vendors:list"))
        return
    yield _diligence(used, day)
    yield _reviews(used, day)
    yield _lapsed(day)
    yield _covered(used, period, day)
    yield from _expected()


def _diligence(used: Sequence[Vendor], day: dt.date) -> Document:
    whole, short = len(used), lacking(day).count()
    note = f"{whole - short:,} of {whole:,} in use have all that is asked for"
    url = f"{reverse('vendors:list')}?view=lacking" if short else reverse("vendors:list")
    return Document("Due diligence of vendors", of_all(whole - short, whole), note, url)


def _reviews(used: Sequence[Vendor], day: dt.date) -> Document:
    late = sum(one.next_review_on is not None and one.next_review_on < day for one in used)
    name, url = "Reviews of vendors", reverse("vendors:list")
    if late:
        note = f"{plural(late, 'review is', 'reviews are')} overdue."
        return Document(name, Presence.STALE, note, f"{url}?view=overdue")
    return Document(name, Presence.PRESENT, "None is overdue.", url)


def _lapsed(day: dt.date) -> Document:
    """Missing where vendors in use have shown nothing at all."""
    name, url = "Documents of vendors", reverse("vendors:document-list")
    whole = VendorDocument.objects.filter(status=VendorDocument.Status.CURRENT, vendor__status__in=AT_WORK).count()
    if not whole:
        return Document(name, Presence.MISSING, "None of a vendor in use.", url)
    if late := lapsed(day).count():
        note = f"{plural(late, 'document has', 'documents have')} expired, and none follows."
        return Document(name, Presence.STALE, note, f"{url}?expiry=lapsed")
    return Document(name, Presence.PRESENT, plural(whole, "document", "documents"), url)


def _covered(used: Sequence[Vendor], period: AuditPeriod, day: dt.date) -> Document:
    """Of tiers 1 and 2: whose Type II reports leave out no day of the period that has passed. A bridge letter covers none."""
    name, url = "Reports that cover the period", f"{reverse('vendors:list')}?tier=1&tier=2"
    graver = [one.pk for one in used if one.tier < Tier.THREE]
    if not graver:
        return Document(name, Presence.PRESENT, "No vendor of tier 1 or 2 is in use.", reverse("vendors:list"))
    found: dict[Any, list[VendorDocument]] = defaultdict(list)
    for one in VendorDocument.objects.filter(status="current", vendor__in=graver, kind__in=[Kind.SOC2, Kind.BRIDGE]):
        found[one.vendor_id].append(one)
    windows = [assurance_of(found[key], period).window for key in graver]
    whole = sum(bool(one.covered) and not any(gap.first <= day for gap in one.gaps) for one in windows)
    return Document(name, of_all(whole, len(graver)), f"{whole:,} of {len(graver):,} of tiers 1 and 2, to {day:%-d %b %Y}", url)


def _expected() -> Iterator[Document]:
    """What reports expect of us, and what is expected of those that they carve out; nothing where they name none."""
    report = Q(document__status="current", document__vendor__status__in=AT_WORK)
    url = f"{reverse('vendors:document-list')}?kind=soc2"
    duties = DocumentDuty.objects.filter(report).aggregate(whole=Count("pk"), done=Count("pk", filter=~Q(status="open")))
    if duties["whole"]:
        note = f"{duties['done']:,} of {duties['whole']:,} mapped to a control of ours, or set aside with a reason"
        yield Document("What vendors' reports expect of us", of_all(duties["done"], duties["whole"]), note, url)
    named = DocumentSubservice.objects.filter(report, method="carve_out")
    counted = named.aggregate(whole=Count("pk"), done=Count("pk", filter=~Q(expected="")))
    if counted["whole"]:
        note = f"Written down for {counted['done']:,} of {counted['whole']:,} that reports carve out"
        name = "Controls expected of subservice organizations"
        yield Document(name, of_all(counted["done"], counted["whole"]), note, url)
