"""The plain path of a change from draft to closed, and of an emergency."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.models import Change
from tenancy.scope import now
from tests.changes.making import a_draft, a_system, approved, person_of, submitted
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def billing(in_acme, manager):
    return a_system(manager)


def test_a_change_goes_from_its_draft_to_its_end(billing, employee, approver, manager):
    window = {"window_from": now() - dt.timedelta(hours=1), "window_until": now() + dt.timedelta(hours=1)}
    change = submitted(employee, [billing], implementer=person_of(employee), **window)
    assert change.status == "submitted"
    assert len(change.content_hash) == 64
    actions.approve(change, actor=approver, content_hash=change.content_hash)
    assert change.status == "scheduled"
    actions.implement(change, actor=employee, at=now())
    assert change.status == "implemented"
    assert change.review_due_on is not None
    actions.review(change, actor=employee, outcome="as_planned", effect="Faster.", close=True)
    change.refresh_from_db()
    assert change.status == "closed"
    told = AuditEvent.objects.filter(object_id=change.pk).order_by("at").values_list("verb", flat=True)
    assert list(told) == [
        "change.raise", "change.submit", "change.approval", "change.approve", "change.schedule", "change.implement",
        "change.review", "change.close",
    ]  # fmt: skip


def test_an_emergency_is_agreed_to_carried_out_and_then_approved_in_writing(billing, employee, approver, manager):
    change = a_draft(employee, [billing], type="emergency", implementer=person_of(employee))
    with pytest.raises(ActionRefused, match="Record first who agreed"):
        actions.implement_first(change, actor=employee)
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Customers could not pay.")
    actions.implement_first(change, actor=employee)
    assert change.status == "implemented"
    with pytest.raises(ActionRefused, match="approved in writing before"):
        actions.review(change, actor=employee, outcome="as_planned", effect="They can.", lessons="Test the failover.")
    actions.approve(change, actor=approver, content_hash=change.content_hash)
    assert change.written_at is not None
    assert change.status == "implemented"
    with pytest.raises(ActionRefused, match="reviewed before it is closed"):
        actions.close(change, actor=employee)
    with pytest.raises(ActionRefused, match="Whoever asked for a change of high risk or an emergency"):
        actions.review(change, actor=employee, outcome="as_planned", effect="They can.", lessons="Test the failover.")
    actions.review(change, actor=manager, outcome="as_planned", effect="They can.", lessons="Test the failover.")
    actions.close(change, actor=manager)
    assert Change.objects.get(pk=change.pk).status == "closed"


def test_an_edit_after_the_approval_ends_it_and_asks_again(billing, employee, approver):
    change = approved(employee, approver, [billing])
    before = change.content_hash
    edit_change(change, actor=employee, description="Four cores more.")
    change.refresh_from_db()
    assert change.status == "submitted"
    assert change.content_hash != before
    assert [one.status for one in change.approvals.all()] == ["void"]
    assert change.versions.count() == 2
