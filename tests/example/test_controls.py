"""Larkfield's year of controls, and the first hour of the clinics: the numbers that people are told."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from controls.criteria import in_scope
from controls.library.questions import adopted
from controls.models import (
    AuditPeriod,
    Control,
    ControlCriterion,
    ControlState,
    ControlTest,
    Finding,
    GapRun,
    Occurrence,
    RoadmapTask,
)
from controls.models.finding import PENDING
from controls.status.readiness import readiness
from evidence.models import Evidence
from example.dates import Calendar
from example.programme import ANSWERS, LEFT_OUT, silent_since, year_of
from reviews.quarters import quarter_of
from tenancy.scope import tenant
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
# Whose design is less than implemented, and why.
SHORT = {
    "AI-006": ("missing", "no_policy"),
    "BCP-002": ("not_evaluable", "not_evaluated"),
    "BCP-003": ("partial", "failed_test"),
    "GOV-001": ("partial", "partial_test"),
    "GOV-004": ("partial", "stale"),
    "GOV-005": ("missing", "no_policy"),
    "VUL-001": ("partial", "partial_test"),
}


@pytest.fixture
def period(here):  # noqa: F811
    return AuditPeriod.objects.get()


def states(period):
    return ControlState.objects.filter(period=period, in_scope=True).select_related("control")


def test_58_controls_answer_each_of_the_38_criteria_in_scope(period):
    criteria = {one.key for one in in_scope(period.categories)}
    answered = set(ControlCriterion.objects.filter(criterion__in=criteria).values_list("criterion", flat=True))
    assert (Control.objects.count(), len(criteria), answered) == (58, 38, criteria)
    assert len(adopted(ANSWERS)) - len(LEFT_OUT) == 58


def test_51_are_implemented_4_partly_2_missing_and_1_could_not_be_evaluated(period):
    found = Counter(states(period).values_list("design", flat=True))
    assert found == {"implemented": 51, "partial": 4, "missing": 2, "not_evaluable": 1}
    figures = readiness(period)
    assert (figures.implemented, figures.in_scope) == (51, 58)


def test_each_that_falls_short_says_why(period):
    short = {one.control.code: one for one in states(period).exclude(design="implemented")}
    assert {code: one.design for code, one in short.items()} == {code: design for code, (design, _) in SHORT.items()}
    for code, (_, reason) in SHORT.items():
        assert reason in short[code].reasons, code


def test_everybody_who_owns_a_control_signs_in_and_tests_none_of_their_own(period):
    assert not Control.objects.filter(owner__member=None).exists()
    assert len(set(Control.objects.values_list("owner", flat=True))) == 8
    assert ControlTest.objects.count() >= 20
    assert not [test for test in ControlTest.objects.select_related("control") if test.tester_person_id == test.control.owner_id]


def test_there_is_a_mixture_of_what_was_done_late_and_missed(period):
    operation = Counter(states(period).values_list("operation", flat=True))
    assert {"no_deviations", "deviations", "not_tested"} <= operation.keys()
    done = Occurrence.objects.filter(status="performed")
    assert done.count() > 150
    late = {row.control.code for row in done.select_related("control") if row.performed_on and row.performed_on > row.due_on}
    assert late == {"VUL-003", "DAT-002", "AST-001"}


def test_backups_report_nothing_since_the_day_they_fell_silent(made, here):  # noqa: F811
    since = silent_since(Calendar.of(made))
    waiting = Occurrence.objects.filter(control__code="BCP-002", status="open", starts_on__lt=here.today())
    assert min(waiting.values_list("starts_on", flat=True)) == since
    test = ControlTest.objects.get(control__code="BCP-002")
    assert test.result == "not_evaluable"
    assert f"{since:%B}" in test.notes


def test_evidence_was_collected_all_year(period):
    months = {moment.month for moment in Evidence.objects.values_list("collected_at", flat=True)}
    assert len(months) >= 9


def test_the_clinics_have_security_only_with_everything_on_the_founder(clinics):  # noqa: F811
    with tenant(clinics):
        period = AuditPeriod.objects.get()
        assert (period.kind, period.categories) == ("type1", ["security"])
        assert set(Control.objects.values_list("owner__name", flat=True)) == {"Katrin Adler"}
        assert Counter(states(period).values_list("design", flat=True)) == {"missing": Control.objects.count()}
        assert not Occurrence.objects.exclude(status="open").exists()


@pytest.mark.parametrize("today", [dt.date(2026, 10, 15), dt.date(2026, 11, 21), dt.date(2027, 1, 14), dt.date(2027, 2, 20)])
def test_the_present_is_in_the_fourth_quarter_of_the_period_whatever_the_day(today):
    fourth = quarter_of(today - dt.timedelta(days=14))
    calendar = Calendar(today, fourth.previous(), fourth, ZoneInfo("America/New_York"))
    year = year_of(calendar)
    assert (year["ends_on"] - year["starts_on"]).days in {364, 365}
    assert year["ends_on"] == fourth.last
    assert fourth.first < silent_since(calendar) < today


def test_13_findings_are_not_over_and_3_of_them_are_past_due(period, made):  # noqa: F811
    today = made.today()
    pending = Finding.objects.filter(status__in=PENDING)
    overdue = pending.filter(due_on__lt=today).order_by("due_on")
    assert (pending.count(), overdue.count()) == (13, 3)
    assert (today - overdue[0].due_on).days == 21
    assert Counter(Finding.objects.values_list("status", flat=True))["closed"] == 2
    assert Finding.objects.get(status="accepted").accepted_until > today
    late = Finding.objects.get(source="missed", status="open").occurrence
    assert late.status == "missed" or late.missed_after < today


def test_its_gaps_are_those_of_the_states_and_the_roadmap_has_each(period):
    run = GapRun.objects.get()
    assert (run.implemented, run.in_scope) == (51, 58)
    tasks = RoadmapTask.objects.filter(roadmap__run=run)
    assert set(tasks.exclude(control=None).values_list("control__code", flat=True)) >= set(SHORT)
    assert tasks.filter(status="done").count() == 2
