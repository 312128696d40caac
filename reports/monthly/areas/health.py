"""Uptime against target, processing of documents, recovery tests and load tests, over the days of the report."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evidence.printing.words import plural
from inventory.removals.due import add_business_days
from monitoring.load import words
from monitoring.models import Check, LoadTest, RecoveryTest
from monitoring.uptime.charts import lasting
from monitoring.uptime.reckoning import Share, shares
from processing.models import ProcessingSchema
from processing.records.figures import Figures, between, by_schema
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

DEFINITIONS = [
    (
        "Checks that met their target",
        "Of the checks of which something is known in the days of the report, those whose uptime (healthy or degraded time as a "
        "share of the time in which something was known, planned maintenance left out) reached their target. Time in which "
        "nothing was known counts neither way and is told beside it.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is watched with its share of the span, tests of recovery and under load, and what was processed by schema."""

    watched: list[tuple[Check, Share]]
    tests: list[RecoveryTest]
    loads: list[LoadTest]
    processed: list[tuple[ProcessingSchema, Figures]]

    @property
    def measured(self) -> list[tuple[Check, Share, float]]:
        """Those of which something is known, with their uptime in percent."""
        return [(check, share, share.uptime) for check, share in self.watched if share.uptime is not None]

    @property
    def missed(self) -> list[tuple[Check, Share, float]]:
        """Those below their target, the worst first."""
        below = [row for row in self.measured if row[2] < float(row[0].target)]
        return sorted(below, key=lambda row: row[2] - float(row[0].target))


