"""What the records of a span add up to: how many succeeded, how many failed, how long they took. Counted by the database.

Success rate = successes / records; error rate = failures / records; partial ones are neither. Mean and 95th percentile
(interpolated, as percentile_cont has it) are over the records that say how long they took. Without records there is no rate.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Avg, Count, FloatField, Func, Q, QuerySet
from django.db.models.functions import TruncDay, TruncHour

from processing.models import Outcome, ProcessingRecord, ProcessingSchema
from tenancy.models import Organization

SPANS = (("24", "24 hours"), ("168", "7 days"), ("720", "30 days"), ("2160", "90 days"))
HOURS = 24  # the span that nobody has asked for otherwise
BY_HOUR = dt.timedelta(days=3)  # the longest span that is shown hour by hour


class Percentile95(Aggregate):
    """The 95th percentile, interpolated; null without values."""

    function = "percentile_cont"
    template = "%(function)s(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Figures:
    """What records add up to. Durations are milliseconds."""

    records: int = 0
    succeeded: int = 0
    partial: int = 0
    failed: int = 0
    unfit: int = 0  # of those that failed: their document does not fit its schema
    timed: int = 0
    mean: float | None = None
    p95: float | None = None

    @property
    def success_rate(self) -> float | None:
        """In percent; None without records."""
        return self.succeeded * 100 / self.records if self.records else None

    @property
    def error_rate(self) -> float | None:
        """In percent; None without records."""
        return self.failed * 100 / self.records if self.records else None

    @property
    def success_words(self) -> str:
        """Such as "98.4 %", cut and not rounded: 99.96 % is not all of them. Nothing without records."""
        return percent(self.succeeded, self.records)

    @property
    def success_note(self) -> str:
        """With its denominator."""
        return f"{self.succeeded:,} of {self.records:,} records"

    @property
    def error_words(self) -> str:
        """Such as "1.6 %"; nothing without records."""
        return percent(self.failed, self.records, upwards=True)

    @property
    def error_note(self) -> str:
        """How many failed, and why."""
        return f"{self.failed:,} failed, {self.unfit:,} of them did not fit"

    @property
    def mean_words(self) -> str:
        """Such as "12.5 ms"; nothing when no record says how long it took."""
        return f"{self.mean:,.1f} ms" if self.mean is not None else "Not measured"

    @property
    def p95_words(self) -> str:
        """The same of the 95th percentile."""
        return f"{self.p95:,.1f} ms" if self.p95 is not None else "Not measured"

    @property
    def timed_note(self) -> str:
        """With its denominator."""
        return f"of {self.timed:,} that say it" if self.timed else "No record says it"


def percent(part: int, whole: int, *, upwards: bool = False) -> str:
    """A share with one decimal, cut towards nothing, or upwards: only all is 100 %, and only none is 0 %."""
    if not whole:
        return ""
    tenths = -(-part * 1000 // whole) if upwards else part * 1000 // whole
    return f"{tenths / 10:.1f} %"


@dataclass(frozen=True, slots=True)
class Step:
    """An hour or a day of a span."""

    begins: dt.datetime
    figures: Figures


def between(begin: dt.datetime, end: dt.datetime, schema: uuid.UUID | None = None) -> QuerySet[ProcessingRecord]:
    """The records that occurred from one moment until before another."""
    rows = ProcessingRecord.objects.filter(occurred_at__gte=begin, occurred_at__lt=end)
    return (rows.filter(schema=schema) if schema else rows).order_by()


def _counts() -> dict[str, Any]:
    return {
        "records": Count("pk"),
        "succeeded": Count("pk", filter=Q(outcome=Outcome.SUCCESS)),
        "partial": Count("pk", filter=Q(outcome=Outcome.PARTIAL)),
        "failed": Count("pk", filter=Q(outcome=Outcome.FAILURE)),
        "unfit": Count("pk", filter=Q(error_count__gt=0)),
        "timed": Count("duration_ms"),
        "mean": Avg("duration_ms"),
        "p95": Percentile95("duration_ms"),
    }


def figures_of(rows: QuerySet[ProcessingRecord]) -> Figures:
    """What these records add up to; one query."""
    return Figures(**rows.aggregate(**_counts()))


def below(rows: Iterable[tuple[ProcessingSchema, Figures]]) -> list[tuple[ProcessingSchema, Figures]]:
    """The schemas in use of which less succeeded than is to, worst first, however few their records are."""
    low = [
        (schema, found)
        for schema, found in rows
        if schema.status == ProcessingSchema.Status.ACTIVE
        and schema.alert_below is not None
        and found.succeeded * 100 < schema.alert_below * found.records
    ]
    return sorted(low, key=lambda one: one[1].success_rate or 0)


def by_schema(rows: QuerySet[ProcessingRecord]) -> dict[uuid.UUID, Figures]:
    """The same for each schema that has records; one query."""
    found: Any = rows.values("schema_id").annotate(**_counts())
    return {one.pop("schema_id"): Figures(**one) for one in found}


def steps(rows: QuerySet[ProcessingRecord], begin: dt.datetime, end: dt.datetime, organization: Organization) -> list[Step]:
    """Hour by hour, or day by day where the organization lives; one query. Those without records are there, empty."""
    zone, hourly = organization.tzinfo, end - begin <= BY_HOUR
    trunc: Func = (TruncHour if hourly else TruncDay)("occurred_at", tzinfo=zone)
    each: Any = rows.annotate(step=trunc).values("step").annotate(**_counts())
    found = {one.pop("step"): Figures(**one) for one in each}
    return [Step(at, found.get(at, Figures())) for at in _moments(begin, end, organization, hourly=hourly)]


def _moments(begin: dt.datetime, end: dt.datetime, organization: Organization, *, hourly: bool) -> list[dt.datetime]:
    """Where hours or local days begin. Hours go by the clock of the world: a day with 25 of them has 25."""
    zone = organization.tzinfo
    local = begin.astimezone(zone)
    if hourly:
        at, hour = local.replace(minute=0, second=0, microsecond=0).astimezone(dt.UTC), dt.timedelta(hours=1)
        return [at + n * hour for n in range(-((at - end) // hour))]
    days = (end.astimezone(zone).date() - local.date()).days + 1
    begins = (dt.datetime.combine(local.date() + dt.timedelta(days=n), dt.time(), zone) for n in range(days))
    return [one for one in begins if one < end]
