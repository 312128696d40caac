"""From the documents of a vendor to its window: which reports count, and which bridge letters are too long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from controls.models import AuditPeriod
from vendors.assurance.windows import Span, Window, is_long, window
from vendors.models import VendorDocument

COUNTS = frozenset({"unqualified", "qualified"})  # an adverse opinion, or none, assures of nothing


@dataclass(frozen=True, slots=True)
class Assurance:
    """The window of a vendor in an audit period, and what has to be said about its documents."""

    window: Window
    notes: tuple[str, ...]


def assurance_of(documents: Iterable[VendorDocument], period: AuditPeriod) -> Assurance:
    """Of its current documents. Only Type II reports cover days."""
    current = [one for one in documents if one.status == VendorDocument.Status.CURRENT]
    reports = [one for one in current if one.kind == VendorDocument.Kind.SOC2]
    bridges = [one for one in current if one.kind == VendorDocument.Kind.BRIDGE]
    counted = [one for one in reports if one.report_type == VendorDocument.Type.TWO and one.opinion in COUNTS]
    found = window(Span(period.starts_on, period.ends_on), _spans(counted), _spans(bridges))
    return Assurance(found, (*_about_reports(reports), *_about_bridges(bridges)))


def _spans(documents: Iterable[VendorDocument]) -> list[Span]:
    return [Span(one.period_from, one.period_to) for one in documents if one.period_from and one.period_to]


def _about_reports(reports: Sequence[VendorDocument]) -> list[str]:
    notes = []
    for one in reports:
        if one.report_type == VendorDocument.Type.ONE:
            notes.append(f"“{one.title}” is a Type I report: it speaks of one day and covers no period.")
        elif one.opinion not in COUNTS:
            notes.append(f"“{one.title}” has the opinion {one.get_opinion_display().lower()}: it is not counted.")
        elif one.opinion == VendorDocument.Opinion.QUALIFIED:
            notes.append(f"“{one.title}” is qualified: it counts, and its exceptions have to be judged.")
    return notes


def _about_bridges(bridges: Sequence[VendorDocument]) -> list[str]:
    spans = [(one, Span(one.period_from, one.period_to)) for one in bridges if one.period_from and one.period_to]
    return [
        f"“{one.title}” speaks for more than three months ({span.days} days): a bridge letter is for less."
        for one, span in spans
        if is_long(span)
    ]
