import datetime as dt

import pytest

from audit.actions import action
from audit.models import AuditEvent
from audit.record import record
from controls.models import ControlTest, Occurrence
from controls.models.control import Cadence
from controls.occurrences.actions import reopen
from controls.occurrences.configuration import record_configuration_change, satisfy
from controls.occurrences.layout import Laid, lay_out
from inventory.models import Person
from tests.controls.occurrences.made import change_cadence, make_control, make_period
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme", "on")


@pytest.fixture
def control(manager, employee):
    """A continuous control of the employee in the year 2026."""
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return make_control(manager, cadence=Cadence.CONTINUOUS, owner=Person.objects.get(member=employee))


@action
def try_out(control, tester, on, result="pass"):
    test = ControlTest.objects.create(control=control, tested_on=on, tester=tester, procedure="Read the rule set.", result=result)
    record("control_test.record", test, actor=tester)
    satisfy(test, tester)


def states():
    return dict(Occurrence.objects.order_by("starts_on").values_list("label", "status"))


def test_a_change_asks_for_a_test_that_laying_out_leaves_alone(control, employee):
    record_configuration_change(control, dt.date(2026, 5, 4), "A new rule for the office network.", actor=employee)
    assert states() == {"Test of the configuration, 2026": "open", "Test after the change of 4 May 2026": "open"}
    assert lay_out(actor=employee) == Laid()
    event = AuditEvent.objects.get(verb="control.change_configuration")
    assert (event.object_id, event.data["metadata"]["note"]) == (control.pk, "A new rule for the office network.")


@pytest.mark.parametrize(
    ("day", "note", "sentence"),
    [
        (dt.date(2026, 5, 4), " ", "Say what was changed"),
        (dt.date(2026, 5, 21), "Rule", "not after today"),
        (dt.date(2025, 12, 31), "Rule", "From 1 January 2026"),
    ],
)
def test_what_is_no_change_is_refused(control, employee, day, note, sentence):
    with pytest.raises(ActionRefused, match=sentence):
        record_configuration_change(control, day, note, actor=employee)


def test_one_change_a_day_and_only_while_it_is_continuous(control, employee, manager):
    record_configuration_change(control, dt.date(2026, 5, 4), "Rule", actor=employee)
    with pytest.raises(ActionRefused, match="noted already"):
        record_configuration_change(control, dt.date(2026, 5, 4), "Another", actor=employee)
    change_cadence(control, Cadence.MONTHLY, dt.date(2026, 5, 10), manager)
    with pytest.raises(ActionRefused, match="does not work continuously on that day"):
        record_configuration_change(control, dt.date(2026, 5, 11), "Rule", actor=employee)


def test_somebody_else_notes_no_change(control, reviewer):
    with pytest.raises(ActionRefused, match="Employee Acme owns it"):
        record_configuration_change(control, dt.date(2026, 5, 4), "Rule", actor=reviewer)


def test_a_test_satisfies_what_waits_for_one(control, employee, manager):
    try_out(control, manager, dt.date(2026, 5, 3))
    record_configuration_change(control, dt.date(2026, 5, 4), "Rule", actor=employee)
    assert states() == {"Test of the configuration, 2026": "performed", "Test after the change of 4 May 2026": "open"}
    try_out(control, manager, dt.date(2026, 5, 6), result="fail")
    assert set(states().values()) == {"performed"}
    row = Occurrence.objects.get(key="change:2026-05-04")
    assert (row.performed_on, row.performed_by) == (dt.date(2026, 5, 6), manager)


def test_a_test_that_could_not_be_evaluated_satisfies_nothing(control, manager):
    try_out(control, manager, dt.date(2026, 5, 3), result="not_evaluable")
    assert set(states().values()) == {"open"}


def test_a_test_makes_nothing_good_that_was_missed_before(control, employee, manager, on):
    record_configuration_change(control, dt.date(2026, 1, 4), "Rule", actor=employee)
    try_out(control, manager, dt.date(2026, 5, 3))
    assert states()["Test after the change of 4 January 2026"] == "open"


def test_its_owner_notes_a_change_on_a_page(control, employee, reviewer, manager, client_of):
    at = f"/o/acme/controls/occurrences/of/{control.pk}/change/"
    response = client_of(employee).post(at, {"on": "2026-05-04", "note": "A new rule."})
    assert response.status_code == 303
    assert states()["Test after the change of 4 May 2026"] == "open"
    assert client_of(reviewer).get(at).status_code == 403
    page = client_of(manager).get(response["Location"]).content.decode()
    assert "Record the test" in page
    assert "Note a change" in page
    other = make_control(manager, code="AC-009", cadence=Cadence.CONTINUOUS)
    assert client_of(employee).get(f"/o/acme/controls/occurrences/of/{other.pk}/change/").status_code == 404


def test_what_a_test_satisfied_is_not_taken_back_by_hand(control, manager):
    try_out(control, manager, dt.date(2026, 5, 3))
    with pytest.raises(ActionRefused, match="It follows from a test of the control"):
        reopen(Occurrence.objects.get(), actor=manager, reason="No.")
