"""Whoever is named as having agreed to an emergency by word says that they did not."""

import datetime as dt

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from changes.deployments.findings import GRACE, raise_findings
from changes.deployments.gate import answer
from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.lifecycle.inbox import waiting
from changes.lifecycle.periodic import raise_unwritten
from changes.models import Change, DeploymentFinding
from changes.rights import visible_to
from controls.models import Finding
from tenancy.scope import now
from tests.api.conftest import Program, make_token
from tests.changes.deployments.world import deployed, sha
from tests.changes.making import a_rule, person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

WHY = "I was asked after it was done."
pytestmark = pytest.mark.usefixtures("in_acme")


def codes(change: Change) -> list[str]:
    change.refresh_from_db()
    return [one.code for one in answer(change, sha("a"), "production", now()).reasons]


def mine(member: Member) -> list[str]:
    return [entry.title for entry in waiting(member)]


def test_the_agreement_counts_no_more_and_it_is_recorded_with_its_reason(agreed, employee, approver):
    assert codes(agreed) == []
    actions.object_to_agreement(agreed, actor=approver, reason=WHY)
    assert codes(agreed) == ["agreement_denied"]
    event = AuditEvent.objects.get(object_id=agreed.pk, verb="change.object")
    assert (event.actor_id, event.data["metadata"]["note"]) == (approver.pk, WHY)
    with pytest.raises(ActionRefused, match="said that they did not agree"):
        actions.implement_first(agreed, actor=employee)
    assert not Finding.objects.exists()


def test_whoever_asked_for_it_is_told(agreed, employee, approver):
    actions.object_to_agreement(agreed, actor=approver, reason=WHY)
    mail = OutboxMessage.objects.get(subject__contains="was not agreed to")
    assert mail.to == employee.email
    assert WHY in mail.text


def test_somebody_else_may_agree_but_not_the_same_again(agreed, cast):
    actions.object_to_agreement(agreed, actor=cast.approver, reason=WHY)
    with pytest.raises(ActionRefused, match="said that they did not agree"):
        actions.record_agreement(agreed, actor=cast.employee, agreed_by=person_of(cast.approver), reason="Still.")
    actions.record_agreement(agreed, actor=cast.employee, agreed_by=person_of(cast.executive), reason="Still.")
    assert codes(agreed) == []
    actions.implement_first(agreed, actor=cast.employee)
    assert agreed.status == "implemented"


def test_nobody_who_ever_said_so_is_named_again_also_after_another_was(agreed, cast):
    for member in (cast.approver, cast.executive):
        actions.object_to_agreement(agreed, actor=member, reason=WHY)
        other = cast.executive if member == cast.approver else cast.manager
        actions.record_agreement(agreed, actor=cast.employee, agreed_by=person_of(other), reason="Still.")
    for member in (cast.approver, cast.executive):
        with pytest.raises(ActionRefused, match="said that they did not agree"):
            actions.record_agreement(agreed, actor=cast.employee, agreed_by=person_of(member), reason="Still.")
    actions.submit(agreed, actor=cast.employee)
    assert actions.approve(agreed, actor=cast.approver, content_hash=agreed.content_hash).approver == cast.approver


def test_it_is_said_of_no_change_that_is_no_emergency_any_more(agreed, cast):
    changed = edit_change(agreed, actor=cast.employee, type="normal")
    with pytest.raises(ActionRefused, match="is no emergency any more"):
        actions.object_to_agreement(changed, actor=cast.approver, reason=WHY)


def test_it_is_said_of_no_emergency_that_is_closed(agreed, cast):
    actions.implement_first(agreed, actor=cast.employee)
    actions.approve(agreed, actor=cast.executive, content_hash=agreed.content_hash)
    said = {"outcome": "as_planned", "effect": "They can.", "lessons": "Test the failover."}
    actions.review(agreed, actor=cast.manager, close=True, **said)
    with pytest.raises(ActionRefused, match="is closed"):
        actions.object_to_agreement(agreed, actor=cast.approver, reason=WHY)
    answer = Program(make_token(cast.approver)[1]).post(f"changes/{agreed.pk}/not-agreed", {"reason": WHY}, If_Match="*")
    assert answer.status_code == 409
    assert not Finding.objects.exists()


