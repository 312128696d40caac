"""Evidence by the month in which it was collected."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, Exists, F, Func, IntegerField, OuterRef, QuerySet, Value

from controls.models import AuditPeriod, ControlEvidence
from controls.occurrences.calendar import first_of
from controls.occurrences.states import shown_from
from controls.status.parts import Part, covered
from evidence.models import Evidence
from tenancy.models import Organization

DAY = dt.timedelta(days=1)
WITHDRAWN = Evidence.Status.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a calendar month that a chart covers, as instants; `until` is the first that is no longer part of it."""

    first: dt.date
    last: dt.date
    since: dt.datetime
    until: dt.datetime

    @property
    def key(self) -> str:
        """2026-03"""
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        """March 2026"""
        return f"{self.first:%B %Y}"

    @property
    def short(self) -> str:
        """Mar"""
        return f"{self.first:%b}"


@dataclass(frozen=True, slots=True)
class Collected:
    """How much evidence was collected in a month; None when the month has not begun."""

    month: Month
    number: int | None


class _Bucket(Func):
    """Between which two of ascending values another lies: 1 after the first."""

    function = "width_bucket"
    output_field = IntegerField()


def months_of(period: AuditPeriod, organization: Organization) -> list[Month]:
    """The months of a period, its first and last cut to its days; for a Type I the twelve that lead to its day."""
    first, months = shown_from(period), []
    while first <= period.ends_on:
        after = first_of(first, months=1)
        last = min(after - DAY, period.ends_on)
        months.append(Month(first, last, organization.end_of(first - DAY), organization.end_of(last)))
        first = after
    return months


def collected(period: AuditPeriod, part: Part, months: Sequence[Month]) -> QuerySet[Evidence]:
    """What was collected in these months and not withdrawn since: all of it, or for the controls of a part of the scope."""
    return _within(period, part, months).exclude(status=WITHDRAWN)


def by_month(period: AuditPeriod, part: Part, months: Sequence[Month], today: dt.date) -> list[Collected]:
    """How much of that falls into each month, in one query.

    Everything less what was withdrawn: so the many are counted in an index alone, and only the few are looked up.
    """
    edges: Any = Value([month.since for month in months], output_field=ArrayField(DateTimeField()))
    rows = _within(period, part, months).order_by().annotate(place=_Bucket(F("collected_at"), edges)).values("place")
    kept, withdrawn = rows.annotate(n=Count("pk")), rows.filter(status=WITHDRAWN).annotate(n=Count("pk") * -1)
    found: Counter[int] = Counter()
    for row in kept.union(withdrawn, all=True):
        found[row["place"]] += row["n"]
    return [Collected(month, found[place] if month.first <= today else None) for place, month in enumerate(months, start=1)]


def _within(period: AuditPeriod, part: Part, months: Sequence[Month]) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(collected_at__gte=months[0].since, collected_at__lt=months[-1].until)
    if part.is_whole:
        return rows
    linked = ControlEvidence.objects.filter(
        covered(period, part), evidence=OuterRef("pk"), status=ControlEvidence.Status.LINKED
    ).order_by()
    return rows.filter(Exists(linked))
