"""What is grave is reviewed by somebody who neither asked for it nor carried it out."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from changes.drafting.actions import edit_change
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
