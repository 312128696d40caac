"""What is needed to submit a change stays while it waits, and is there when it is approved."""

from typing import Any

import pytest

from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.models import Change, ChangeSystem
from inventory.models import System
from tests.api.conftest import Program, make_token
from tests.changes.making import GRAVE, a_draft, a_system, approved, person_of, submitted
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
NEEDED: list[tuple[str, Any, str]] = [("description", "", "Say what will change"), ("rollback_plan", " ", "Say how it is undone")]
NEEDED += [("systems", [], "Name the systems"), ("answers", {}, "Answer the questions")]


@pytest.fixture
def billing(in_acme, manager) -> System:
    return a_system(manager)


@pytest.fixture(params=["submitted", "approved"])
def waiting(request, billing, cast) -> Change:
    if request.param == "submitted":
        return submitted(cast.employee, [billing])
    return approved(cast.employee, cast.approver, [billing])


@pytest.mark.parametrize(("field", "value", "words"), NEEDED)
def test_what_is_needed_to_submit_is_not_emptied_afterwards(waiting, employee, field: str, value: Any, words: str):
    with pytest.raises(ActionRefused, match=words) as refused:
        edit_change(waiting, actor=employee, **{field: value})
    assert refused.value.field == field
    kept = Change.objects.get(pk=waiting.pk)
    assert (kept.status, kept.content_hash, kept.systems.count()) == (waiting.status, waiting.content_hash, 1)


def test_its_risk_does_not_become_high_without_a_plan_of_its_tests(billing, employee):
    change = submitted(employee, [billing], test_plan="")
    with pytest.raises(ActionRefused, match="Say how it is tested: its risk is high") as refused:
        edit_change(change, actor=employee, answers=GRAVE)
    assert refused.value.field == "test_plan"
    assert edit_change(change, actor=employee, answers=GRAVE, test_plan="In staging.").risk == "high"


def test_nor_is_somebody_named_to_review_it_who_will_be_refused(billing, employee):
    change = submitted(employee, [billing], answers=GRAVE)
    with pytest.raises(ActionRefused, match="Name somebody else to review it"):
        edit_change(change, actor=employee, verifier=person_of(employee))


def test_the_api_says_it_at_the_field(billing, cast):
    change, program = submitted(cast.employee, [billing]), Program(make_token(cast.employee)[1])
    for field, value in (("description", ""), ("rollback_plan", ""), ("systems", [])):
        answer = program.patch(f"changes/{change.pk}", {field: value}, If_Match="*")
        assert answer.status_code == 422, answer.content
        assert answer.json()["errors"][0]["pointer"] == f"#/{field}"


def test_a_draft_is_emptied_as_one_likes(billing, employee):
    change = a_draft(employee, [billing])
    assert edit_change(change, actor=employee, description="", systems=[]).description == ""


def test_a_change_that_lacks_something_all_the_same_is_not_approved_but_may_be_rejected(billing, employee, approver):
    change = submitted(employee, [billing])
    Change.objects.filter(pk=change.pk).update(rollback_plan="")
    ChangeSystem.objects.filter(change=change).delete()
    with pytest.raises(ActionRefused, match=r"It is not complete\. Name the systems it affects\. Say how it is undone\."):
        actions.approve(change, actor=approver, content_hash=change.content_hash)
    assert not change.approvals.exists()
    actions.reject(change, actor=approver, content_hash=change.content_hash, reason="Say more.")
    assert change.status == "rejected"


def test_an_emergency_needs_but_what_will_change_and_is_written_down_until_it_is_approved(billing, cast):
    change = a_draft(cast.employee, [billing], type="emergency", description="", rollback_plan="", test_plan="")
    actions.record_agreement(change, actor=cast.employee, agreed_by=person_of(cast.manager), reason="Nobody could pay.")
    actions.implement_first(change, actor=cast.employee)
    change = edit_change(change, actor=cast.employee, impact="Nobody.", systems=[])
    with pytest.raises(ActionRefused, match=r"It is not complete\. Say what will change"):
        actions.approve(change, actor=cast.approver, content_hash=change.content_hash)
    change = edit_change(change, actor=cast.employee, description="Two cores more.")
    actions.approve(change, actor=cast.approver, content_hash=change.content_hash)
    assert Change.objects.get(pk=change.pk).written_at is not None
