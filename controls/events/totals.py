"""What the events of a span of days add up to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from controls.events.facts import NOTABLE, RESULTS
from controls.events.listing import since, until
from controls.models import AuditPeriod, ControlEvent
from controls.models.event import EventKind, EventResult
from tenancy.models import Organization

YEAR = dt.timedelta(days=365)


@dataclass(slots=True)
class KindTotal:
    """The events of one kind. `known` of them have a number; `total`, `least` and `most` are over those."""

    kind: str
    results: dict[str, int] = field(default_factory=dict)
    known: int = 0
    total: float = 0.0
    least: float | None = None
    most: float | None = None

    @property
    def events(self) -> int:
        """How many there are."""
        return sum(self.results.values())

    @property
    def notable(self) -> int:
        """How many of them are worth a look."""
        return sum(count for result, count in self.results.items() if result in NOTABLE)

    @property
    def mean(self) -> float | None:
        """The mean of the numbers; None where there is none."""
        return self.total / self.known if self.known else None

    @property
    def label(self) -> str:
        """Its name."""
        return str(EventKind(self.kind).label)

    @property
    def by_result(self) -> list[tuple[str, str, int]]:
        """Each result it can have, with its name and count."""
        return [(result.value, str(result.label), self.results.get(result, 0)) for result in RESULTS[self.kind]]

    @property
    def sentence(self) -> str:
        """What its numbers say; empty where they say nothing."""
        return _SENTENCES[self.kind](self) if self.kind in _SENTENCES and self.known else ""


def _availability(one: KindTotal) -> str:
    met = one.results.get(EventResult.MET, 0)
    spans = f"{one.events:,} span{'' if one.events == 1 else 's'}"
    return f"{met:,} of {spans} met their target. Mean uptime {one.mean:.3f} %, lowest {one.least:.3f} %."


def _incident(one: KindTotal) -> str:
    resolved = f"{one.known:,} report{'' if one.known == 1 else 's'} of a resolution"
    return f"{resolved}: {_span(one.mean)} from detection on average, {_span(one.most)} at most."


def _span(minutes: float | None) -> str:
    whole = round(minutes or 0)
    return f"{whole // 60} h {whole % 60} min" if whole >= 60 else f"{whole} min"


_SENTENCES: dict[str, Callable[[KindTotal], str]] = {
    EventKind.AVAILABILITY: _availability,
    EventKind.INCIDENT: _incident,
    EventKind.REVIEW: lambda one: f"{one.total:,.0f} items were looked at.",
    EventKind.DELETION: lambda one: f"{one.total:,.0f} records were deleted.",
}


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """The events of one control by kind."""

    id: UUID
    code: str
    title: str
    kinds: Mapping[str, int]
    notable: int
    last_at: dt.datetime

    @property
    def events(self) -> int:
        """How many there are."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the days from `first` to `last`: by kind, every kind there is, and by control, those with events."""

    first: dt.date
    last: dt.date
    kinds: Sequence[KindTotal]
    controls: Sequence[ControlTotal]

    @property
    def events(self) -> int:
        """How many there are."""
        return sum(one.events for one in self.kinds)


def totals_of(
    events: QuerySet[ControlEvent], organization: Organization, first: dt.date, last: dt.date, *, control: UUID | None = None
) -> Totals:
    """Those of the events of the local days from `first` to `last`, of one control or of all. One query."""
    within = since(organization, first) & until(organization, last)
    rows = events.filter(within & (Q(control=control) if control else Q())).order_by()
    grouped = rows.values("kind", "result", "control_id", "control__code", "control__title").annotate(
        count=Count("pk"),
        known=Count("measure"),
        total=Sum("measure"),
        least=Min("measure"),
        most=Max("measure"),
        last_at=Max("occurred_at"),
    )
    found: list[dict[str, Any]] = [dict(row) for row in grouped]
    return Totals(first, last, _by_kind(found), _by_control(found))


def totals_in(
    events: QuerySet[ControlEvent], organization: Organization, period: AuditPeriod | None, *, control: UUID | None = None
) -> Totals:
    """Those of the events of an audit period up to today; without a period, of the last year."""
    today = organization.today()
    first, last = (period.starts_on, min(today, period.ends_on)) if period else (today - YEAR, today)
    return totals_of(events, organization, first, last, control=control)


def _by_kind(rows: list[dict[str, Any]]) -> list[KindTotal]:
    kinds = {kind: KindTotal(kind) for kind in EventKind.values}
    for row in rows:
        one = kinds[row["kind"]]
        one.results[row["result"]] = one.results.get(row["result"], 0) + row["count"]
        if row["known"]:
            one.known += row["known"]
            one.total += row["total"]
            one.least = row["least"] if one.least is None else min(one.least, row["least"])
            one.most = row["most"] if one.most is None else max(one.most, row["most"])
    return list(kinds.values())


def _by_control(rows: list[dict[str, Any]]) -> list[ControlTotal]:
    by_control: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_control[row["control_id"]].append(row)
    made = [_control_total(key, of_one) for key, of_one in by_control.items()]
    return sorted(made, key=lambda one: one.code)


def _control_total(key: UUID, rows: list[dict[str, Any]]) -> ControlTotal:
    kinds: dict[str, int] = defaultdict(int)
    for row in rows:
        kinds[row["kind"]] += row["count"]
    notable = sum(row["count"] for row in rows if row["result"] in NOTABLE)
    code, title = rows[0]["control__code"], rows[0]["control__title"]
    return ControlTotal(key, code, title, dict(kinds), notable, max(row["last_at"] for row in rows))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind in the archive: its years, the latest first, each with its months and their counts."""

    kind: str
    label: str
    years: Mapping[int, Sequence[tuple[dt.date, int]]]
    events: int


def archive(events: QuerySet[ControlEvent]) -> list[Shelf]:
    """The events under category, year and month. Off one index."""
    months: dict[str, dict[int, list[tuple[dt.date, int]]]] = defaultdict(lambda: defaultdict(list))
    rows = events.order_by("kind", "-month").values_list("kind", "month").annotate(count=Count("pk"))
    for kind, month, count in rows:
        months[kind][month.year].append((month, count))
    return [
        Shelf(kind, str(label), dict(months[kind]), sum(count for year in months[kind].values() for _, count in year))
        for kind, label in EventKind.choices
        if kind in months
    ]
