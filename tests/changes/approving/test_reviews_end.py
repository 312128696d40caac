"""What is said in reviews of a pull request ends when it is taken back, whoever takes it back and whatever there was."""

import pytest

from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.models import Approval, Change
from tenancy.scope import now
from tests.changes.making import a_draft, a_system, person_of, submitted

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def billing(in_acme, manager):
    return a_system(manager)


def reviewed(change: Change, answer: str, by, actor) -> Approval | str:
    return actions.approve_by_review(
        change, person=person_of(by), actor=actor, answer=answer, source="github", head_sha="", given_at=now()
    )


def test_a_review_that_nobody_counted_is_dismissed_without_a_trace(billing, employee, approver, manager):
    change = submitted(employee, [billing])
    assert not actions.void_review(change, person_of(approver), reason="Dismissed.", actor=manager)


def test_changes_requested_end_the_approval_before(billing, employee, approver, manager):
    change = submitted(employee, [billing])
    assert isinstance(reviewed(change, "approved", approver, manager), Approval)
    assert Change.objects.get(pk=change.pk).status == "approved"
    assert reviewed(change, "rejected", approver, manager) == "Changes were requested: it waits for an approval."
    assert [one.status for one in Approval.objects.all()] == ["void"]
    assert Change.objects.get(pk=change.pk).status == "submitted"


def test_an_emergency_that_is_edited_after_its_approval_needs_another_one_in_writing(billing, employee, approver, manager):
    change = actions.submit(a_draft(employee, [billing], type="emergency", implementer=person_of(employee)), actor=employee)
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Nobody could pay.")
    actions.approve(change, actor=approver, content_hash=change.content_hash)
    assert change.written_at is not None
    change = edit_change(change, actor=employee, description="Something else.")
    assert (change.status, change.written_at) == ("submitted", None)
