"""A version of a policy is written, approved by others under its hash, and comes into force on its day."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Member
from audit.models import AuditEvent
from policies import hooks
from policies.models import Policy, PolicyApproval, PolicyVersion
from policies.publishing.actions import confirm_review, publish_due, publish_version, restore_policy, retire_policy
from policies.publishing.days import months_after
from policies.register.actions import create_policy, edit_policy
from policies.rights import approvers_of, to_approve
from policies.writing.actions import begin_version, discard_version, submit_version, withdraw_version, write_version
from policies.writing.approving import approve_version, return_version
from tenancy.scope import now, settle_constraints
from tests.policies.making import TEXT, approved, draft, in_force
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
PDF = b"%PDF-1.4 the old policy"


def test_a_policy_begins_as_a_draft_that_its_author_writes(manager):
    version = draft(manager)
    assert (version.number, version.status, version.title) == (1, "draft", "Access control")
    written = write_version(version, actor=manager, text="# Purpose\n\nOther words.", title="Access")
    assert (written.text, written.policy.refreshed().title) == ("# Purpose\n\nOther words.", "Access")
    event = AuditEvent.objects.get(verb="policy_version.write")
    assert "text" not in event.data["after"]
    assert event.data["after"]["sha256"] != event.data["before"]["sha256"]
    assert write_version(version, actor=manager, text="# Purpose\n\nOther words.").pk == version.pk
    assert AuditEvent.objects.filter(verb="policy_version.write").count() == 1


def test_two_policies_in_use_cannot_have_one_name(manager):
    draft(manager)
    with pytest.raises(ActionRefused, match="of this name already"):
        draft(manager)


def test_what_is_approved_is_what_was_seen_and_never_by_its_author(manager, approver):
    version = submit_version(draft(manager), actor=manager)
    with pytest.raises(ActionRefused, match="neither wrote on it nor submitted"):
        approve_version(version, actor=manager, content_hash=version.content_hash)
    with pytest.raises(ActionRefused, match="changed since you saw it"):
        approve_version(version, actor=approver, content_hash="0" * 64)
    approval = approve_version(version, actor=approver, content_hash=version.content_hash)
    assert (approval.content_hash, version.refreshed().status) == (version.content_hash, "approved")
    with pytest.raises(IntegrityError, match="policy_approval_not_by_author"), transaction.atomic():
        PolicyApproval.objects.filter(pk=approval.pk).update(approver=manager)


def test_the_employee_neither_writes_nor_approves(manager, employee, approver):
    version = draft(manager)
    with pytest.raises(ActionRefused, match="owner of the policy"):
        write_version(version, actor=employee, text="Mine.")
    submit_version(version, actor=manager)
    with pytest.raises(ActionRefused, match="role does not allow"):
        approve_version(version, actor=employee, content_hash=version.content_hash)
    with pytest.raises(ActionRefused, match="role does not allow"):
        create_policy(actor=employee, title="Mine")
    approve_version(version, actor=approver, content_hash=version.content_hash)
    with pytest.raises(ActionRefused, match="role does not allow"):
        publish_version(version, actor=approver)


def test_a_quorum_of_two_needs_two(manager, approver, executive):
    version = submit_version(draft(manager, quorum=2), actor=manager)
    approve_version(version, actor=approver, content_hash=version.content_hash)
    assert version.refreshed().status == "in_review"
    with pytest.raises(ActionRefused, match="approved it already"):
        approve_version(version, actor=approver, content_hash=version.content_hash)
    approve_version(version, actor=executive, content_hash=version.content_hash)
    assert version.refreshed().status == "approved"


def test_a_returned_version_loses_what_was_said_of_it(manager, approver, executive):
    version = submit_version(draft(manager, quorum=2), actor=manager)
    approve_version(version, actor=approver, content_hash=version.content_hash)
    return_version(version, actor=executive, reason="It says nothing of leavers.")
    assert (version.refreshed().status, version.refreshed().content_hash) == ("draft", "")
    assert set(version.approvals.values_list("status", flat=True)) == {"void"}
    submit_version(version, actor=manager)
    withdraw_version(version, actor=manager)
    assert version.refreshed().status == "draft"


def test_what_was_submitted_cannot_be_written_on_even_by_the_database_role(manager):
    version = submit_version(draft(manager), actor=manager)
    with pytest.raises(ActionRefused, match="in review: it cannot be changed"):
        write_version(version, actor=manager, text="Other words.")
    for changed in (
        {"text": "Other words."},
        {"material": False},
        {"change_note": "x"},
        {"content_hash": "0" * 64},
        {"quorum": 2},
    ):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            PolicyVersion.objects.filter(pk=version.pk).update(**changed)


def test_what_is_published_today_holds_at_once_and_takes_the_place_of_the_last(acme, manager, approver):
    policy, today = in_force(manager, approver), acme.today()
    assert policy.next_review_on == months_after(today, 12)
    first = policy.versions.get()
    second = begin_version(policy, actor=manager)
    assert (second.number, second.text, second.status) == (2, first.text, "draft")
    with pytest.raises(ActionRefused, match="under way already"):
        begin_version(policy, actor=manager)
    with pytest.raises(ActionRefused, match="what is different"):
        submit_version(second, actor=manager)
    write_version(second, actor=manager, text=f"{TEXT}\nMore.", change_note="Said more.", title="Access to systems")
    assert policy.refreshed().title == "Access control"
    submit_version(second, actor=manager)
    approve_version(second, actor=approver, content_hash=second.content_hash)
    publish_version(second, actor=manager)
    assert (policy.refreshed().title, first.refreshed().status) == ("Access to systems", "superseded")
    assert first.refreshed().ended_on == today
    settle_constraints()


def test_a_version_publishes_itself_on_its_day(acme, manager, approver, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "_published", [lambda version, actor: told.append((version.pk, actor.name))])
    version, at = approved(manager, approver), now()
    tomorrow = acme.day_of(at) + dt.timedelta(days=1)
    with pytest.raises(ActionRefused, match="Not in the past"):
        publish_version(version, actor=manager, effective_on=acme.day_of(at) - dt.timedelta(days=1))
    publish_version(version, actor=manager, effective_on=tomorrow)
    publish_due(acme, at)
    assert (version.refreshed().status, told) == ("approved", [])
    for _ in range(2):
        publish_due(acme, at + dt.timedelta(days=1))
    assert version.refreshed().status == "published"
    assert told == [(version.pk, "Plumbline (schedule)")]


def test_an_uploaded_document_is_kept_as_it_is(manager):
    version = draft(manager, text="")
    with pytest.raises(ActionRefused, match="Write what it says"):
        submit_version(version, actor=manager)
    with pytest.raises(ActionRefused, match="neither a PDF nor a DOCX"):
        write_version(version, actor=manager, upload=SimpleUploadedFile("notes.txt", b"plain words"))
    written = write_version(version, actor=manager, upload=SimpleUploadedFile("access.pdf", PDF))
    assert (written.form, written.file.name, written.text) == ("uploaded", "access.pdf", "")
    assert submit_version(written, actor=manager).content_hash


def test_a_draft_of_a_later_version_may_be_thrown_away(manager, approver):
    policy = in_force(manager, approver)
    discard_version(begin_version(policy, actor=manager), actor=manager)
    assert policy.versions.count() == 1
    settle_constraints()
    with pytest.raises(ActionRefused, match="cannot be changed"):
        discard_version(policy.versions.get(), actor=manager)


def test_a_review_without_a_change_moves_the_next_one(acme, manager, approver):
    policy, today = in_force(manager, approver), acme.today()
    edit_policy(policy, actor=manager, next_review_on=today - dt.timedelta(days=1))
    assert policy.refreshed().is_overdue(today)
    with pytest.raises(ActionRefused, match="what was looked at"):
        confirm_review(policy, actor=manager, note=" ")
    confirm_review(policy, actor=manager, note="Read with the platform lead: nothing has changed.")
    assert policy.refreshed().next_review_on == months_after(today, 12)
    with pytest.raises(ActionRefused, match="anyway"):
        confirm_review(policy, actor=manager, note="Again.")


def test_a_retired_policy_holds_no_more_and_may_come_back(acme, manager, approver):
    policy = in_force(manager, approver)
    write_version(begin_version(policy, actor=manager), actor=manager, text="Never approved.")
    retire_policy(policy, actor=manager, reason="Merged into the security policy.")
    assert set(policy.versions.values_list("status", flat=True)) == {"retired"}
    assert policy.versions.get(number=1).ended_on == acme.today()
    with pytest.raises(ActionRefused, match="retired"):
        begin_version(policy, actor=manager)
    restore_policy(policy, actor=manager)
    assert Policy.objects.get(pk=policy.pk).status == "active"
    third = begin_version(policy, actor=manager)
    assert (third.number, third.text) == (3, policy.versions.get(number=1).text)
    settle_constraints()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-12-15", 12, "2027-12-15"), ("2024-02-29", 12, "2025-02-28")],
)
def test_months_are_counted_by_the_calendar(day, months, expected):
    assert months_after(dt.date.fromisoformat(day), months).isoformat() == expected


def test_a_version_without_an_owner_of_its_policy_is_not_submitted(manager):
    with pytest.raises(ActionRefused, match="who owns"):
        submit_version(draft(manager, owner=None), actor=manager)


def test_nobody_approves_what_they_had_a_part_in(acme, manager, approver, executive):
    Member.objects.filter(pk=executive.pk).update(roles=["compliance_manager"])
    bob = Member.objects.select_related("user", "organization").get(pk=executive.pk)
    version = draft(manager)
    write_version(version, actor=bob, text="# Purpose\n\nAs Bob wants it.")
    submit_version(version, actor=manager)
    assert bob.pk not in {one.pk for one in approvers_of(version)}
    assert list(to_approve(bob)) == []
    with pytest.raises(ActionRefused, match="neither wrote on it"):
        approve_version(version, actor=bob, content_hash=version.content_hash)
    approve_version(version, actor=approver, content_hash=version.content_hash)
    assert version.refreshed().status == "approved"


def test_whoever_submitted_it_first_does_not_approve_it_later(manager, approver, administrator):
    Member.objects.filter(pk=administrator.pk).update(roles=["compliance_manager"])
    other = Member.objects.select_related("user", "organization").get(pk=administrator.pk)
    version = submit_version(draft(manager), actor=other)
    return_version(version, actor=approver, reason="Too short.")
    submit_version(version, actor=manager)
    with pytest.raises(ActionRefused, match="neither wrote on it"):
        approve_version(version, actor=other, content_hash=version.content_hash)


def test_a_title_of_another_policy_is_refused_and_holds_nobody_up(acme, manager, approver):
    policy = in_force(manager, approver)
    second = begin_version(policy, actor=manager)
    write_version(second, actor=manager, title="Backups", change_note="Renamed.")
    submit_version(second, actor=manager)
    approve_version(second, actor=approver, content_hash=second.content_hash)
    day = acme.today() + dt.timedelta(days=1)
    publish_version(second, actor=manager, effective_on=day)
    publish_version(approved(manager, approver, "Backups"), actor=manager, effective_on=day)
    third = begin_version(in_force(manager, approver, "Third"), actor=manager)
    write_version(third, actor=manager, title="Backups", change_note="Renamed.")
    with pytest.raises(ActionRefused, match="Another policy"):
        submit_version(third, actor=manager)
    publish_due(acme, now() + dt.timedelta(days=1))
    assert (second.refreshed().status, policy.refreshed().title) == ("approved", "Access control")
    assert PolicyVersion.objects.get(title="Backups", number=1).status == "published"
