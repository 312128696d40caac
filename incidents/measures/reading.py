"""How long incidents took, in the database: median and 90th percentile, by severity and by month.

To detect is from when an incident occurred to when it was detected; to acknowledge, to contain and to resolve are from when it
was detected. Percentiles are interpolated, as percentile_cont has it. An incident that lacks one of the two times, or has them
the wrong way round, is counted apart as not recorded, and never as nought. Dismissed ones are none. An incident belongs to
the month in which it was reported, in the organization's zone. Confidential ones are among them for those who see them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Extract, TruncMonth

from accounts.models import Member
from incidents.clocks.page import span
from incidents.models import Incident, Severity
from incidents.rights import visible_to
from tenancy.models import Organization

STAGES = {
    "detect": ("To detect", "occurred_at", "detected_at"),
    "acknowledge": ("To acknowledge", "detected_at", "acknowledged_at"),
    "contain": ("To contain", "detected_at", "contained_at"),
    "resolve": ("To resolve", "detected_at", "resolved_at"),
}
MEDIAN, NINETIETH = 0.5, 0.9


class _Percentile(Aggregate):
    """A percentile, interpolated; null without values."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True, slots=True)
class Measure:
    """One stage of some incidents; seconds, None where none has both times."""

    stage: str
    label: str
    median: float | None
    ninetieth: float | None
    recorded: int
    not_recorded: int

    @property
    def median_words(self) -> str:
        """47 min."""
        return _words(self.median)

    @property
    def note(self) -> str:
        """What to read with the median."""
        apart = f", {self.not_recorded:,} not recorded" if self.not_recorded else ""
        return f"90th percentile {self.ninetieth_words}, of {self.recorded:,}{apart}"

    @property
    def ninetieth_words(self) -> str:
        """2 h 10 min."""
        return _words(self.ninetieth)


@dataclass(frozen=True, slots=True)
class Row:
    """The stages of all incidents of a severity, of a month, or of all."""

    key: str
    label: str
    incidents: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of a span of days."""

    first: dt.date
    last: dt.date
    whole: Row
    by_severity: list[Row]
    by_month: list[Row]
    by_month_and_severity: list[Row]


def measures(member: Member, first: dt.date, last: dt.date) -> Measures:
    """Of incidents reported on these local days, both included, that the member sees; four queries."""
    organization = member.organization
    rows = within(visible_to(member), organization, first, last)
    whole = rows.aggregate(**_columns())
    severities: Any = rows.order_by().values("severity").annotate(**_columns())
    by_severity = {row["severity"]: row for row in severities}
    dated: Any = rows.order_by().annotate(month=TruncMonth("reported_at", tzinfo=organization.tzinfo))
    by_month = dated.values("month").annotate(**_columns()).order_by("month")
    both = {(row["month"], row["severity"]): row for row in dated.values("month", "severity").annotate(**_columns())}
    return Measures(
        first,
        last,
        _row("all", "All", whole),
        [_row(value, label, by_severity[value]) for value, label in Severity.choices if value in by_severity],
        [_row(f"{row['month']:%Y-%m}", f"{row['month']:%B %Y}", row) for row in by_month],
        [
            _row(f"{month:%Y-%m} {value}", f"{month:%B %Y}, {label.lower()}", both[month, value])
            for month in sorted({month for month, _ in both})
            for value, label in Severity.choices
            if (month, value) in both
        ],
    )


def within(rows: QuerySet[Incident], organization: Organization, first: dt.date, last: dt.date) -> QuerySet[Incident]:
    """Incidents reported on these local days that were not dismissed."""
    since, until = organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)
    return rows.filter(reported_at__gte=since, reported_at__lt=until).exclude(status=Incident.Status.DISMISSED)


def _columns() -> dict[str, Expression]:
    found: dict[str, Any] = {"incidents": Count("pk")}
    for stage, (_, first, last) in STAGES.items():
        length = Case(
            When(Q(**{f"{last}__gte": F(first)}), then=_seconds(first, last)), default=Value(None), output_field=FloatField()
        )
        found[f"{stage}_median"] = _Percentile(length, MEDIAN)
        found[f"{stage}_ninetieth"] = _Percentile(length, NINETIETH)
        found[f"{stage}_recorded"] = Count(length)
    return found


def _seconds(first: str, last: str) -> Expression:
    return Extract(ExpressionWrapper(F(last) - F(first), output_field=DurationField()), "epoch", output_field=FloatField())


def _row(key: str, label: str, row: dict[str, Any]) -> Row:
    return Row(key, label, row["incidents"], tuple(_measures(row)))


def _measures(row: dict[str, Any]) -> Iterable[Measure]:
    for stage, (label, _, _) in STAGES.items():
        recorded = row[f"{stage}_recorded"]
        yield Measure(stage, label, row[f"{stage}_median"], row[f"{stage}_ninetieth"], recorded, row["incidents"] - recorded)


def _words(seconds: float | None) -> str:
    if seconds is None:
        return "Not recorded"
    return span(dt.timedelta(minutes=round(seconds / 60))) if seconds >= 60 else f"{seconds:.0f} s"
