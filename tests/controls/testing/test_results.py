"""What was tested in a period: each control counts once; the page, the file, the API and the report agree."""

import datetime as dt

import pytest

from controls.models import ControlTest
from controls.testing.results import results_of, with_results
from evidence.models import Evidence
from evidence.standing import withdraw_evidence
from reports.monthly.areas import testing
from reports.monthly.span import Span
from tenancy.scope import now
from tests.api.conftest import Program, make_token
from tests.controls.status import rows
from tests.controls.status.world import END, START, Trial

PAGE = "/o/acme/controls/tests/results/"
AFTER = END + dt.timedelta(days=30)
DAY = dt.timedelta(days=1)


@pytest.fixture
def period(in_acme):
    return rows.period()


@pytest.fixture
def controls(period):
    """One that passed in the end, one that failed, one that was tested before, one never, one that is not in scope."""
    better, failed, before, never = (rows.control() for _ in range(4))
    outside = rows.control(criteria=("A1.1",))
    rows.trial(better, Trial(START + DAY, "fail"))
    rows.trial(better, Trial(START + 9 * DAY, "pass"))
    rows.trial(failed, Trial(END, "fail"))
    rows.trial(before, Trial(START - DAY, "pass"))
    rows.trial(outside, Trial(END, "fail"))
    return better, failed, before, never, outside


def figures(period, acme, day=AFTER):
    return results_of(period, day, Evidence.objects.all(), acme)


def test_each_control_counts_once_by_its_last_test_of_the_period(period, controls, acme):
    found = figures(period, acme)
    assert (found.controls, found.tests, found.untested) == (4, 3, 2)
    assert found.by_result == {"pass": 1, "partial": 0, "fail": 1, "not_evaluable": 0}
    assert str(found.share) == "2 of 4 (50 %)"


def test_what_could_not_be_evaluated_takes_away_a_pass_and_no_failure(period, controls, acme):
    better, failed, *_ = controls
    rows.trial(better, Trial(END, "not_evaluable"))
    rows.trial(failed, Trial(END, "not_evaluable"))
    assert figures(period, acme).by_result == {"pass": 0, "partial": 0, "fail": 1, "not_evaluable": 1}


def test_it_is_as_of_a_day(period, controls, acme):
    found = figures(period, acme, START + 5 * DAY)
    assert (found.tests, found.by_result["fail"], found.untested) == (1, 1, 3)


def test_a_test_belongs_to_the_period_in_which_its_population_ends(period, controls, acme):
    *_, never, _ = controls
    population = rows.population(START, END)
    rows.trial(never, Trial(END + 10 * DAY, "partial"), population=population)
    assert figures(period, acme, END + 9 * DAY).by_result["partial"] == 0
    assert figures(period, acme).by_result["partial"] == 1


def test_without_controls_nothing_is_zero_percent(period, acme):
    assert str(figures(period, acme).share) == "No controls in scope"


def test_evidence_counts_where_it_was_collected_in_the_period_and_not_withdrawn(period, acme, manager):
    noon = dt.datetime.combine(START, dt.time(12), acme.tzinfo)
    kept, gone = rows.evidence(collected_at=noon), rows.evidence(collected_at=noon)
    rows.evidence(collected_at=noon - DAY)
    rows.evidence(collected_at=now())
    withdraw_evidence(gone, actor=manager, reason="Of another system.")
    assert figures(period, acme).evidence == 1
    assert kept.status == "current"


def test_the_page_shows_figures_and_rows_and_narrows(period, controls, client_of, auditor):
    better, failed, _, never, outside = controls
    client = client_of(auditor)
    page = client.get(f"{PAGE}?period={period.pk}").content.decode()
    assert "2 of 4 (50 %)" in page
    assert all(one.code in page for one in (better, failed, never))
    assert outside.code not in page
    test = ControlTest.objects.get(control=failed)
    assert f'tests/{test.pk}/"' in page
    untested = client.get(f"{PAGE}?period={period.pk}&result=none").content.decode()
    assert (never.code in untested, failed.code in untested) == (True, False)
    failing = client.get(f"{PAGE}?period={period.pk}&result=fail&export=csv")
    assert b"".join(failing.streaming_content if failing.streaming else [failing.content]).count(failed.code.encode()) == 1


