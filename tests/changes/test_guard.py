"""SQL under the application's own role, past every action: nothing makes a change count as approved but an approval of it."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit.actors import System
from audit.record import record
from changes.drafting.settings import choose_settings
from changes.lifecycle import actions
from changes.models import Approval, Change
from tests.changes.making import a_draft, a_system, approved, person_of, submitted

pytestmark = pytest.mark.usefixtures("in_acme")

APPROVAL = """
INSERT INTO changes_approval (
  id, tenant_id, change_id, version_id, content_hash, answer, status, approver_id, approver_person_id, requester_id,
  requester_person_id, is_author, roles, factor, difference, note, source, head_sha, given_at, void_reason)
SELECT uuid_v7(), v.tenant_id, v.change_id, v.id, {content_hash}, 'approved', 'given', m.id, p.id, {requester},
  NULL, {is_author}, ARRAY['approver'], '', '[]', '', 'here', '', now(), ''
FROM changes_changeversion v, accounts_member m JOIN inventory_person p ON p.member_id = m.id
JOIN accounts_user u ON u.id = m.user_id WHERE v.change_id = %s AND u.email = '{by}@acme.example'
"""
APPROVED = "UPDATE changes_change SET status = '{status}', approved_at = now(), implemented_at = now() WHERE id = %s"


@pytest.fixture
def waiting(in_acme, manager, employee) -> Change:
    """Submitted by the employee."""
    return submitted(employee, [a_system(manager)])


def past_every_action(change: Change, *statements: str) -> None:
    """Run them with an event for whatever is touched, so that it is not for want of one that they are refused."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [change.pk] if "%s" in statement else None)
        for row in (*Change.objects.all(), *Approval.objects.all()):
            record("test.tamper", row, actor=System("test"))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(change: Change, words: str, *statements: str) -> None:
    """One of them is, or at the latest the end of the transaction."""
    before = Change.objects.filter(pk=change.pk).values().get()
    with pytest.raises(DatabaseError, match=words):
        past_every_action(change, *statements)
    assert Change.objects.filter(pk=change.pk).values().get() == before


@pytest.mark.parametrize("status", ["approved", "scheduled", "implemented", "failed", "rolled_back", "reviewed", "closed"])
def test_no_state_that_counts_as_approved_without_an_approval(waiting, status):
    refused(waiting, "no approval of what it says", APPROVED.format(status=status))


@pytest.mark.parametrize(
    "given",
    [
        {"by": "approver", "content_hash": f"'{'0' * 64}'", "is_author": "false", "requester": "NULL"},
        {"by": "approver", "content_hash": "v.content_hash", "is_author": "true", "requester": "NULL"},
        {"by": "employee", "content_hash": "v.content_hash", "is_author": "false", "requester": "NULL"},
    ],
    ids=["of something else", "by an author of its commits", "by whoever asked for it"],
)
def test_not_every_approval_will_do(waiting, given):
    refused(waiting, "no approval of what it says", APPROVAL.format(**given), APPROVED.format(status="approved"))


def test_the_approval_itself_refuses_whoever_asked(waiting):
    given = {"by": "employee", "content_hash": "v.content_hash", "is_author": "false", "requester": "m.id"}
    refused(waiting, "approval_not_by_requester", APPROVAL.format(**given))


def test_an_approval_of_what_it_says_by_somebody_else_will(waiting):
    """What the others lack, and nothing else, is what is refused."""
    given = {"by": "approver", "content_hash": "v.content_hash", "is_author": "false", "requester": "NULL"}
    past_every_action(waiting, APPROVAL.format(**given), APPROVED.format(status="approved"))
    assert waiting.refreshed().status == "approved"


@pytest.mark.parametrize("status", ["approved", "implemented", "closed"])
def test_a_standard_change_needs_its_template_and_an_emergency_its_agreement(waiting, status):
    change = "UPDATE changes_change SET type = '{type}' WHERE id = %s"
    refused(waiting, "not approved|no approved template", change.format(type="standard"), APPROVED.format(status=status))
    words = "no approval of what it says|no agreement|change_emergency_agreed"
    refused(waiting, words, change.format(type="emergency"), APPROVED.format(status=status))


@pytest.mark.parametrize(
    ("words", "statement"),
    [
        ("no approval of what it says", "UPDATE changes_change SET content_hash = repeat('0', 64) WHERE id = %s"),
        ("no approval of what it says", "UPDATE changes_approval SET status = 'void' WHERE change_id = %s"),
        ("kept as it was given", "UPDATE changes_approval SET content_hash = repeat('0', 64) WHERE change_id = %s"),
        ("kept as it was given", "UPDATE changes_approval SET approver_id = requester_id WHERE change_id = %s"),
        ("kept as it was given|permission denied", "DELETE FROM changes_approval WHERE change_id = %s"),
        ("permission denied", "TRUNCATE changes_approval CASCADE"),
        ("must be owner", "ALTER TABLE changes_change DISABLE TRIGGER guarded"),
        ("permission denied", "SET session_replication_role = replica"),
    ],
)
def test_what_was_approved_stays_so(cast, words, statement):
    change = approved(cast.employee, cast.approver, [a_system(cast.manager)])
    given = list(Approval.objects.values())
    refused(change, words, statement)
    assert list(Approval.objects.values()) == given


def test_who_approved_is_not_made_its_implementer_where_that_is_kept_apart(in_acme, manager, employee, approver):
    choose_settings(actor=manager, separate_implementer=True)
    change = approved(employee, approver, [a_system(manager)])
    by = person_of(approver).pk
    refused(change, "by whoever carries it out", f"UPDATE changes_change SET implementer_id = '{by}' WHERE id = %s")


def test_an_emergency_does_not_end_without_its_approval_in_writing(in_acme, manager, employee, approver):
    change = a_draft(employee, [a_system(manager)], type="emergency", implementer=person_of(employee))
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Nobody could pay.")
    actions.implement_first(change, actor=employee)
    for status in ("reviewed", "closed", "approved"):
        refused(change, "no approval of what it says", APPROVED.format(status=status))
    refused(change, "change_emergency_agreed|no agreement", "UPDATE changes_change SET agreed_by_id = NULL WHERE id = %s")


def test_nothing_is_inserted_as_approved(waiting):
    columns = ", ".join(
        str(field.column) for field in Change._meta.fields if field.column not in {"id", "reference", "status", "number"}
    )
    statement = (
        f"INSERT INTO changes_change (id, reference, status, {columns}) SELECT uuid_v7(), 'CHG-1', 'closed', {columns}"
        " FROM changes_change WHERE id = %s"
    )
    refused(waiting, "no approval of what it says", statement)
