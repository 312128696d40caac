"""The figures, worked out by hand from the programme; and nothing where nothing was measured."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from controls.models import AuditPeriod, ControlState
from controls.status.keep import refresh
from controls.status.parts import WHOLE, parts_of
from reports.bands import band_of
from reports.dashboard.data import dashboard_data
from reports.dashboard.figures import critical_gaps, figures_of, states_of
from reports.dashboard.months import months_of
from reports.dashboard.waiting import Waiting, upcoming
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.controls.status import rows
from tests.reports.world import TODAY, Programme, make_programme


def names(programme: Programme, states: list[ControlState]) -> list[str]:
    found = {control.pk: name for name, control in programme.controls.items()}
    return [found[state.control_id] for state in states]


def test_they_are_what_was_worked_out_by_hand(programme, acme, django_assert_num_queries):
    whole = parts_of(programme.period)[WHOLE]
    with django_assert_num_queries(4):
        figures = figures_of(programme.period, whole, acme)
    assert str(figures.readiness) == "2 of 7 (29 %)"
    assert {design.value: count for design, count in figures.readiness.by_design.items()} == {
        "implemented": 2,
        "partial": 2,
        "missing": 2,
        "not_evaluable": 1,
    }
    assert (figures.gaps, figures.readiness.critical_gaps) == (5, 3)
    assert figures.work == Waiting(number=3, late=2, oldest=dt.date(2026, 1, 31))
    assert figures.findings == Waiting(number=4, late=2, oldest=dt.date(2026, 4, 1), critical=2)
    months = {one.month.key: one.number for one in figures.collected}
    begun = {"2026-01": 1, "2026-02": 3, "2026-03": 3, "2026-04": 1, "2026-05": 4}
    assert months == begun | {f"2026-{month:02d}": None for month in range(6, 13)}


def test_a_part_counts_through_its_criteria(programme, acme):
    parts = parts_of(programme.period)
    shares = {key: str(figures_of(programme.period, parts[key], acme).readiness) for key in ("CC6", "A1", "availability", "CC9")}
    assert shares == {
        "CC6": "1 of 4 (25 %)",
        "A1": "1 of 2 (50 %)",
        "availability": "1 of 2 (50 %)",
        "CC9": "No controls in scope",
    }
    figures = figures_of(programme.period, parts["CC8"], acme)
    assert (figures.work.late, [one.number for one in figures.collected][:5]) == (1, [0, 1, 1, 0, 0])


def test_what_needs_most_comes_first(programme):
    whole = parts_of(programme.period)[WHOLE]
    ordered = names(programme, list(states_of(programme.period, whole)))
    assert ordered == ["bare", "unclear", "ownerless", "failed", "tested", "bare too", "whole"]
    assert names(programme, list(critical_gaps(programme.period, whole))) == ["bare", "unclear", "ownerless"]


def test_what_comes_next_is_the_next_of_each_control_in_scope(programme):
    ahead = upcoming(programme.period, parts_of(programme.period)[WHOLE], TODAY)
    assert [one.due_on.isoformat() for one in ahead] == ["2026-05-20", "2026-05-31"]


def test_the_day_of_a_type_1_shows_the_twelve_months_that_lead_to_it(acme, in_acme):
    day = dt.date(2026, 2, 10)
    period = AuditPeriod(kind="type1", starts_on=day, ends_on=day)
    months = months_of(period, acme)
    assert [one.key for one in months] == [*(f"2025-{n:02d}" for n in range(3, 13)), "2026-01", "2026-02"]
    assert (months[-1].last, months[0].since.isoformat()) == (day, "2025-03-01T00:00:00-05:00")


def test_months_are_cut_to_the_period(acme, in_acme):
    months = months_of(AuditPeriod(starts_on=dt.date(2026, 1, 15), ends_on=dt.date(2026, 3, 10)), acme)
    assert [(one.first.day, one.last.day) for one in months] == [(15, 31), (1, 28), (1, 10)]
    assert all(one.until == after.since for one, after in pairwise(months))


@pytest.mark.parametrize(
    ("percent", "word"),
    [(None, "Not measured"), (0, "Far from ready"), (69, "Far from ready"), (70, "Gaps to close"), (89, "Gaps to close"),
     (90, "On course"), (100, "On course")],
)  # fmt: skip
def test_a_word_stands_beside_the_colour(percent, word):
    assert band_of(percent).word == word


def test_as_data_it_says_the_same(programme, acme):
    data = dashboard_data(programme.period, acme)
    assert (data["asOf"], data["scope"], data["period"]["name"]) == ("2026-05-20", "yes", "2026")
    metrics = data["metrics"]
    assert metrics["overallCompliance"] == 29
    assert (metrics["implemented"], metrics["inScope"], metrics["criticalGaps"], metrics["overdue"]) == (2, 7, 3, 2)
    assert metrics["criticalFindings"] == 2
    assert metrics["controlsByStatus"] == [
        {"name": "Implemented", "value": 2},
        {"name": "Partly in place", "value": 2},
        {"name": "Missing", "value": 2},
        {"name": "Could not be evaluated", "value": 1},
    ]
    assert metrics["evidenceTrend"][1:3] == [{"month": "2026-02", "collected": 3}, {"month": "2026-03", "collected": 3}]
    assert len(metrics["evidenceTrend"]) == 5
    assert len(data["controls"]) == 7
    tested = next(one for one in data["controls"] if one["code"] == programme.controls["tested"].code)
    assert (tested["status"], tested["operation"], tested["lastTested"]) == ("implemented", "deviations", "2026-04-01")
    assert (tested["evidenceCount"], tested["reasons"]) == (2, ["late"])


def test_as_data_what_was_not_measured_is_null(on_the_day, in_acme, acme):
    nothing: dict[str, Any] = {
        "overallCompliance": None, "implemented": None, "inScope": None, "criticalGaps": None, "overdue": None,
        "controlsByStatus": [], "controlsByOperation": [], "evidenceTrend": [], "criticalFindings": 0,
    }  # fmt: skip
    assert dashboard_data(None, acme)["metrics"] == nothing
    empty = dashboard_data(rows.period(), acme)
    assert (empty["metrics"], empty["controls"]) == (nothing, [])


def test_a_part_that_is_not_covered_has_no_data(in_acme, acme):
    with pytest.raises(KeyError):
        dashboard_data(rows.period(), acme, scope="privacy")


def test_another_organization_changes_nothing(on_the_day, db, acme):
    cast = Cast()
    with tenant(acme):
        programme = make_programme(cast.manager)
        before = dashboard_data(programme.period, acme)
    with tenant(Organization.objects.get(slug="globex")):
        make_programme(cast.of("globex", "manager"))
    with tenant(acme):
        refresh()
        assert dashboard_data(programme.period, acme) == before