def test_each_figure_leads_to_the_rows_that_it_counts(period, controls, acme, client_of, auditor):
    noon = dt.datetime.combine(START, dt.time(12), acme.tzinfo)
    within, before = rows.evidence(collected_at=noon), rows.evidence(collected_at=noon - DAY)
    client = client_of(auditor)
    page = client.get(f"{PAGE}?period={period.pk}")
    tested, *_, collected = page.context["tiles"]
    behind = client.get(f"{PAGE}{tested[4]}").content.decode()
    assert [one.code in behind for one in controls] == [True, True, False, False, False]
    proofs = client.get(collected[4]).content.decode()
    assert (str(within.pk) in proofs, str(before.pk) in proofs, collected[1]) == (True, False, "1")


def test_the_page_says_that_there_is_no_period(client_of, auditor):
    answer = client_of(auditor).get(PAGE)
    assert (answer.status_code, "No audit period yet" in answer.content.decode()) == (200, True)


def test_the_page_costs_the_same_for_many(period, controls, client_of, auditor, django_assert_max_num_queries):
    for _ in range(10):
        rows.trial(rows.control(), Trial(END, "pass"))
    client = client_of(auditor)
    client.get(f"{PAGE}?period={period.pk}")
    with django_assert_max_num_queries(16):
        assert client.get(f"{PAGE}?period={period.pk}").status_code == 200


def test_the_api_says_the_same(period, controls, manager, employee):
    better, failed, *_ = controls
    said = Program(make_token(manager)[1]).get(f"compliance/tests?period={period.pk}").json()
    told = {key: said[key] for key in ("in_scope", "tested", "not_tested", "passed", "passed_in_parts", "failed", "tests")}
    assert told == {"in_scope": 4, "tested": 2, "not_tested": 2, "passed": 1, "passed_in_parts": 0, "failed": 1, "tests": 3}
    by_code = {one["code"]: one for one in said["controls"]}
    assert (by_code[better.code]["result"], by_code[failed.code]["tested_on"]) == ("pass", END.isoformat())
    assert Program(make_token(employee)[1]).get("compliance/tests").status_code == 403


def test_the_report_of_a_month_tells_it(period, controls, acme):
    _, failed, *_ = controls
    moment = dt.datetime.combine(AFTER, dt.time(12), acme.tzinfo)
    (section,) = testing.told(Span(acme, AFTER.replace(day=1), AFTER, moment, period)).sections
    assert section.sentence.startswith("2 of 4 (50 %) controls in scope of First half were tested in it.")
    not_passed, by_result = section.tables
    assert [row[:2] for row in not_passed.rows] == [[f"{failed.code} {failed.title}", "Fail"]]
    assert [row[1] for row in by_result.rows] == ["1", "0", "1", "0", "2"]


def test_the_report_says_that_nothing_was_tested(period, acme):
    rows.control()
    (section,) = testing.told(Span(acme, START, END, now(), period)).sections
    assert section.sentence.startswith("No control in scope of First half was tested in it yet.")
    (section,) = testing.told(Span(acme, START, END, now())).sections
    assert "no audit period" in section.sentence


def test_rows_name_who_tested(period, controls, reviewer):
    *_, never, _ = controls
    rows.trial(never, Trial(END, "pass"), tester=reviewer)
    row = with_results(type(never).objects.filter(pk=never.pk), period, AFTER).get()
    assert (row.result, row.tester_name, row.tests_made) == (ControlTest.Result.PASS, reviewer.name, 1)
