"""Tests of the controls in scope: how many were tested in the audit period so far, with which result, and what did not pass."""

from typing import Any

from django.db.models import Q, QuerySet

from controls.models import AuditPeriod, Control, ControlTest
from controls.status.scope import scope_of
from controls.testing.results import Tested, results_of, with_results
from evidence.models import Evidence
from evidence.printing.words import day, plural
from reports.monthly.data import Cell, Column, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

Result = ControlTest.Result
TITLE = "Tests of controls"
# Worst first; of what passed paper gives the number alone.
_WORST = (Result.FAIL, Result.NOT_EVALUABLE, Result.PARTIAL)
DEFINITIONS = [
    (
        "Tested in the period",
        "A test belongs to the audit period in which its population ends, or in which it was made where it has none. A control "
        "counts by its last test of the period; one that could not be evaluated takes away a pass, and no failure.",
    )
]


def told(span: Span) -> Area:
    """Of the audit period up to the moment."""
    if span.period is None:
        said = Section(key="tests", title=TITLE, sentence="There is no audit period, so no test counts for one.", tables=[])
        return Area(sections=[said])
    return Area(sections=[_section(span, span.period)], definitions=DEFINITIONS)


def _section(span: Span, period: AuditPeriod) -> Section:
    items = Evidence.objects.filter(collected_at__lt=span.moment)
    figures = results_of(period, span.today, items, span.organization)
    made = ControlTest.objects.filter(recorded_at__gte=span.since, recorded_at__lt=span.until).count()
    return Section(
        key="tests",
        title=TITLE,
        sentence=f"{_summary(figures, period)} {plural(made, 'test was', 'tests were')} recorded in these days.",
        tables=[_not_passed(figures, period, span), _by_result(figures)],
    )


def _summary(figures: Tested, period: AuditPeriod) -> str:
    if not figures.controls:
        return f"No control is in scope of {period.name}."
    if not figures.share.part:
        return f"No control in scope of {period.name} was tested in it yet."
    return f"{figures.share} controls in scope of {period.name} were tested in it."


def _not_passed(figures: Tested, period: AuditPeriod, span: Span) -> Table:
    controls: QuerySet[Any] = with_results(Control.objects.filter(scope_of(period)), period, span.today)
    wrong = controls.filter(~Q(result=Result.PASS), result__isnull=False).order_by("code")
    rows = sorted(wrong, key=lambda one: _WORST.index(Result(one.result)))
    return Table(
        title="Tested and not passed",
        columns=[
            Column(label="Control", width=48),
            Column(label="Result", width=18),
            Column(label="Tested", width=16),
            Column(label="By", width=18),
        ],
        rows=[
            [f"{row.code} {row.title}", str(Result(row.result).label), day(row.tested_on.isoformat()), row.tester_name or ""]
            for row in rows
        ],
        none="Every control that was tested passed." if figures.share.part else "Nothing was tested.",
        exceptions=True,
    )


def _by_result(figures: Tested) -> Table:
    rows: list[list[Cell]] = [[str(one.label), f"{figures.by_result[one]:,}"] for one in Result]
    return Table(
        title="Controls in scope by their test of the period",
        columns=[Column(label="Result", width=70), Column(label="Controls", width=30, numeric=True)],
        rows=[*rows, ["Not tested yet", f"{figures.untested:,}"]],
        total=["In scope", f"{figures.controls:,}"],
        none="No control is in scope.",
    )
