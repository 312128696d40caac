"""Violations of policies: what was found and put right month by month, what is past due; and exceptions that end."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from evidence.printing.words import day, plural
from inventory.removals.due import add_business_days
from policies.models import PolicyException, Violation
from reports.monthly.areas.words import quoted, were
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import DAY, Span, month_before, next_month

MONTHS = 6
AHEAD = dt.timedelta(days=30)
GRAVE = frozenset({"critical", "high"})
DEFINITIONS = [
    (
        "Violations past due",
        "Of the violations of policies that are open, those whose day has passed: 30, 60, 90 or 180 days from when they were "
        "found, by severity, unless another day was set. People and other systems report them; of its own accounts, sessions and "
        "tokens Plumbline finds them itself.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """Counts, what is late itself with the gravest first, the months, and the exceptions that ended or end soon."""

    counts: dict[str, int]
    late: list[Violation]
    months: list[tuple[dt.date, int, int, int]]  # found, remediated, dismissed
    exceptions: list[PolicyException]
    ever: bool


def told(span: Span) -> Area:
    """Of the whole organization: violations belong to no period. Nothing where there never was one, nor an exception."""
    known = _known(span)
    if not (known.ever or PolicyException.objects.exists()):
        return Area()
    figure = Figure(
        key="violations",
        label="Violations past due",
        part=known.counts["late"],
        whole=known.counts["open"],
        unit="open",
        none="None is open",
    )
    return Area(
        figures=[figure] if known.ever else [],
        matters=list(_matters(known)),
        decisions=list(_decisions(known, span)),
        sections=[_section(known)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    is_open = Q(status=Violation.Status.OPEN)
    rows = Violation.objects.filter(detected_at__lt=span.moment)
    counts = rows.aggregate(
        ever=Count("pk"),
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_on__lt=span.today)),
        found=Count("pk", filter=Q(detected_at__gte=span.since, detected_at__lt=span.until)),
        ended=Count("pk", filter=Q(status="remediated", ended_at__gte=span.since, ended_at__lt=span.until)),
    )
    order = ["critical", "high", "medium", "low"]
    late = rows.filter(is_open, due_on__lt=span.today).select_related("owner", "policy")
    near = Q(status="approved", ends_on__lte=span.today + AHEAD) | Q(status="expired", ended_on__range=(span.first, span.last))
    exceptions = PolicyException.objects.filter(near).select_related("policy", "person", "decided_by__user")
    return _Known(
        counts,
        sorted(late, key=lambda one: (order.index(one.severity), one.due_on, one.reference)),
        _by_month(span),
        list(exceptions.order_by("ends_on", "reference")),
        bool(counts["ever"]),
    )


def _by_month(span: Span) -> list[tuple[dt.date, int, int, int]]:
    """The months up to the last day, of the organization's own days."""
    months = [span.last.replace(day=1)]
    while len(months) < MONTHS:
        months.append(month_before(months[-1]))
    months.reverse()
    end = min(span.organization.end_of(next_month(months[-1]) - DAY), span.moment)
    begin = span.organization.end_of(months[0] - DAY)
    found = _counted(Violation.objects.all(), "detected_at", begin, end, span)
    remediated = _counted(Violation.objects.filter(status="remediated"), "ended_at", begin, end, span)
    dismissed = _counted(Violation.objects.filter(status="dismissed"), "ended_at", begin, end, span)
    return [(month, found.get(month, 0), remediated.get(month, 0), dismissed.get(month, 0)) for month in months]


def _counted(rows: Any, name: str, begin: dt.datetime, end: dt.datetime, span: Span) -> dict[dt.date, int]:
    within = rows.order_by().filter(**{f"{name}__gte": begin, f"{name}__lt": end})
    monthly = within.annotate(month=TruncMonth(name, tzinfo=span.organization.tzinfo)).values("month")
    return {row["month"].date(): row["n"] for row in monthly.annotate(n=Count("pk"))}


def _matters(known: _Known) -> Iterator[Matter]:
    if known.late:
        grave = sum(one.severity in GRAVE for one in known.late)
        among = f", {grave:,} of them critical or high" if grave else ""
        text = f"{plural(len(known.late), 'violation of a policy is', 'violations of policies are')} past due{among}"
        yield Matter(rank=3 if grave else 5, text=text)
    if expired := sum(one.status == PolicyException.Status.EXPIRED for one in known.exceptions):
        yield Matter(rank=5, text=f"{plural(expired, 'exception from a policy', 'exceptions from policies')} expired")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    by = add_business_days(span.today, 5).isoformat()
    for one in known.late:
        if one.severity in GRAVE:
            who = one.owner.name if one.owner else span.responsible
            yield Decision(rank=4, what=f"Put {one.reference} {quoted(one.title)} right.", who=who, by=by)


def _section(known: _Known) -> Section:
    counts = known.counts
    if not known.ever:
        sentence = "No violation of a policy was found."
    else:
        pending = (
            f"{counts['late']:,} of {plural(counts['open'], 'open violation')} past due." if counts["open"] else "None is open."
        )
        sentence = f"{pending} {were(counts['found'])} found in these days and {counts['ended']:,} put right."
    return Section(
        key="violations",
        title="Violations of policies, and exceptions",
        sentence=sentence,
        tables=[_late(known), _exceptions(known), _trend(known)] if known.ever else [_exceptions(known)],
    )


def _late(known: _Known) -> Table:
    return Table(
        title="Violations past due",
        columns=[
            Column(label="Violation", width=44),
            Column(label="Severity", width=12),
            Column(label="Policy", width=18),
            Column(label="Due", width=13),
            Column(label="With", width=13),
        ],
        rows=[
            [
                f"{one.reference} {one.title}",
                one.get_severity_display(),
                one.policy.title if one.policy else "",
                day(one.due_on.isoformat()),
                one.owner.name if one.owner else "Nobody",
            ]
            for one in known.late
        ],
        none="None is past due." if known.counts["open"] else "",
        exceptions=True,
    )


def _exceptions(known: _Known) -> Table:
    return Table(
        title="Exceptions that end within 30 days, or expired in these days",
        columns=[
            Column(label="Exception", width=40),
            Column(label="For", width=20),
            Column(label="Approved by", width=20),
            Column(label="Last day", width=20),
        ],
        rows=[
            [
                f"{one.reference} from {one.policy.title}",
                one.person.name,
                one.who("decided_by"),
                day(one.ends_on.isoformat()),
            ]
            for one in known.exceptions
        ],
        none="",
        exceptions=True,
    )


def _trend(known: _Known) -> Table:
    names = ("Found", "Put right", "Dismissed")
    return Table(
        title="Violations by month",
        columns=[Column(label="Month", width=31), *(Column(label=name, width=23, numeric=True) for name in names)],
        rows=[[f"{month:%B %Y}", *(f"{count:,}" for count in counts)] for month, *counts in known.months],
        none="",
    )
