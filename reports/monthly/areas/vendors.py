"""Vendors: in use without due diligence, reviews that are late, and days of the audit period that no report covers."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.printing.words import day, plural
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Decision, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span
from vendors.assurance.reading import assurance_of
from vendors.lifecycle.diligence import lacking, missing
from vendors.models import AT_WORK, Vendor, VendorDocument
from vendors.tiers import Tier

DEFINITIONS = [
    (
        "Due diligence of a vendor",
        "What has to be there before it is used, by its tier and the data it gets: an owner, a review, a decision of somebody "
        "else, an agreement where it gets data of customers, something that assures of it in tiers 1 and 2.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """Those in use, those of them that lack something, late reviews, and what reports leave out of the period."""

    used: list[Vendor]
    lacking: list[Vendor]
    late: list[Vendor]
    gaps: list[tuple[Vendor, str]] = field(default_factory=list)
    unassured: list[Vendor] = field(default_factory=list)  # of tiers 1 and 2, without a report that covers any day


def told(span: Span) -> Area:
    """Of the whole organization: vendors belong to no period. Nothing where nobody keeps a register of them."""
    if not Vendor.objects.filter(requested_at__lt=span.moment).exists():
        return Area()
    known = _known(span)
    return Area(
        matters=list(_matters(known)),
        decisions=list(_decisions(known, span)),
        sections=[_section(known, span)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    used = list(Vendor.objects.filter(status__in=AT_WORK).select_related("owner").order_by("tier", "reference"))
    late = [one for one in used if one.next_review_on is not None and one.next_review_on < span.today]
    known = _Known(used, list(lacking(span.today).select_related("owner").order_by("tier", "reference")), late)
    if span.period is not None:
        _cover(known, span)
    return known


def _cover(known: _Known, span: Span) -> None:
    """Which days of the period that have passed no Type II report of a vendor covers."""
    found: dict[object, list[VendorDocument]] = {}
    rows = VendorDocument.objects.filter(status=VendorDocument.Status.CURRENT, vendor__status__in=AT_WORK)
    for one in rows:
        found.setdefault(one.vendor_id, []).append(one)
    for vendor in known.used:
        if vendor.tier >= Tier.THREE or span.period is None:
            continue
        window = assurance_of(found.get(vendor.pk, []), span.period).window
        if not window.covered:
            known.unassured.append(vendor)
            continue
        days = [f"{day(gap.first.isoformat())} to {day(gap.last.isoformat())}" for gap in window.gaps if gap.first <= span.today]
        if days:
            known.gaps.append((vendor, "; ".join(days)))


def _matters(known: _Known) -> Iterator[Matter]:
    if known.lacking:
        grave = any(one.tier == Tier.ONE for one in known.lacking)
        text = f"{plural(len(known.lacking), 'vendor is', 'vendors are')} in use although due diligence is missing"
        yield Matter(rank=3 if grave else 4, text=text)
    if known.late:
        yield Matter(rank=5, text=f"{plural(len(known.late), 'vendor was', 'vendors were')} not reviewed in time")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    by = add_business_days(span.today, 5).isoformat()
    for one in known.lacking:
        if one.tier == Tier.ONE:
            who = one.owner.name if one.owner else span.responsible
            yield Decision(
                rank=4, what=f"Complete the due diligence of {one.reference} {quoted(one.name)}, or stop.", who=who, by=by
            )


def _section(known: _Known, span: Span) -> Section:
    if not known.used:
        sentence = "No vendor is in use."
    else:
        words = f"{plural(len(known.used), 'vendor is', 'vendors are')} in use"
        sentence = f"{words}; due diligence is missing of {len(known.lacking):,}, and {len(known.late):,} are overdue for review."
    notes = []
    if known.used and span.period is None:
        notes.append("Which days reports of vendors cover could not be evaluated: there is no audit period.")
    if known.unassured:
        count = plural(len(known.unassured), "vendor", "vendors")
        notes.append(f"Of {count} of tiers 1 and 2 no Type II report covers a day of the audit period.")
    return Section(
        key="vendors", title="Vendors", sentence=sentence, tables=[_missing(known), _late(known), _uncovered(known)], notes=notes
    )


def _missing(known: _Known) -> Table:
    return Table(
        title="Vendors in use of which something is missing",
        columns=[
            Column(label="Vendor", width=30),
            Column(label="Tier", width=10),
            Column(label="What is missing", width=42),
            Column(label="With", width=18),
        ],
        rows=[
            [
                f"{one.reference} {one.name}",
                one.get_tier_display(),
                "; ".join(asked.name for asked in missing(one)),
                one.owner.name if one.owner else "Nobody",
            ]
            for one in known.lacking
        ],
        none="Nothing is missing." if known.used else "",
        exceptions=True,
    )


def _late(known: _Known) -> Table:
    return Table(
        title="Reviews of vendors that are overdue",
        columns=[Column(label="Vendor", width=52), Column(label="Was due", width=24), Column(label="With", width=24)],
        rows=[
            [f"{one.reference} {one.name}", day(str(one.next_review_on)), one.owner.name if one.owner else "Nobody"]
            for one in known.late
        ],
        none="None is overdue." if known.used else "",
        exceptions=True,
    )


def _uncovered(known: _Known) -> Table:
    return Table(
        title="Days of the audit period that reports of vendors leave out",
        columns=[Column(label="Vendor", width=40), Column(label="Not covered", width=60)],
        rows=[[f"{vendor.reference} {vendor.name}", days] for vendor, days in known.gaps],
        none="",
        exceptions=True,
    )
