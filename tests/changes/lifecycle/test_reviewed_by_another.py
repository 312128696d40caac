"""What is grave is reviewed by somebody who neither asked for it nor carried it out."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from changes.drafting.actions import edit_change
from changes.drafting.forms import ChangeForm
from changes.lifecycle import actions
from changes.lifecycle.inbox import waiting
from changes.lifecycle.periodic import remind
from changes.models import Change
from tests.api.conftest import Program, make_token
from tests.changes.approving.test_guard import run
from tests.changes.making import GRAVE, a_draft, a_system, approved, person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
SAID: dict[str, Any] = {"outcome": "as_planned", "effect": "Faster.", "lessons": "Measure first."}


@pytest.fixture
def done(in_acme, cast) -> Change:
    """Of high risk, asked for by the employee, carried out by the reviewer."""
    facts = {"answers": GRAVE, "implementer": person_of(cast.reviewer)}
    change = approved(cast.employee, cast.approver, [a_system(cast.manager)], **facts)
    return actions.implement(change, actor=cast.reviewer)


def mine(member) -> list[str]:
    return [entry.title.partition(": ")[2] for entry in waiting(member)]


def test_neither_its_requester_nor_whoever_carried_it_out_reviews_or_closes_it(done, cast):
    edit_change(done, actor=cast.employee, verifier=person_of(cast.reviewer))
    for member in (cast.employee, cast.reviewer):
        with pytest.raises(ActionRefused):
            actions.review(done, actor=member, **SAID)
        with pytest.raises(ActionRefused):
            actions.close(done, actor=member)
    actions.review(done, actor=cast.manager, close=True, **SAID)
    assert (done.status, done.reviewed_by) == ("closed", cast.manager)


def test_who_runs_changes_does_not_review_their_own(cast):
    change = approved(cast.manager, cast.approver, [a_system(cast.manager)], answers=GRAVE)
    actions.implement(change, actor=cast.administrator)
    for member in (cast.manager, cast.administrator):
        with pytest.raises(ActionRefused, match="does not review it"):
            actions.review(change, actor=member, **SAID)


def test_low_risk_is_reviewed_by_whoever_asked_for_it(cast):
    change = approved(cast.employee, cast.approver, [a_system(cast.manager)])
    actions.implement(change, actor=cast.employee)
    actions.review(change, actor=cast.employee, close=True, **SAID)
    assert change.status == "closed"


def test_the_api_refuses_it_too(done, cast):
    edit_change(done, actor=cast.employee, verifier=person_of(cast.employee))
    answer = Program(make_token(cast.employee)[1]).post(f"changes/{done.pk}/review", SAID, If_Match="*")
    assert answer.status_code == 409
    assert "somebody else has to" in answer.json()["detail"]


def test_the_database_refuses_it_too(done, cast):
    sql = "UPDATE changes_change SET reviewed_by_id = %s WHERE id = %s"
    for member in (cast.employee, cast.reviewer):
        with pytest.raises(IntegrityError, match="reviewed by whoever asked for it or carried it out"):
            run(sql, member.pk, done.pk, about=done)
    run(sql, cast.manager.pk, done.pk, about=done)


def test_a_change_of_high_risk_is_not_submitted_with_such_a_reviewer(cast):
    facts = {"answers": GRAVE, "verifier": person_of(cast.employee)}
    change = a_draft(cast.employee, [a_system(cast.manager)], **facts)
    with pytest.raises(ActionRefused, match="Name somebody else to review it") as refused:
        actions.submit(change, actor=cast.employee)
    assert refused.value.field == "verifier"
    edit_change(change, actor=cast.employee, verifier=person_of(cast.executive))
    assert actions.submit(change, actor=cast.employee).status == "submitted"


def test_with_nobody_named_the_review_waits_for_those_who_run_changes(acme, done, cast):
    assert mine(cast.employee) == mine(cast.reviewer) == []
    assert mine(cast.manager) == mine(cast.administrator) == ["Larger database is to be reviewed"]
    assert done.review_due_on is not None
    remind(acme, dt.datetime.combine(done.review_due_on + dt.timedelta(days=1), dt.time(8), acme.tzinfo))
    told = OutboxMessage.objects.filter(subject="Reviews of changes: 1 is overdue").values_list("to", flat=True)
    assert set(told) == {cast.manager.email, cast.administrator.email}


def test_whoever_is_named_has_it_alone(done, cast):
    edit_change(done, actor=cast.employee, verifier=person_of(cast.executive))
    assert mine(cast.executive) == ["Larger database is to be reviewed"]
    assert mine(cast.manager) == []


def test_who_carried_it_out_is_not_named_away_to_review_it(done, cast):
    for somebody in (None, person_of(cast.executive)):
        with pytest.raises(ActionRefused, match="who carried it out stays as it was recorded") as refused:
            edit_change(done, actor=cast.manager, implementer=somebody)
        assert refused.value.field == "implementer"
    assert Change.objects.get(pk=done.pk).implementer == person_of(cast.reviewer)


def test_nor_who_carried_out_an_emergency_that_is_not_approved_in_writing_yet(agreed, cast):
    actions.implement_first(agreed, actor=cast.manager)
    with pytest.raises(ActionRefused, match="who carried it out stays"):
        edit_change(agreed, actor=cast.manager, implementer=None)
    edit_change(agreed, actor=cast.manager, description="Four cores more.", implementer=person_of(cast.manager))
    assert Change.objects.get(pk=agreed.pk).implementer == person_of(cast.manager)


def test_who_asked_for_an_emergency_stays_once_it_is_carried_out_so_that_they_do_not_approve_it(agreed, cast):
    asked = agreed.requester
    actions.implement_first(agreed, actor=cast.manager)
    for somebody in (None, person_of(cast.executive)):
        with pytest.raises(ActionRefused, match="who asked for it stays as it was recorded") as refused:
            edit_change(agreed, actor=cast.manager, requester=somebody)
        assert refused.value.field == "requester"
    assert asked is not None
    assert Change.objects.get(pk=agreed.pk).requester == asked


def test_the_api_says_that_who_carried_it_out_stays(done, cast):
    program = Program(make_token(cast.manager)[1])
    for value in (None, str(person_of(cast.executive).pk)):
        answer = program.patch(f"changes/{done.pk}", {"implementer": value}, If_Match="*")
        assert answer.status_code == 422, answer.content
        assert answer.json()["errors"][0]["pointer"] == "#/implementer"
    assert program.patch(f"changes/{done.pk}", {"testing_evidence": "It is faster."}, If_Match="*").status_code == 200
    assert Change.objects.get(pk=done.pk).implementer == person_of(cast.reviewer)


def test_the_form_shows_who_carried_it_out_and_saves_the_rest(done, cast):
    assert ChangeForm(instance=done).fields["implementer"].disabled
    page = {"initial-title": done.title, "title": done.title, "implementer": "", "testing_evidence": "It is faster."}
    form = ChangeForm(page, instance=done)
    assert form.is_valid(), form.errors
    assert "implementer" not in form.facts()
    assert form.facts()["testing_evidence"] == "It is faster."
