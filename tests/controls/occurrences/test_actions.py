import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEvent
from controls.evidence import link_evidence, unlink_evidence
from controls.models import ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State
from controls.occurrences.actions import did_not_occur, not_applicable, perform, reopen, supply
from controls.occurrences.reopening import evidence_changed
from evidence.models import Evidence
from evidence.standing import withdraw_evidence
from inventory.models import Person
from tests.controls.occurrences.made import make_control, make_period
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme", "on")
APRIL = dt.date(2026, 4, 28)


def upload(name="april.txt", content=b"Reviewed."):
    return SimpleUploadedFile(name, content)


def row(key):
    return Occurrence.objects.select_related("control__owner").get(key=key)


def last_event(verb):
    return AuditEvent.objects.filter(verb=verb).latest("at")


@pytest.fixture
def control(manager, employee):
    """A monthly control of 2026 that the employee owns."""
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return make_control(manager, owner=Person.objects.get(member=employee))


def test_its_owner_performs_it_with_a_file(control, employee):
    perform(row("2026-04"), actor=employee, performed_on=APRIL, statement="Looked at 40 accounts.", uploads=[upload()])
    april = row("2026-04")
    assert (april.status, april.performed_on, april.performed_by) == ("performed", APRIL, employee)
    proof = ControlEvidence.objects.get(occurrence=april)
    assert (proof.control, proof.leg, proof.linked_by) == (control, "operation", employee)
    item = proof.evidence
    assert (item.title, item.method, item.collected_by) == ("AC-001 Access is reviewed, April 2026", "manual", employee)
    assert (item.period_from, item.period_to) == (dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    event = last_event("occurrence.perform")
    assert (event.object_name, event.actor_name) == ("AC-001 April 2026", employee.name)


def test_several_files_are_numbered(control, employee):
    perform(row("2026-04"), actor=employee, performed_on=APRIL, uploads=[upload(), upload("b.txt", b"B")], title="Review")
    assert sorted(Evidence.objects.values_list("title", flat=True)) == ["Review (1 of 2)", "Review (2 of 2)"]


def test_without_evidence_it_was_not_performed(control, employee):
    with pytest.raises(ActionRefused, match="Add the evidence") as refusal:
        perform(row("2026-04"), actor=employee, performed_on=APRIL, statement="Done, believe me.")
    assert refusal.value.field == "uploads"


def test_what_was_supplied_before_counts(control, employee):
    supply(row("2026-04"), actor=employee, uploads=[upload()])
    perform(row("2026-04"), actor=employee, performed_on=APRIL)
    assert row("2026-04").status == "performed"


@pytest.mark.parametrize("day", [dt.date(2026, 3, 31), dt.date(2026, 5, 21)])
def test_neither_before_it_begins_nor_in_the_future(control, employee, day):
    with pytest.raises(ActionRefused, match="From 1 April 2026, and not after today"):
        perform(row("2026-04"), actor=employee, performed_on=day, uploads=[upload()])
    assert not Evidence.objects.exists()


def test_somebody_else_may_not(control, reviewer, executive):
    for member in (reviewer, executive):
        with pytest.raises(ActionRefused, match="Employee Acme owns it"):
            perform(row("2026-04"), actor=member, performed_on=APRIL, uploads=[upload()])


def test_who_runs_the_controls_may_for_another(control, manager):
    perform(row("2026-04"), actor=manager, performed_on=APRIL, uploads=[upload()])
    assert row("2026-04").performed_by == manager


def test_a_second_time_is_refused(control, employee, manager):
    stale = row("2026-04")
    perform(row("2026-04"), actor=employee, performed_on=APRIL, uploads=[upload()])
    with pytest.raises(ActionRefused, match="is performed: it cannot be performed now"):
        perform(stale, actor=manager, performed_on=APRIL, uploads=[upload("twice.txt", b"2")])
    assert Evidence.objects.count() == 1


def test_the_owner_states_that_nothing_occurred_once_the_time_is_over(control, employee):
    words = "Nobody asked for an exception from 1 to 30 April."
    with pytest.raises(ActionRefused, match="It can be stated from 1 June 2026"):
        did_not_occur(row("2026-05"), actor=employee, statement=words)
    with pytest.raises(ActionRefused, match="Say what did not occur"):
        did_not_occur(row("2026-04"), actor=employee, statement=" ")
    did_not_occur(row("2026-04"), actor=employee, statement=words)
    april = row("2026-04")
    assert (april.state_on(dt.date(2026, 5, 20)), april.stated_by, april.statement) == (State.DID_NOT_OCCUR, employee, words)
    assert april.stated_at is not None


def test_what_was_missed_cannot_be_stated_away_by_its_owner(control, employee, manager):
    with pytest.raises(ActionRefused, match=r"It was missed: that could be stated until 30 Apr"):
        did_not_occur(row("2026-03"), actor=employee, statement="Nothing happened, I think.")
    assert row("2026-03").state_on(dt.date(2026, 5, 20)) == State.MISSED
    assert not_applicable(row("2026-03"), actor=manager, reason="The system was not in use.").status == "not_applicable"


def test_an_event_did_occur(manager):
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    make_control(manager, cadence=Cadence.CONTINUOUS)
    with pytest.raises(ActionRefused, match="It did occur"):
        did_not_occur(Occurrence.objects.get(), actor=manager, statement="Nothing.")
    with pytest.raises(ActionRefused, match="A test of the control satisfies it"):
        perform(Occurrence.objects.get(), actor=manager, performed_on=APRIL, uploads=[upload()])


def test_an_exception_is_not_for_the_owner_to_grant(control, employee, manager):
    with pytest.raises(ActionRefused, match="Your role does not allow this"):
        not_applicable(row("2026-04"), actor=employee, reason="I was away.")
    with pytest.raises(ActionRefused, match="Say why"):
        not_applicable(row("2026-04"), actor=manager, reason="")
    not_applicable(row("2026-04"), actor=manager, reason="The system was out of use in April.")
    assert row("2026-04").state_on(dt.date(2026, 5, 20)) is State.NOT_APPLICABLE
    with pytest.raises(ActionRefused, match="Your role does not allow this"):
        reopen(row("2026-04"), actor=employee, reason="It was in use.")


def test_taking_it_back_keeps_what_was_said_in_the_trail(control, employee):
    perform(row("2026-04"), actor=employee, performed_on=APRIL, statement="Looked.", uploads=[upload()])
    with pytest.raises(ActionRefused, match="Say why"):
        reopen(row("2026-04"), actor=employee, reason=" ")
    reopen(row("2026-04"), actor=employee, reason="The wrong month.")
    april = row("2026-04")
    assert (april.status, april.performed_on, april.performed_by, april.statement) == ("open", None, None, "")
    data = last_event("occurrence.reopen").data
    assert (data["before"]["statement"], data["metadata"]["note"]) == ("Looked.", "The wrong month.")


def test_withdrawing_its_last_evidence_opens_it_again(control, employee, manager):
    perform(row("2026-04"), actor=employee, performed_on=APRIL, uploads=[upload(), upload("b.txt", b"B")])
    first, second = Evidence.objects.all()
    withdraw_evidence(first, actor=manager, reason="Wrong file")
    assert row("2026-04").status == "performed"
    withdraw_evidence(second, actor=manager, reason="Wrong file")
    april = row("2026-04")
    assert (april.status, april.performed_on) == ("open", None)
    assert last_event("occurrence.reopen").data["metadata"]["note"] == "Nothing is left of its evidence."


def test_superseded_evidence_still_proves_what_it_did(control, employee, manager):
    perform(row("2026-04"), actor=employee, performed_on=APRIL, uploads=[upload()])
    item = Evidence.objects.get()
    Evidence.SUPERSEDE.apply(item, actor=manager)
    evidence_changed([item.pk], manager)
    assert row("2026-04").status == "performed"


def test_unlinking_its_last_evidence_opens_it_again(control, employee, manager):
    perform(row("2026-04"), actor=employee, performed_on=APRIL, uploads=[upload()])
    proof = ControlEvidence.objects.get()
    with pytest.raises(ActionRefused, match="Say why"):
        unlink_evidence(proof, actor=manager, reason="")
    unlink_evidence(proof, actor=manager, reason="It shows another system.")
    assert row("2026-04").status == "open"
    assert ControlEvidence.objects.get().status == "removed"


def test_evidence_is_linked_once_and_only_while_it_is_current(control, employee, manager, viewer):
    supply(row("2026-04"), actor=employee, uploads=[upload()])
    item = Evidence.objects.get()
    link_evidence(control, item, "policy", actor=manager, note="Section 3")
    with pytest.raises(ActionRefused, match="is linked already"):
        link_evidence(control, item, "policy", actor=manager)
    with pytest.raises(ActionRefused, match="Your role does not allow this"):
        link_evidence(control, item, "technical", actor=viewer)
    with pytest.raises(ActionRefused, match="the operation of its own control"):
        link_evidence(control, item, "policy", actor=manager, occurrence=row("2026-03"))
    with pytest.raises(ActionRefused, match="Choose what the evidence shows"):
        link_evidence(control, item, "arm", actor=manager)
    withdraw_evidence(item, actor=manager, reason="Wrong file")
    with pytest.raises(ActionRefused, match="it proves nothing"):
        link_evidence(control, item, "technical", actor=manager)


def test_what_is_excused_takes_no_evidence(control, manager):
    not_applicable(row("2026-04"), actor=manager, reason="Out of use.")
    with pytest.raises(ActionRefused, match="it takes no evidence"):
        supply(row("2026-04"), actor=manager, uploads=[upload()])
    with pytest.raises(ActionRefused, match="at least one file"):
        supply(row("2026-03"), actor=manager)


@pytest.mark.parametrize(
    ("criterion", "category"),
    [("CC6.1", "access_control"), ("CC7.4", "incident_response"), ("CC1.1", "other"), ("A1.2", "backup")],
)
def test_the_category_follows_from_what_the_control_answers(control, manager, criterion, category):
    control.answers.create(criterion=criterion)
    supply(row("2026-04"), actor=manager, uploads=[upload()])
    assert Evidence.objects.get().category == category
    Evidence.objects.update(category="vendor")
    supply(row("2026-04"), actor=manager, uploads=[upload("b.txt", b"B")])
    assert set(Evidence.objects.values_list("category", flat=True)) == {"vendor"}
