"""Vulnerabilities: what was found, what was fixed, and what is past due, by severity."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from evidence.printing.words import day, plural
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted, were
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span
from vulnerabilities.models import PENDING, ScanScope, Severity, Vulnerability

DEFINITIONS = [
    (
        "Vulnerabilities past due",
        "Of the vulnerabilities that are open or wait for a retest, those whose day has passed: 7, 30, 90 or 180 days from when "
        "they were first seen, by severity, unless the organization has set others. Accepted ones are left out until they lapse. "
        "Fixed is only what a later scan of the same scope that could be evaluated no longer has.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """By severity: open, past due, found and fixed in the span; and what is late itself, the gravest first."""

    counts: dict[str, dict[str, int]]
    late: list[Vulnerability]
    scopes: list[ScanScope]
    ever: bool

    def sum(self, name: str) -> int:
        """Over all severities."""
        return sum(one[name] for one in self.counts.values())


def told(span: Span) -> Area:
    """Of the whole organization: vulnerabilities belong to no period."""
    known = _known(span)
    figure = Figure(
        key="vulnerabilities",
        label="Vulnerabilities past due",
        part=known.sum("late"),
        whole=known.sum("open"),
        unit="open",
        none="None is open",
    )
    return Area(
        figures=[figure] if known.ever else [],
        matters=list(_matters(known)),
        decisions=list(_decisions(known, span)),
        sections=[_section(known, span)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    pending = Q(status__in=PENDING)
    rows: Any = Vulnerability.objects.exclude(status=Vulnerability.Status.WITHDRAWN).order_by().values("severity")
    counted = rows.annotate(
        open=Count("pk", filter=pending),
        late=Count("pk", filter=pending & Q(due_on__lt=span.today)),
        found=Count("pk", filter=Q(first_seen_at__gte=span.since, first_seen_at__lt=span.until)),
        fixed=Count("pk", filter=Q(fixed_at__gte=span.since, fixed_at__lt=span.until)),
    )
    order = list(Severity.values)
    late = Vulnerability.objects.filter(pending, due_on__lt=span.today).select_related("owner", "scope", "engagement")
    scopes = ScanScope.objects.filter(status=ScanScope.Status.ACTIVE, next_due_on__lt=span.today).select_related("owner")
    return _Known(
        {row.pop("severity"): row for row in counted},
        sorted(late, key=lambda one: (order.index(one.severity), one.due_on, one.reference)),
        list(scopes.order_by("next_due_on", "name")),
        ScanScope.objects.exists() or Vulnerability.objects.exists(),
    )


def _matters(known: _Known) -> Iterator[Matter]:
    if known.late:
        grave = sum(one.severity in {"critical", "high"} for one in known.late)
        among = f", {grave:,} of them critical or high" if grave else ""
        yield Matter(
            rank=2 if grave else 4, text=f"{plural(len(known.late), 'vulnerability is', 'vulnerabilities are')} past due{among}"
        )
    if known.scopes:
        yield Matter(rank=4, text=f"{plural(len(known.scopes), 'scan is', 'scans are')} overdue")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    for one in known.late:
        if one.severity in {"critical", "high"}:
            yield Decision(
                rank=2,
                what=f"Fix {one.reference} {quoted(one.title)}, or accept it by name and with an end.",
                who=one.owner.name if one.owner else span.responsible,
                by=add_business_days(span.today, 5).isoformat(),
            )


def _section(known: _Known, span: Span) -> Section:
    if not known.ever:
        sentence = "Nothing is named that is scanned, and no penetration test has found anything."
    elif not known.sum("open"):
        sentence = f"No vulnerability is open. {were(known.sum('fixed'))} fixed in these days."
    else:
        words = f"{known.sum('late'):,} of {plural(known.sum('open'), 'open vulnerability', 'open vulnerabilities')} past due."
        sentence = f"{words} {were(known.sum('found'))} found in these days and {known.sum('fixed'):,} fixed."
    return Section(
        key="vulnerabilities",
        title="Vulnerabilities",
        sentence=sentence,
        tables=[_late(known), _overdue(known), _by_severity(known)],
    )


def _late(known: _Known) -> Table:
    return Table(
        title="Vulnerabilities past due",
        columns=[
            Column(label="Vulnerability", width=44),
            Column(label="Severity", width=12),
            Column(label="In", width=18),
            Column(label="Due", width=13),
            Column(label="With", width=13),
        ],
        rows=[
            [
                f"{one.reference} {one.identifier} {one.package}".strip(),
                one.get_severity_display(),
                one.scope.name if one.scope else one.engagement.reference if one.engagement else "",
                day(one.due_on.isoformat()),
                one.owner.name if one.owner else "Nobody",
            ]
            for one in known.late
        ],
        none="None is past due." if known.sum("open") else "",
        exceptions=True,
    )


def _overdue(known: _Known) -> Table:
    return Table(
        title="Scans that are overdue",
        columns=[Column(label="What is scanned", width=50), Column(label="Was due", width=25), Column(label="With", width=25)],
        rows=[[one.name, day(one.next_due_on.isoformat()), one.owner.name if one.owner else "Nobody"] for one in known.scopes],
        none="",
        exceptions=True,
    )


def _by_severity(known: _Known) -> Table:
    names = {"open": "Open", "late": "Past due", "found": "Found", "fixed": "Fixed"}
    rows = [
        [str(one.label), *(f"{known.counts[one][name]:,}" for name in names)]
        for one in Severity
        if one in known.counts and any(known.counts[one].values())
    ]
    return Table(
        title="By severity; found and fixed in these days",
        columns=[Column(label="Severity", width=32), *(Column(label=label, width=17, numeric=True) for label in names.values())],
        rows=[[*row] for row in rows],
        none="",
    )
