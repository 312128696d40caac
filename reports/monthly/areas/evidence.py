"""Evidence: what was collected in the span, and how fresh all of it is at the moment."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, Q, QuerySet

from controls.status.readiness import Share
from evidence.freshness import Freshness, conditions
from evidence.models import Evidence, FileCheck
from evidence.printing.words import day, plural
from reports.monthly.data import Column, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

DAMAGED = Q(file__checks__result__in=(FileCheck.Result.ALTERED, FileCheck.Result.MISSING, FileCheck.Result.UNREADABLE))
DEFINITIONS = [
    (
        "Evidence in date",
        "Of the items of evidence that are neither superseded nor withdrawn, those whose last day has not passed. Every stored "
        "file is read again on a schedule; one that is missing, altered or unreadable is named.",
    )
]


def told(span: Span) -> Area:
    """Of the whole vault."""
    items = Evidence.objects.filter(collected_at__lt=span.moment)
    by_state = {name: Count("pk", filter=condition) for name, condition in conditions(span.today).items()}
    counts: dict[str, int] = items.order_by().aggregate(**by_state)
    stale, expiring = counts[Freshness.STALE], counts[Freshness.EXPIRING]
    kept = counts[Freshness.CURRENT] + expiring + stale
    damaged = items.filter(DAMAGED, status=Evidence.Status.CURRENT).order_by().values("pk").distinct().count()
    soon = f"{expiring:,} within 30 days of its end" if expiring == 1 else f"{expiring:,} within 30 days of their end"
    figure = Figure(
        key="evidence",
        label="Evidence in date",
        part=kept - stale,
        whole=kept,
        none="None was kept",
        note=", ".join([*([f"{stale:,} out of date"] if stale else []), *([soon] if expiring else [])]),
    )
    matters = []
    if damaged:
        words = plural(damaged, "item of evidence has a file that is", "items of evidence have files that are")
        matters.append(Matter(rank=1, text=f"{words} missing, altered or unreadable"))
    return Area(figures=[figure], matters=matters, sections=[_section(items, span, counts, kept)], definitions=DEFINITIONS)


def _section(items: QuerySet[Evidence], span: Span, counts: dict[str, int], kept: int) -> Section:
    collected = items.filter(collected_at__gte=span.since, collected_at__lt=span.until)
    withdrawn = collected.filter(status=Evidence.Status.WITHDRAWN).count()
    stays = collected.exclude(status=Evidence.Status.WITHDRAWN)
    number = stays.count()
    in_date = (
        f"{Share(kept - counts[Freshness.STALE], kept)} items of evidence are in date." if kept else "No evidence is kept yet."
    )
    notes = [f"{plural(withdrawn, 'item')} collected in these days and withdrawn since: not counted."] if withdrawn else []
    return Section(
        key="evidence",
        title="Evidence",
        sentence=f"{plural(number, 'item was', 'items were')} collected in these days. {in_date}",
        tables=[_stale(items, span.today), _collected(stays)],
        notes=notes,
    )


def _stale(items: QuerySet[Evidence], today: dt.date) -> Table:
    rows = items.filter(DAMAGED & Q(status=Evidence.Status.CURRENT) | conditions(today)[Freshness.STALE])
    found = rows.select_related("owner__user").order_by("expires_on", "reference").distinct()
    return Table(
        title="Out of date, missing, altered or unreadable",
        columns=[
            Column(label="Evidence", width=54),
            Column(label="What is wrong", width=26),
            Column(label="Owner", width=20),
        ],
        rows=[
            [f"{row.reference} {row.title}", _wrong(row, today), row.owner.name if row.owner else "Nobody"]
            for row in found.iterator()
        ],
        none="No item is out of date, and no file was found missing, altered or unreadable.",
        exceptions=True,
    )


def _wrong(row: Evidence, today: dt.date) -> str:
    if row.expires_on and row.expires_on < today:
        return f"Out of date since {day((row.expires_on + dt.timedelta(days=1)).isoformat())}"
    return "Its file is missing, altered or unreadable"


def _collected(stays: QuerySet[Evidence]) -> Table:
    rows: Any = stays.order_by().values_list("category", "method").annotate(Count("pk"))
    by_hand: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for category, method, number in rows:
        every[category] += number
        by_hand[category] += number if method == Evidence.Method.MANUAL else 0
    lines = [[str(one.label), *_numbers(every[one], by_hand[one])] for one in Evidence.Category if every[one]]
    return Table(
        title="Collected in these days",
        columns=[
            Column(label="Category", width=40),
            Column(label="Collected", width=20, numeric=True),
            Column(label="Automatically", width=20, numeric=True),
            Column(label="By hand", width=20, numeric=True),
        ],
        rows=[[*line] for line in lines],
        total=["All", *_numbers(every.total(), by_hand.total())] if len(lines) > 1 else [],
        none="Nothing was collected.",
    )


def _numbers(every: int, by_hand: int) -> list[str]:
    return [f"{every:,}", f"{every - by_hand:,}", f"{by_hand:,}"]
