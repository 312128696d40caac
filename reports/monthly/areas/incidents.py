"""Incidents: how many, how fast they were acknowledged and resolved, what is late. Confidential ones are counted, not named."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evidence.printing.words import Clock, plural
from incidents.models import Incident, IncidentReview, IncidentTime, SecurityEvent, Severity
from incidents.models.incident import GRAVE, NEEDS_REVIEW, OVER, PENDING
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

NOT_NAMED = "Confidential"
DEFINITIONS = [
    (
        "Incidents acknowledged in time",
        "Of the incidents that were reported in the days of the report and not dismissed, those that somebody acknowledged "
        "within the time set for their severity. One that nobody has acknowledged yet counts as late once its time has passed, "
        "and is left out before. Confidential incidents are counted and not named.",
    ),
    (
        "Incidents reported and resolved",
        "An incident counts as reported in the days in which it was recorded here, and as resolved in those in which somebody "
        "recorded here that it was: both by the same clock, whenever it happened. One that was opened again counts as resolved "
        "when that is recorded anew. Times are measured between the moments at which things happened.",
    ),
]
NAMED = 3
_TIMES = (
    ("Noticed after", "occurred_at", "detected_at"),
    ("Acknowledged after", "detected_at", "acknowledged_at"),
    ("Contained after", "detected_at", "contained_at"),
    ("Resolved after", "detected_at", "resolved_at"),
)


@dataclass(frozen=True, slots=True)
class _Known:
    """Those recorded in the span, those recorded as resolved in it, what is late, and whether incidents are kept here at all."""

    reported: Sequence[Incident]
    resolved: Sequence[Incident]
    unreviewed: Sequence[Incident]
    unevaluated: int
    events: int
    kept: bool

    def judged(self, moment: dt.datetime) -> list[bool]:
        """For each that can be told: whether it was acknowledged in time."""
        found = []
        for one in self.reported:
            if one.acknowledge_due_at is None:
                continue
            if one.acknowledged_at is not None:
                found.append(one.acknowledged_at <= one.acknowledge_due_at)
            elif one.acknowledge_due_at < moment and one.status not in OVER:
                found.append(False)
        return found


def told(span: Span) -> Area:
    """Of the whole organization: incidents belong to no period."""
    known = _known(span)
    return Area(
        figures=[_figure(known, span)] if known.kept else [],
        matters=list(_matters(known)),
        decisions=list(_decisions(known, span)),
        sections=[_section(known, span)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    rows = Incident.objects.exclude(status=Incident.Status.DISMISSED).select_related("assigned_to__user")
    approved = IncidentReview.objects.filter(incident=OuterRef("pk"), status=IncidentReview.Status.APPROVED)
    late = rows.annotate(reviewed=Exists(approved)).filter(NEEDS_REVIEW, reviewed=False, review_due_on__lt=span.today)
    events = SecurityEvent.objects.filter(reported_at__gte=span.since, reported_at__lt=span.until)
    waiting = SecurityEvent.objects.filter(status=SecurityEvent.Status.NEW, reported_at__lt=span.moment - dt.timedelta(days=7))
    return _Known(
        list(rows.filter(reported_at__gte=span.since, reported_at__lt=span.until).order_by("reported_at", "pk")),
        list(_said_resolved(rows).filter(said_at__gte=span.since, said_at__lt=span.until).order_by("said_at", "pk")),
        list(late.order_by("review_due_on", "reference")),
        waiting.count(),
        events.count(),
        Incident.objects.exists() or SecurityEvent.objects.exists(),
    )


def _said_resolved(rows: QuerySet[Incident]) -> QuerySet[Any]:
    """Those that are resolved, with when that was first recorded since they were last opened again, as `said_at`."""
    times = IncidentTime.objects.filter(what=IncidentTime.What.RESOLVED)
    withdrawn = times.filter(incident=OuterRef("incident"), at=None, recorded_at__gt=OuterRef("recorded_at"))
    standing = times.filter(~Exists(withdrawn), incident=OuterRef("pk"), at__isnull=False).order_by("recorded_at", "pk")
    said_at = Coalesce(Subquery(standing.values("recorded_at")[:1]), F("resolved_at"))
    return rows.filter(resolved_at__isnull=False).annotate(said_at=said_at)


def _figure(known: _Known, span: Span) -> Figure:
    judged = known.judged(span.moment)
    grave = sum(one.severity in GRAVE for one in known.reported)
    return Figure(
        key="incidents",
        label="Incidents acknowledged in time",
        part=sum(judged),
        whole=len(judged),
        none="None was reported",
        note=f"{grave:,} critical or high" if grave else "",
    )


def _matters(known: _Known) -> Iterator[Matter]:
    if known.unreviewed:
        words = plural(len(known.unreviewed), "grave incident has", "grave incidents have")
        yield Matter(rank=3, text=f"{words} no approved review although it was due")
    if known.unevaluated:
        words = plural(known.unevaluated, "security event was", "security events were")
        yield Matter(rank=3, text=f"{words} not evaluated for more than a week")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    for one in known.unreviewed:
        yield Decision(
            rank=3,
            what=f"Have the review of {_called(one)} written and approved by somebody else.",
            who=one.assigned_to.name if one.assigned_to else span.responsible,
            by=add_business_days(span.today, 3).isoformat(),
        )


def _called(one: Incident) -> str:
    return one.reference if one.confidential else f"{one.reference} {quoted(one.title)}"


def _section(known: _Known, span: Span) -> Section:
    return Section(
        key="incidents",
        title="Incidents",
        sentence=_sentence(known),
        tables=[_late(known, span), _grave(known, span), _severities(known), _times(known)],
        notes=[*_notes(known), *_earlier(known, span)],
    )


def _sentence(known: _Known) -> str:
    if not known.kept:
        return "No incident or security event has ever been recorded here, so nothing can be said of them."
    if not known.reported:
        resolved = f" {plural(len(known.resolved), 'earlier one was', 'earlier ones were')} resolved." if known.resolved else ""
        return f"No incident was reported in these days.{resolved}"
    critical = sum(one.severity == Severity.CRITICAL for one in known.reported)
    none = ", none of them critical" if not critical else f", {critical:,} of them critical"
    words = plural(len(known.reported), "incident was", "incidents were")
    return f"{words} reported{none}; {len(known.resolved):,} resolved."


def _notes(known: _Known) -> Iterator[str]:
    if known.events:
        words = plural(known.events, "security event was", "security events were")
        yield f"{words} reported, {known.unevaluated:,} wait more than a week to be evaluated."
    if any(one.confidential for one in known.reported):
        yield "Confidential incidents are counted here and not named."


def _earlier(known: _Known, span: Span) -> Iterator[str]:
    """What counts in these days and happened before them."""
    clock = Clock(str(span.organization.zone))
    detected = [one for one in known.reported if one.detected_at and one.detected_at < span.since]
    if detected:
        words = plural(len(detected), "incident reported in these days was", "incidents reported in these days were")
        yield f"{words} detected before them: {_dated(detected, 'detected_at', clock)}."
    resolved = [one for one in known.resolved if one.resolved_at and one.resolved_at < span.since]
    if resolved:
        words = plural(len(resolved), "incident was resolved", "incidents were resolved")
        yield f"{words} before these days, which was recorded in them: {_dated(resolved, 'resolved_at', clock)}."


def _dated(incidents: Sequence[Incident], name: str, clock: Clock) -> str:
    """INC-2026-0001 on 15 Oct 2026; the first few of many."""
    shown = [f"{one.reference} on {clock.date_of(getattr(one, name).isoformat())}" for one in incidents[:NAMED]]
    more = [f"{len(incidents) - NAMED:,} more"] if len(incidents) > NAMED else []
    return ", ".join([*shown, *more])


def _late(known: _Known, span: Span) -> Table:
    clock = Clock(str(span.organization.zone))
    late = [
        one
        for one in known.reported
        if one.acknowledge_due_at
        and (one.acknowledged_at or span.moment) > one.acknowledge_due_at
        and (one.acknowledged_at or one.status not in OVER)
    ]
    rows = [
        [
            _called(one),
            one.severity_words,
            clock.short(one.acknowledge_due_at.isoformat()) if one.acknowledge_due_at else "",
            clock.short(one.acknowledged_at.isoformat()) if one.acknowledged_at else "Not yet",
        ]
        for one in late
    ]
    return Table(
        title="Acknowledged late",
        columns=[
            Column(label="Incident", width=46),
            Column(label="Severity", width=14),
            Column(label="By", width=20),
            Column(label="Acknowledged", width=20),
        ],
        rows=[[*row] for row in rows],
        none="Every incident was acknowledged in time." if known.reported else "",
        exceptions=True,
    )


def _grave(known: _Known, span: Span) -> Table:
    clock = Clock(str(span.organization.zone))
    order = list(Severity.values)
    grave = sorted((one for one in known.reported if one.severity in GRAVE), key=lambda one: order.index(one.severity))
    return Table(
        title="Critical and high incidents of these days",
        columns=[
            Column(label="Incident", width=40),
            Column(label="Severity", width=12),
            Column(label="Reported", width=18),
            Column(label="State", width=14),
            Column(label="With", width=16),
        ],
        rows=[
            [
                _called(one),
                one.severity_words,
                clock.short(one.reported_at.isoformat()),
                one.get_status_display(),
                one.assigned_to.name if one.assigned_to else "Nobody",
            ]
            for one in grave
        ],
        none="There was none.",
    )


def _severities(known: _Known) -> Table:
    rows = []
    for one in Severity:
        reported, resolved = (sum(row.severity == one for row in side) for side in (known.reported, known.resolved))
        if reported or resolved:
            ongoing = sum(row.severity == one and row.status in PENDING for row in known.reported)
            rows.append([str(one.label), f"{reported:,}", f"{resolved:,}", f"{ongoing:,}"])
    return Table(
        title="Incidents by severity",
        columns=[
            Column(label="Severity", width=40),
            Column(label="Reported", width=20, numeric=True),
            Column(label="Resolved", width=20, numeric=True),
            Column(label="Not closed yet", width=20, numeric=True),
        ],
        rows=[[*row] for row in rows],
        none="",
    )


def _times(known: _Known) -> Table:
    """Medians over those resolved in the span; what was not recorded is told apart and is in no median."""
    rows = []
    for label, first, last in _TIMES:
        pairs: list[tuple[Any, Any]] = [(getattr(one, first), getattr(one, last)) for one in known.resolved]
        spent = [(end - begin).total_seconds() / 60 for begin, end in pairs if begin and end]
        shown = f"{median(spent):,.0f} minutes" if spent else "Not recorded"
        rows.append([label, shown, f"{len(spent):,} of {len(pairs):,}"])
    return Table(
        title="Times of the incidents resolved in these days",
        columns=[
            Column(label="Time", width=40),
            Column(label="Median", width=30, numeric=True),
            Column(label="Recorded", width=30, numeric=True),
        ],
        rows=[[*row] for row in rows] if known.resolved else [],
        none="",
    )
