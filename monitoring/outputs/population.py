"""Outages, recovery tests and load tests as populations for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from evidence.populations.registry import Table, register_population
from monitoring.models import LoadTest, Outage, RecoveryTest
from tenancy.models import current_organization

_OUTAGES = (
    "Every outage that checks confirmed and that lasted on at least one of these days, planned maintenance left out as checks "
    "leave it out, from this installation's own database. What no check looks at, and times in which nothing was known, are not "
    "in it."
)
_TESTS = "Every recovery test that was recorded for these days, whatever came of it, from this installation's own database."
_LOADS = "Every load test that was recorded for these days, whatever came of it, from this installation's own database."
_OUTAGE_HEADER = ("Check", "System", "From (UTC)", "Confirmed (UTC)", "Until (UTC)", "Minutes", "What was found", "Incident")
_TEST_HEADER = (
    "Number", "Kind", "What", "System", "Day", "By", "Works", "Recovery time, target (min)", "Recovery time (min)",
    "Data lost, target (min)", "Data lost (min)", "Result", "Evidence",
)  # fmt: skip
_LOAD_HEADER = (
    "Number", "Before", "System", "Day", "By", "Unit", "Load, aimed at", "Load, reached", "95th percentile, allowed (ms)",
    "95th percentile (ms)", "Errors, allowed (%)", "Errors (%)", "Result", "Evidence",
)  # fmt: skip


def register() -> None:
    """Offer them."""
    register_population("outages", "Outages", _OUTAGES, outages)
    register_population("recovery_tests", "Recovery tests", _TESTS, tests)
    register_population("load_tests", "Load tests", _LOADS, loads)


def outages(first: dt.date, last: dt.date) -> Table:
    """Those of the days, in order."""
    organization = current_organization()
    begin, end = organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)
    rows = Outage.objects.filter(Q(ended_at=None) | Q(ended_at__gte=begin), started_at__lt=end)
    return Table(_OUTAGE_HEADER, _of_outages(rows.select_related("check_of__system", "incident").order_by("started_at", "pk")))


def tests(first: dt.date, last: dt.date) -> Table:
    """Those of the days, in order."""
    rows = RecoveryTest.objects.filter(tested_on__range=(first, last)).select_related("system", "tested_by__user", "evidence")
    return Table(_TEST_HEADER, _of_tests(rows.order_by("tested_on", "reference")))


def loads(first: dt.date, last: dt.date) -> Table:
    """Those of the days, in order."""
    rows = LoadTest.objects.filter(tested_on__range=(first, last)).select_related("system", "tested_by__user", "evidence")
    return Table(_LOAD_HEADER, _of_loads(rows.order_by("tested_on", "reference")))


def _of_outages(rows: QuerySet[Outage]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        minutes = (one.ended_at - one.started_at).total_seconds() / 60 if one.ended_at else None
        yield (
            one.check_of.name,
            one.check_of.system.name if one.check_of.system else "",
            _instant(one.started_at),
            _instant(one.confirmed_at),
            _instant(one.ended_at),
            "" if minutes is None else f"{minutes:.1f}",
            one.detail,
            one.incident.reference if one.incident else "",
        )


def _of_tests(rows: QuerySet[RecoveryTest]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.get_kind_display(),
            one.what,
            one.system.name if one.system else "",
            one.tested_on.isoformat(),
            one.tested_by.name,
            "yes" if one.works else "no",
            str(one.rto_target_minutes),
            "" if one.rto_minutes is None else str(one.rto_minutes),
            str(one.rpo_target_minutes),
            "" if one.rpo_minutes is None else str(one.rpo_minutes),
            one.result_badge.label,
            one.evidence.reference if one.evidence else "",
        )


def _of_loads(rows: QuerySet[LoadTest]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.before,
            one.system.name if one.system else "",
            one.tested_on.isoformat(),
            one.tested_by.name,
            one.unit,
            str(one.load_aimed),
            "" if one.load_reached is None else str(one.load_reached),
            str(one.answer_limit_ms),
            "" if one.answer_ms is None else str(one.answer_ms),
            str(one.errors_allowed),
            "" if one.errors_seen is None else str(one.errors_seen),
            one.result_badge.label,
            one.evidence.reference if one.evidence else "",
        )


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
