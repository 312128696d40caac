"""Findings: what is open and past due at the moment, and what was raised and closed in the span."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Q

from controls.models import Finding
from controls.models.control import Priority
from controls.models.finding import PENDING
from evidence.printing.words import day, plural
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

URGENCY = list(Priority.values)
DEFINITIONS = [
    (
        "Findings past due",
        "Of the findings that are neither closed after a retest by somebody else nor accepted by name with an end, those whose "
        "due day has passed.",
    )
]


def told(span: Span) -> Area:
    """Of the whole organization: findings belong to no period."""
    pending = list(_pending(span))
    late = sorted((row for row in pending if row.due_on < span.today), key=lambda row: (URGENCY.index(row.severity), row.due_on))
    oldest = max(((span.today - row.due_on).days for row in late), default=0)
    figure = Figure(
        key="findings",
        label="Findings past due",
        part=len(late),
        whole=len(pending),
        unit="open",
        none="None open",
        note=f"oldest {plural(oldest, 'day')}" if late else "",
    )
    return Area(
        figures=[figure],
        matters=list(_matters(late)),
        decisions=[_decision(row, span) for row in late],
        sections=[_section(span, pending, late)],
        definitions=DEFINITIONS,
    )


def _pending(span: Span) -> Iterator[Finding]:
    rows = Finding.objects.filter(status__in=PENDING, opened_at__lt=span.moment)
    return rows.select_related("owner").order_by("due_on", "reference").iterator()


def _matters(late: list[Finding]) -> Iterator[Matter]:
    critical = [row for row in late if row.severity == Priority.CRITICAL]
    if len(critical) == 1:
        yield Matter(rank=2, text=f"the critical finding {quoted(critical[0].title)} is past due")
    elif critical:
        yield Matter(rank=2, text=f"{len(critical):,} critical findings are past due")
    if rest := len(late) - len(critical):
        yield Matter(rank=5, text=f"{plural(rest, 'finding is', 'findings are')} past due")


def _decision(row: Finding, span: Span) -> Decision:
    grave = row.severity in {Priority.CRITICAL, Priority.HIGH}
    return Decision(
        rank=3 if grave else 7,
        what=f"Close {row.reference} {quoted(row.title)}, give it another day, or accept it by name; "
        f"it was due on {day(row.due_on.isoformat())}.",
        who=row.owner.name if row.owner else span.responsible,
        by=add_business_days(span.today, 3 if grave else 5).isoformat(),
    )


def _section(span: Span, pending: list[Finding], late: list[Finding]) -> Section:
    raised = _by_severity(Q(opened_at__gte=span.since, opened_at__lt=span.until))
    closed = _by_severity(Q(status="closed", closed_at__gte=span.since, closed_at__lt=span.until))
    accepted = _by_severity(Q(status="accepted", accepted_at__gte=span.since, accepted_at__lt=span.until))
    said = "No finding was raised in these days."
    if raised.total() or closed.total():
        said = f"{plural(raised.total(), 'finding was', 'findings were')} raised in these days and {closed.total():,} closed."
    now_open = f"{plural(len(pending), 'finding is', 'findings are')} open, {len(late):,} of them past due."
    return Section(
        key="findings",
        title="Findings",
        sentence=f"{said} {now_open if pending else 'None is open.'}",
        tables=[_late(span, late), _severities(pending, late, (raised, closed, accepted))],
    )


def _by_severity(which: Q) -> Counter[str]:
    return Counter(Finding.objects.filter(which).order_by().values_list("severity", flat=True))


def _late(span: Span, late: list[Finding]) -> Table:
    return Table(
        title="Past due",
        columns=[
            Column(label="Finding", width=46),
            Column(label="Severity", width=11),
            Column(label="Due", width=14),
            Column(label="Days late", width=11, numeric=True),
            Column(label="Owner", width=18),
        ],
        rows=[
            [
                f"{row.reference} {row.title}",
                str(row.get_severity_display()),
                day(row.due_on.isoformat()),
                f"{(span.today - row.due_on).days:,}",
                row.owner.name if row.owner else "Nobody",
            ]
            for row in late
        ],
        none="No finding is past due.",
        exceptions=True,
    )


def _severities(pending: list[Finding], late: list[Finding], flows: tuple[Counter[str], ...]) -> Table:
    counts = (Counter(row.severity for row in pending), Counter(row.severity for row in late), *flows)
    labels = ("Open", "Past due", "Raised", "Closed", "Accepted")
    rows = [[str(one.label), *(f"{count[one]:,}" for count in counts)] for one in Priority if any(count[one] for count in counts)]
    return Table(
        title="By severity. Raised, closed and accepted in these days; open and past due when the data was taken.",
        columns=[Column(label="Severity", width=30), *(Column(label=label, width=14, numeric=True) for label in labels)],
        rows=[[*row] for row in rows],
        total=["All", *(f"{count.total():,}" for count in counts)] if len(rows) > 1 else [],
        none="",
    )
