"""The screens of tests: the list in few queries, one test, and the form."""

import datetime as dt

import pytest

from controls.models import ControlTest
from controls.testing.actions import Findings, record_test
from tests.controls.status import rows

TESTS = "/o/acme/controls/tests/"


@pytest.fixture
def control(in_acme, manager):
    return rows.control(owner=rows.person_of(manager), test_procedure="Compare the list with the roster.")


def trial_of(control, actor, **fields):
    today = actor.organization.today()
    facts = {"tested_on": today, "procedure": "Looked.", "result": "pass", "notes": "Fine.", **fields}
    return record_test(control, Findings(**facts), actor=actor)


def test_the_list_shows_result_tester_and_next_due(control, reviewer, auditor, client_of):
    trial_of(control, reviewer, result="fail", items_tested=25, exceptions_found=2)
    page = client_of(auditor).get(TESTS).content.decode()
    for words in (control.code, "Fail", "Reviewer Acme", "25"):
        assert words in page


def test_the_list_costs_the_same_for_many(control, reviewer, auditor, client_of, django_assert_max_num_queries):
    for _ in range(12):
        trial_of(rows.control(), reviewer)
    client = client_of(auditor)
    client.get(TESTS)
    with django_assert_max_num_queries(12):
        assert client.get(f"{TESTS}?result=pass").status_code == 200


def test_it_narrows_to_one_control_and_to_what_is_due(control, reviewer, client_of):
    today = reviewer.organization.today()
    trial_of(control, reviewer, tested_on=today - dt.timedelta(days=400))
    other = rows.control()
    trial_of(other, reviewer)
    client = client_of(reviewer)
    assert other.code not in client.get(f"{TESTS}?control={control.pk}").content.decode()
    overdue = client.get(f"{TESTS}?due=overdue").content.decode()
    assert control.code in overdue
    assert other.code not in overdue
    assert client.get(f"{TESTS}?control=nonsense").status_code == 200


def test_the_form_records_a_test_once(control, reviewer, client_of):
    client = client_of(reviewer)
    population = rows.population(dt.date(2026, 1, 1), dt.date(2026, 3, 31), row_count=3)
    url = f"{TESTS}of/{control.pk}/"
    page = client.get(url).content.decode()
    assert "Compare the list with the roster." in page
    assert population.reference in page
    sent = {
        "tested_on": str(reviewer.organization.today()),
        "procedure": "Compared.",
        "tested": str(population.pk),
        "result": "partial",
        "notes": "One was late.",
        "once": "01900000-0000-7000-8000-000000000009",
    }
    for _ in range(2):
        answer = client.post(url, sent)
        assert answer.status_code == 303
    test = ControlTest.objects.get()
    assert (test.population, test.result, test.tester) == (population, "partial", reviewer)
    shown = client.get(answer["Location"]).content.decode()
    for words in ("Partial", "One was late.", population.reference, "Manager Acme"):
        assert words in shown


def test_what_is_refused_stands_at_its_field(control, reviewer, client_of):
    sent = {"tested_on": str(reviewer.organization.today()), "procedure": "Compared.", "result": "fail"}
    answer = client_of(reviewer).post(f"{TESTS}of/{control.pk}/", sent)
    assert answer.status_code == 422
    assert "Say what was found." in answer.content.decode()


def test_the_owner_gets_no_form(control, manager, client_of):
    answer = client_of(manager).get(f"{TESTS}of/{control.pk}/")
    assert answer.status_code == 409
    assert "You own this control" in answer.content.decode()


def test_who_reads_no_evidence_gets_no_links_to_it(control, reviewer, auditor, client_of):
    test = trial_of(control, reviewer, population=rows.population(dt.date(2026, 1, 1), dt.date(2026, 3, 31)))
    url = test.get_absolute_url()
    path = test.population.get_absolute_url()
    assert path not in client_of(reviewer).get(url).content.decode()
    assert path in client_of(auditor).get(url).content.decode()


def test_a_failed_test_leads_to_a_finding(control, reviewer, manager, client_of):
    passed, failed = (trial_of(rows.control(), reviewer, result=result) for result in ("pass", "fail"))
    addresses = passed.get_absolute_url(), failed.get_absolute_url()
    after_pass, after_fail = (client_of(manager).get(address).content.decode() for address in addresses)
    assert f"findings/new/?test={failed.pk}" in after_fail
    assert "findings/new/" not in after_pass
