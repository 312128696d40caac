"""Recording tests: who may, what does not add up, what supersedes what, and what follows."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from audit.models import AuditEvent
from controls.catalogue.actions import assign_owner
from controls.models import ControlState, ControlTest
from controls.occurrences.actions import perform
from controls.status.keep import refresh
from controls.testing import hooks
from controls.testing.actions import Findings, record_test
from evidence.models import Evidence
from tests.controls.status import rows
from tests.controls.status.world import Expected
from ui.refusals import ActionRefused

DAY = dt.timedelta(days=1)


@pytest.fixture
def today(acme):
    return acme.today()


@pytest.fixture
def control(in_acme, manager):
    return rows.control(owner=rows.person_of(manager))


def found(today, result="pass", **fields):
    fields = {"procedure": "Compared the list with the roster.", "notes": "As expected.", **fields}
    return Findings(**{"tested_on": today, "result": result, **fields})


def test_a_test_is_kept_with_its_event_and_moves_the_status(control, reviewer, today):
    rows.period(starts_on=today - 30 * DAY, ends_on=today + 30 * DAY)
    rows.link(control, rows.evidence(), "policy")
    refresh()
    test = record_test(control, found(today, "fail", exceptions_found=2, items_tested=25), actor=reviewer)
    assert (test.tester, test.tester_person, test.owner_person) == (reviewer, rows.person_of(reviewer), control.owner)
    event = AuditEvent.objects.get(verb="control_test.record")
    assert (event.object_id, event.actor_id) == (test.pk, reviewer.id)
    assert event.data["after"]["exceptions_found"] == 2
    state = ControlState.objects.get(control=control)
    assert (state.operation, state.last_tested_on) == ("deviations", today)
    assert "failed_test" in state.reasons


@pytest.mark.parametrize(("result", "days"), [("pass", 365), ("fail", 90), ("partial", 90), ("not_evaluable", 90)])
def test_the_next_is_due_after_a_year_or_a_quarter(control, reviewer, today, result, days):
    assert record_test(control, found(today, result), actor=reviewer).next_due_on == today + days * DAY


def test_another_day_may_be_given(control, reviewer, today):
    assert record_test(control, found(today, next_due_on=today + DAY), actor=reviewer).next_due_on == today + DAY


def test_the_owner_may_not_test(control, manager, today):
    with pytest.raises(ActionRefused, match="You own this control"):
        record_test(control, found(today), actor=manager)


def test_the_database_keeps_the_owner_out_too(control, manager, today):
    person = rows.person_of(manager)
    with pytest.raises(IntegrityError, match="control_test_independent"):
        ControlTest.objects.create(
            control=control, tested_on=today, result="pass", procedure="Looked.", tester_person=person, owner_person=person
        )


def test_who_performed_it_may_not_test(control, reviewer, today):
    expected = Expected(today - 20 * DAY, status="performed", performed_on=today - 18 * DAY)
    rows.occurrence(control, expected, performed_by=reviewer)
    with pytest.raises(ActionRefused, match="You performed it between"):
        record_test(control, found(today), actor=reviewer)


def test_who_tested_it_may_not_perform_it_while_that_test_stands(control, manager, reviewer, today):
    assign_owner([control], None, actor=manager)
    tested = rows.occurrence(control, Expected(today - 20 * DAY))
    earlier = rows.occurrence(control, Expected(today - 400 * DAY))
    record_test(control, found(today), actor=manager)
    with pytest.raises(ActionRefused, match="You tested it for this time"):
        perform(tested, actor=manager, performed_on=today, evidence=[rows.evidence()])
    perform(earlier, actor=manager, performed_on=today, evidence=[rows.evidence()])
    record_test(control, found(today), actor=reviewer)
    perform(tested, actor=manager, performed_on=today, evidence=[rows.evidence()])


def test_who_performed_it_outside_what_is_tested_may(control, reviewer, today):
    expected = Expected(today - 20 * DAY, status="performed", performed_on=today - 18 * DAY)
    rows.occurrence(control, expected, performed_by=reviewer)
    rows.period(starts_on=today - 10 * DAY, ends_on=today + 30 * DAY)
    assert record_test(control, found(today), actor=reviewer).result == "pass"
    population = rows.population(today - 25 * DAY, today - 15 * DAY)
    with pytest.raises(ActionRefused, match="You performed it"):
        record_test(control, found(today, population=population), actor=reviewer)


def test_testing_the_configuration_again_is_no_conflict(control, reviewer, today):
    expected = Expected(today - 20 * DAY, status="performed", performed_on=today - 20 * DAY)
    rows.occurrence(control, expected, performed_by=reviewer, kind="configuration")
    assert record_test(control, found(today), actor=reviewer).result == "pass"


def test_a_role_without_the_right_may_not(control, approver, today):
    with pytest.raises(ActionRefused, match="Your role does not allow this"):
        record_test(control, found(today), actor=approver)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"tested_on": dt.date(2999, 1, 1)}, "tested_on"),
        ({"procedure": "  "}, "procedure"),
        ({"result": "fail", "notes": " "}, "notes"),
        ({"result": "not_evaluable", "notes": ""}, "notes"),
        ({"items_tested": 2, "exceptions_found": 3, "result": "fail"}, "exceptions_found"),
        ({"items_tested": 2, "exceptions_found": 1}, "result"),
        ({"next_due_on": dt.date(2020, 1, 1)}, "next_due_on"),
    ],
)
def test_what_does_not_add_up_is_refused_at_its_field(control, reviewer, today, fields, field):
    with pytest.raises(ActionRefused) as refused:
        record_test(control, found(**{"today": today, **fields}), actor=reviewer)
    assert refused.value.field == field
    assert not ControlTest.objects.exists()


def test_a_population_that_is_not_frozen_is_refused(control, reviewer, today):
    population = rows.population(today - 30 * DAY, today, status="freezing")
    with pytest.raises(ActionRefused, match="is not frozen"):
        record_test(control, found(today, population=population), actor=reviewer)


def test_a_later_test_supersedes_and_an_earlier_one_is_superseded(control, reviewer, today):
    first = record_test(control, found(today - 9 * DAY, "fail"), actor=reviewer)
    second = record_test(control, found(today), actor=reviewer)
    late = record_test(control, found(today - 3 * DAY, "partial"), actor=reviewer)
    states = {test.pk: (test.status, test.superseded_by) for test in ControlTest.objects.all()}
    assert states == {
        first.pk: ("superseded", second),
        second.pk: ("current", None),
        late.pk: ("superseded", second),
    }
    assert AuditEvent.objects.filter(verb="control_test.supersede").count() == 2


def test_of_two_on_one_day_the_second_holds(control, reviewer, today):
    first = record_test(control, found(today, "fail"), actor=reviewer)
    second = record_test(control, found(today), actor=reviewer)
    assert first.refreshed().superseded_by == second
    assert second.refreshed().status == "current"


def test_working_papers_become_evidence_of_the_test(control, reviewer, today):
    paper = SimpleUploadedFile("paper.csv", b"a,b\n1,2\n")
    known = rows.evidence()
    test = record_test(control, found(today), actor=reviewer, evidence=[known], uploads=[paper])
    kept = Evidence.objects.get(subject_id=test.pk)
    assert {row.evidence for row in test.proofs.all()} == {known, kept}
    assert (kept.collected_by, kept.method) == (reviewer, "manual")


def test_who_asked_is_told_in_the_same_transaction(control, reviewer, today, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "_tested", [])
    hooks.on_tested(lambda test, actor: told.append((test.pk, actor)))
    test = record_test(control, found(today), actor=reviewer)
    assert told == [(test.pk, reviewer)]


def test_what_is_due_waits_for_testers_who_do_not_own_it(control, manager, reviewer, approver, today):
    from controls.testing import due

    record_test(control, found(today - 20 * DAY, next_due_on=today - DAY), actor=reviewer)
    soon = rows.control()
    record_test(soon, found(today - 20 * DAY, next_due_on=today + 3 * DAY), actor=reviewer)
    entries = list(due.tests_waiting(reviewer))
    assert [(one.overdue, one.due, one.count) for one in entries] == [(True, today - DAY, 1), (False, today + 3 * DAY, 1)]
    assert [one.overdue for one in due.tests_waiting(manager)] == [False]  # they own the first
    assert list(due.tests_waiting(approver)) == []
    record_test(control, found(today), actor=reviewer)
    assert [one.overdue for one in due.tests_waiting(reviewer)] == [False]


def test_the_page_of_an_item_names_the_test_that_rests_on_it(control, reviewer, manager, today, client_of):
    known = rows.evidence()
    first = record_test(control, found(today, "fail"), actor=reviewer, evidence=[known])
    record_test(control, found(today), actor=reviewer, evidence=[known])
    address, tested = known.get_absolute_url(), first.get_absolute_url()
    page = client_of(manager).get(address).content.decode()
    assert f"Test of {control}" in page
    assert ": fail, superseded" in page
    assert ": pass<" in page
    assert tested in page