def test_an_approval_in_writing_takes_its_place(agreed, cast):
    actions.object_to_agreement(agreed, actor=cast.approver, reason=WHY)
    actions.submit(agreed, actor=cast.employee)
    actions.approve(agreed, actor=cast.executive, content_hash=agreed.content_hash)
    assert not agreed.is_disputed
    assert agreed.agreed_by == person_of(cast.executive)
    assert codes(agreed) == []


@pytest.mark.parametrize("role", ["employee", "manager", "executive", "viewer"])
def test_nobody_else_says_so_for_them(agreed, cast, role):
    with pytest.raises(ActionRefused, match="whoever is named"):
        actions.object_to_agreement(agreed, actor=getattr(cast, role), reason=WHY)


def test_it_is_said_once_and_with_a_reason(agreed, approver):
    with pytest.raises(ActionRefused, match="Say what is not so"):
        actions.object_to_agreement(agreed, actor=approver, reason=" ")
    actions.object_to_agreement(agreed, actor=approver, reason=WHY)
    with pytest.raises(ActionRefused, match="said so already"):
        actions.object_to_agreement(agreed, actor=approver, reason=WHY)


def test_it_waits_in_their_work_until_they_said_so(agreed, approver):
    words = f"You are named as having agreed to {agreed.reference} by word: confirm by written approval or say that you did not"
    assert mine(approver) == [words]
    actions.object_to_agreement(agreed, actor=approver, reason=WHY)
    assert mine(approver) == []


@pytest.fixture
def done(agreed, employee) -> Change:
    return actions.implement_first(agreed, actor=employee)


def test_it_becomes_one_finding(acme, done, approver):
    actions.object_to_agreement(done, actor=approver, reason=WHY)
    raise_unwritten(acme, now() + dt.timedelta(days=5))
    found = Finding.objects.get()
    assert "the agreement named was not given" in found.title
    assert WHY in found.risk
    assert Change.objects.get(pk=done.pk).written_finding == found


def test_an_overdue_approval_in_writing_is_not_a_second_finding(acme, done, approver):
    raise_unwritten(acme, now() + dt.timedelta(days=5))
    actions.object_to_agreement(done, actor=approver, reason=WHY)
    assert Finding.objects.count() == 1


def test_what_was_deployed_by_it_was_not_agreed_to_and_is_the_same_finding(acme, agreed, approver):
    one = deployed("a", at=now())
    assert (one.change, one.classification) == (agreed, "emergency")
    actions.object_to_agreement(agreed, actor=approver, reason=WHY)
    one.refresh_from_db()
    assert (one.classification, one.reason) == ("unapproved", "agreement_over")
    raise_findings(acme, now() + 2 * GRACE)
    assert DeploymentFinding.objects.get().finding == Finding.objects.get()


def test_their_approval_in_writing_confirms_it(done, approver):
    assert len(mine(approver)) == 1  # not as an approval beside it
    actions.approve(done, actor=approver, content_hash=done.content_hash)
    assert mine(approver) == []
    with pytest.raises(ActionRefused, match="approved it in writing"):
        actions.object_to_agreement(done, actor=approver, reason=WHY)


def test_an_approval_of_two_that_are_asked_for_confirms_it_too(done, manager, approver):
    a_rule(manager, count=2)
    actions.approve(done, actor=approver, content_hash=done.content_hash)
    assert done.written_at is None
    assert mine(approver) == []


def test_a_person_who_reads_no_other_changes_sees_what_names_them(agreed, approver):
    Member.objects.filter(pk=approver.pk).update(roles=["employee"])
    assert agreed in visible_to(Member.objects.get(pk=approver.pk))


def test_the_api_takes_it_from_whoever_is_named(cast, agreed):
    refused = Program(make_token(cast.manager)[1]).post(f"changes/{agreed.pk}/not-agreed", {"reason": WHY}, If_Match="*")
    assert refused.status_code == 409
    said = Program(make_token(cast.approver)[1]).post(f"changes/{agreed.pk}/not-agreed", {"reason": WHY}, If_Match="*")
    assert said.status_code == 200, said.content
    assert (said.json()["objection"], said.json()["objected_by"]) == (WHY, str(person_of(cast.approver).pk))
