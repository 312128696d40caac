"""The database itself holds what the actions hold: raw SQL by the application's own role is refused."""

import pytest
from django.db import IntegrityError, connection, transaction

from audit.actors import System
from audit.record import record
from changes.lifecycle import actions
from changes.models import Approval
from tenancy.scope import now, settle_constraints
from tests.changes.making import a_draft, a_system, approved, person_of, submitted

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def billing(in_acme, manager):
    return a_system(manager)


def run(sql, *values, about):
    """Run SQL as somebody who also writes events, and settle as a commit would."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        record("test.force", about, actor=System("test"))
        settle_constraints()


@pytest.mark.parametrize("status", ["approved", "scheduled", "implemented", "failed", "rolled_back", "reviewed", "closed"])
def test_no_state_that_counts_as_approved_without_an_approval(billing, employee, status):
    change = submitted(employee, [billing])
    with pytest.raises(IntegrityError, match="no approval of what it says by somebody else"):
        run("UPDATE changes_change SET status = %s, approved_at = now() WHERE id = %s", status, change.pk, about=change)


def test_an_approval_of_another_content_does_not_count(billing, employee, approver):
    change = approved(employee, approver, [billing])
    with pytest.raises(IntegrityError, match="no approval of what it says"):
        run("UPDATE changes_change SET content_hash = %s WHERE id = %s", "f" * 64, change.pk, about=change)


def test_an_approval_is_not_ended_under_a_change_that_stays_approved(billing, employee, approver):
    approval = approved(employee, approver, [billing]).approvals.get()
    with pytest.raises(IntegrityError, match="no approval of what it says"):
        run("UPDATE changes_approval SET status = 'void' WHERE id = %s", approval.pk, about=approval)


@pytest.mark.parametrize("column", ["content_hash = repeat('a', 64)", "is_author = true", "note = 'x'", "approver_id = NULL"])
def test_what_was_said_is_not_rewritten(billing, employee, approver, column):
    approval = approved(employee, approver, [billing]).approvals.get()
    with pytest.raises(IntegrityError, match="kept as it was given"):
        run(f"UPDATE changes_approval SET {column} WHERE id = %s", approval.pk, about=approval)


def test_an_approval_is_not_taken_away(billing, employee, approver):
    approval = approved(employee, approver, [billing]).approvals.get()
    with pytest.raises(IntegrityError, match="kept as it was given"):
        run("DELETE FROM changes_approval WHERE id = %s", approval.pk, about=approval)


@pytest.mark.parametrize(("who", "is_author"), [("employee", False), ("approver", True)])
def test_neither_the_requester_nor_an_author_counts(billing, cast, who, is_author):
    change = submitted(cast.employee, [billing])
    member = getattr(cast, who)
    facts = {"content_hash": change.content_hash, "answer": "approved", "given_at": now(), "is_author": is_author}
    approval = Approval.objects.create(change=change, version=change.versions.get(), approver=member, **facts)
    record("approval.give", approval, actor=member)
    with pytest.raises(IntegrityError, match="no approval of what it says"):
        run("UPDATE changes_change SET status = 'approved', approved_at = now() WHERE id = %s", change.pk, about=change)


def test_whoever_approved_cannot_become_who_carries_it_out_where_that_is_apart(billing, employee, approver):
    change = approved(employee, approver, [billing])
    sql = "UPDATE changes_change SET separate_implementer = true, implementer_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="by whoever carries it out"):
        run(sql, person_of(approver).pk, change.pk, about=change)


def test_an_emergency_is_not_reviewed_without_an_approval_in_writing(billing, employee, manager):
    change = a_draft(employee, [billing], type="emergency")
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Nobody could pay.")
    actions.implement_first(change, actor=employee)
    with pytest.raises(IntegrityError, match="no approval of what it says"):
        run("UPDATE changes_change SET status = 'reviewed' WHERE id = %s", change.pk, about=change)


def test_a_standard_change_needs_its_approved_template(billing, employee):
    change = submitted(employee, [billing])
    with pytest.raises(IntegrityError, match="template of change"):
        run(
            "UPDATE changes_change SET type = 'standard', status = 'approved', approved_at = now() WHERE id = %s",
            change.pk,
            about=change,
        )
    with pytest.raises(IntegrityError, match="no approved template"):
        run("UPDATE changes_change SET type = 'standard', status = 'closed' WHERE id = %s", change.pk, about=change)