def told(span: Span) -> Area:
    """Of the whole organization: checks belong to no period."""
    known = _known(span)
    met = len(known.measured) - len(known.missed)
    figure = Figure(
        key="uptime",
        label="Checks that met their uptime target",
        part=met,
        whole=len(known.measured),
        note=", ".join(check.name for check, _, _ in known.missed[:2]),
    )
    return Area(
        figures=[figure] if known.measured else [],
        matters=list(_matters(known)),
        decisions=list(_decisions(known, span)),
        sections=[_uptime(known), *_processing(known)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    checks = list(Check.objects.exclude(status=Check.Status.RETIRED).filter(made_at__lt=span.until).order_by("name"))
    found = shares(checks, [(span.since, span.until)]) if checks and span.since < span.until else {}
    tests = RecoveryTest.objects.filter(tested_on__range=(span.first, span.last)).select_related("tested_by__user")
    loads = LoadTest.objects.filter(tested_on__range=(span.first, span.last)).select_related("tested_by__user")
    counted = by_schema(between(span.since, span.until))
    schemas = ProcessingSchema.objects.filter(pk__in=counted).order_by("key")
    return _Known(
        [(check, found[check.pk][0]) for check in checks if check.pk in found],
        list(tests.order_by("tested_on", "reference")),
        list(loads.order_by("tested_on", "reference")),
        [(schema, counted[schema.pk]) for schema in schemas],
    )


def _matters(known: _Known) -> Iterator[Matter]:
    if known.missed:
        worst = known.missed[0][0].name
        others = f" and {plural(len(known.missed) - 1, 'other check')}" if len(known.missed) > 1 else ""
        yield Matter(rank=3, text=f"{worst}{others} stayed below the uptime that is promised")
    failed = [one for one in known.tests if not one.passed]
    if failed:
        yield Matter(rank=3, text=f"{plural(len(failed), 'recovery test', 'recovery tests')} missed a target or failed")
    broke = [one for one in known.loads if one.failed]
    if broke:
        yield Matter(rank=3, text=f"{plural(len(broke), 'load test', 'load tests')} failed")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    for one in known.tests:
        if not one.passed:
            yield Decision(
                rank=3,
                what=f"Say how {one.reference} {quoted(one.what)} is to meet its targets, or change them by name.",
                who=one.tested_by.name or span.responsible,
                by=add_business_days(span.today, 5).isoformat(),
            )
    for load in known.loads:
        if load.failed:
            yield Decision(
                rank=3,
                what=f"Say how {load.reference}, before {quoted(load.before)}, is to pass when repeated, or change its limits.",
                who=load.tested_by.name or span.responsible,
                by=add_business_days(span.today, 5).isoformat(),
            )


def _uptime(known: _Known) -> Section:
    if not known.watched:
        sentence = "Nothing was watched in these days."
    elif not known.measured:
        sentence = f"{plural(len(known.watched), 'check is', 'checks are')} set up; nothing is known of them in these days."
    else:
        met = len(known.measured) - len(known.missed)
        blind = len(known.watched) - len(known.measured)
        of_others = f"; nothing is known of {blind:,}" if blind else ""
        sentence = f"{met:,} of {plural(len(known.measured), 'check')} met the target in these days{of_others}."
    return Section(
        key="uptime", title="Uptime and recovery", sentence=sentence, tables=[_checks(known), _recovery(known), _loads(known)]
    )


def _checks(known: _Known) -> Table:
    missed = {check.pk for check, _, _ in known.missed}
    ordered = sorted(known.watched, key=lambda row: (row[0].pk not in missed, row[0].name))
    return Table(
        title="Uptime against target",
        columns=[
            Column(label="Check", width=32),
            Column(label="Uptime", width=14, numeric=True),
            Column(label="Target", width=12, numeric=True),
            Column(label="Down", width=14, numeric=True),
            Column(label="Maintenance", width=14, numeric=True),
            Column(label="Not known", width=14, numeric=True),
        ],
        rows=[_row(check, share) for check, share in ordered],
        none="",
        exceptions=bool(missed),
    )


def _row(check: Check, share: Share) -> list[Any]:
    uptime = "Not known" if share.uptime is None else f"{int(share.uptime * 1000) / 1000:.3f} %"
    times = (share.down, share.maintenance, share.unknown)
    return [check.name, uptime, f"{check.target.normalize():f} %", *(lasting(one) if one >= 1 else "None" for one in times)]


def _recovery(known: _Known) -> Table:
    return Table(
        title="Recovery tests of these days",
        columns=[
            Column(label="Test", width=40),
            Column(label="Recovery time", width=20),
            Column(label="Data lost", width=20),
            Column(label="Result", width=20),
        ],
        rows=[
            [
                f"{one.reference} {one.what}",
                _against(one.rto_minutes, one.rto_target_minutes, "Did not come back"),
                _against(one.rpo_minutes, one.rpo_target_minutes, "Not known"),
                one.result_badge.label,
            ]
            for one in sorted(known.tests, key=lambda test: test.passed)
        ],
        none="",
    )


def _loads(known: _Known) -> Table:
    return Table(
        title="Load tests of these days",
        columns=[
            Column(label="Test", width=32),
            Column(label="Load", width=22),
            Column(label="95th percentile", width=18),
            Column(label="Errors", width=14),
            Column(label="Result", width=14),
        ],
        rows=[
            [
                f"{one.reference} before {one.before}",
                f"{words.load_of(one.load_reached, one.unit)}, aim {one.load_aimed:,}",
                f"{words.milliseconds(one.answer_ms)}, {words.milliseconds(one.answer_limit_ms)} allowed",
                f"{words.percent(one.errors_seen)}, {words.percent(one.errors_allowed)} allowed",
                one.result_badge.label,
            ]
            for one in sorted(known.loads, key=lambda test: test.passed)
        ],
        none="",
    )


def _against(minutes: int | None, target: int, none: str) -> str:
    return f"{none if minutes is None else lasting(minutes * 60)}, target {lasting(target * 60)}"


def _processing(known: _Known) -> Iterator[Section]:
    if not known.processed:
        return
    records = sum(figures.records for _, figures in known.processed)
    succeeded = sum(figures.succeeded for _, figures in known.processed)
    yield Section(
        key="processing",
        title="Processing integrity",
        sentence=f"{succeeded:,} of {plural(records, 'document')} that were validated in these days succeeded.",
        tables=[
            Table(
                title="By schema",
                columns=[
                    Column(label="Schema", width=28),
                    Column(label="Records", width=14, numeric=True),
                    Column(label="Succeeded", width=14, numeric=True),
                    Column(label="Failed", width=14, numeric=True),
                    Column(label="Mean", width=15, numeric=True),
                    Column(label="95th percentile", width=15, numeric=True),
                ],
                rows=[
                    [schema.key, f"{one.records:,}", one.success_words, one.error_words, one.mean_words, one.p95_words]
                    for schema, one in known.processed
                ],
                none="",
            )
        ],
    )
