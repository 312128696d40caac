"""Which rules a change falls under, and who meets them."""

import datetime as dt

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from changes.approving.rules import rules_for, standing
from changes.approving.ruling import edit_rule, restore_rule, retire_rule
from changes.approving.waiting import waiting_for
from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.lifecycle.guidance import next_step
from changes.lifecycle.moves import moves_of
from changes.lifecycle.standing import Position
from changes.models import Change, ChangeCommit
from inventory.models import PersonAlias
from inventory.systems.actions import edit_system
from tenancy.scope import now
from tests.changes.making import GRAVE, a_draft, a_rule, a_system, person_of, submitted
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def billing(in_acme, manager):
    return a_system(manager)


def approve(change: Change, member: Member, **given) -> Change:
    actions.approve(change, actor=member, content_hash=change.content_hash, **given)
    return change


def names(change: Change) -> list[str]:
    return [rule.name for rule in rules_for(change)]


def test_a_rule_holds_for_its_kinds_risks_and_systems(billing, manager, employee):
    other = a_system(manager, "Wiki")
    a_rule(manager, "Grave", risks=["high"])
    a_rule(manager, "Data", kinds=["data"])
    a_rule(manager, "Billing", systems=[billing])
    assert names(submitted(employee, [billing])) == ["Billing"]
    assert names(submitted(employee, [other], kind="data", answers=GRAVE)) == ["Data", "Grave"]
    assert names(submitted(employee, [other])) == ["Anybody who approves changes"]


def test_every_rule_has_to_be_met(billing, manager, cast):
    a_rule(manager, "Two", count=2)
    a_rule(manager, "An executive", role="executive")
    change = submitted(cast.employee, [billing])
    assert approve(change, cast.approver).status == "submitted"
    assert [(one.name, one.given, one.needed) for one in standing(change)] == [("An executive", 0, 1), ("Two", 1, 2)]
    assert approve(change, cast.executive).status == "approved"
    assert [one.name for one in change.approvals.latest("given_at").counted_for.all()] == ["An executive", "Two"]


def test_whoever_a_rule_names_needs_no_role(billing, manager, employee, cast):
    a_rule(manager, "By name", approvers=[person_of(employee)])
    change = submitted(cast.reviewer, [billing])
    assert list(waiting_for(employee)) == [change]
    assert list(waiting_for(cast.approver)) == []
    with pytest.raises(ActionRefused, match="No rule that this change falls under asks for your approval"):
        approve(change, cast.approver)
    assert approve(change, employee).status == "approved"


def test_a_rule_may_ask_for_the_owner_of_a_system_affected(billing, manager, employee, cast):
    edit_system(billing, actor=manager, owner=person_of(employee))
    a_rule(manager, "Owner", by_system_owner=True)
    change = submitted(cast.reviewer, [billing])
    assert list(waiting_for(employee)) == [change]
    assert approve(change, employee).status == "approved"


def test_an_auditor_approves_nothing_though_a_rule_names_them(billing, manager, auditor, employee):
    a_rule(manager, "By name", approvers=[person_of(auditor)])
    change = submitted(employee, [billing])
    assert list(waiting_for(auditor)) == []
    with pytest.raises(ActionRefused, match="No rule"):
        approve(change, auditor)


def test_open_changes_are_judged_by_the_rules_as_they_are_when_an_approval_is_given(billing, manager, cast):
    two = a_rule(manager, "Two", count=2)
    stricter = submitted(cast.employee, [billing])
    approve(stricter, cast.approver)
    a_rule(manager, "An executive", role="executive")
    assert approve(stricter, manager).status == "submitted"
    assert approve(stricter, cast.executive).status == "approved"
    retire_rule(two, actor=manager, reason="One is enough.")
    assert Change.objects.get(pk=stricter.pk).status == "approved"


def test_relaxing_a_rule_approves_nothing_by_itself_but_one_more_approval_does(billing, manager, cast):
    two = a_rule(manager, "Two", count=2)
    change = submitted(manager, [billing])
    approve(change, cast.approver)
    edit_rule(two, actor=manager, systems=[], approvers=[], count=1)
    assert Change.objects.get(pk=change.pk).status == "submitted"
    with pytest.raises(ActionRefused, match="Whoever asks for a change"):
        approve(change, manager)
    assert list(waiting_for(cast.executive)) == [change]
    assert approve(change, cast.executive).status == "approved"


def test_an_author_of_a_commit_is_never_the_only_approver(billing, cast):
    change = submitted(cast.employee, [billing])
    ChangeCommit.objects.create(change=change, sha="a" * 40, email=cast.approver.email.upper())
    assert approve(change, cast.approver).status == "submitted"
    assert change.approvals.get().is_author
    assert list(waiting_for(cast.approver)) == []
    assert approve(change, cast.executive).status == "approved"


def test_an_approval_stands_though_its_approver_left_before_the_second(billing, manager, cast):
    a_rule(manager, "Two", count=2)
    change = submitted(cast.employee, [billing])
    approve(change, cast.approver)
    Member.objects.filter(pk=cast.approver.pk).update(status=Member.Status.REMOVED)
    assert approve(change, cast.executive).status == "approved"
    with pytest.raises(ActionRefused):
        approve(submitted(cast.employee, [billing]), cast.approver)


def test_what_others_have_approved_is_not_asked_of_those_whose_rule_is_met(billing, manager, cast):
    a_rule(manager, "An executive", role="executive")
    a_rule(manager, "An approver", role="approver")
    change = submitted(cast.employee, [billing])
    assert list(waiting_for(cast.executive)) == [change]
    approve(change, cast.executive)
    assert list(waiting_for(cast.executive)) == []
    assert list(waiting_for(cast.approver)) == [change]
    edit_change(change, actor=cast.employee, description="Four cores more.")
    assert list(waiting_for(cast.executive)) == [change]


def test_high_risk_needs_a_second_factor_shown_a_short_while_ago(billing, employee, approver):
    change = submitted(employee, [billing], answers=GRAVE)
    for factor in (None, actions.Shown("authenticator", now() - dt.timedelta(minutes=6))):
        with pytest.raises(ActionRefused, match="second factor"):
            approve(change, approver, factor=factor)
    assert approve(change, approver, factor=actions.Shown("authenticator", now())).status == "approved"
    approval = change.approvals.get()
    assert (approval.factor, approval.roles) == ("authenticator", ["approver"])


def test_a_stale_page_approves_nothing_and_says_what_is_different(billing, employee, approver):
    change = submitted(employee, [billing])
    seen = change.content_hash
    edit_change(change, actor=employee, description="Four cores more.")
    with pytest.raises(actions.Changed) as refused:
        actions.approve(change, actor=approver, content_hash=seen)
    assert [one["label"] for one in refused.value.differences] == ["What will change"]


def test_whoever_edited_what_is_approved_is_never_its_only_approver(billing, cast):
    change = submitted(cast.employee, [billing])
    edit_change(change, actor=cast.manager, description="Four cores more, and a new disk.")
    change.refresh_from_db()
    actions.approve(change, actor=cast.manager, content_hash=change.content_hash)
    change.refresh_from_db()
    assert (change.status, change.approvals.get().is_author) == ("submitted", True)
    actions.approve(change, actor=cast.approver, content_hash=change.content_hash)
    change.refresh_from_db()
    assert change.status == "approved"


def test_two_accounts_of_one_human_are_one(billing, cast):
    """The alias is confirmed on the roster: the other account neither approves nor agrees."""
    person = person_of(cast.employee)
    PersonAlias.objects.create(person=person, key=cast.approver.email, confirmed_by=cast.manager)
    change = submitted(cast.employee, [billing])
    with pytest.raises(ActionRefused, match="does not approve it"):
        actions.approve(change, actor=cast.approver, content_hash=change.content_hash)
    emergency = a_draft(cast.employee, [billing], type="emergency")
    with pytest.raises(ActionRefused, match="does not agree to it"):
        actions.record_agreement(emergency, actor=cast.employee, agreed_by=person_of(cast.approver), reason="Now.")


def test_a_rule_that_only_the_requester_meets_says_that_nobody_can(billing, cast):
    a_rule(cast.manager, role="", approvers=[person_of(cast.employee)])
    change = submitted(cast.employee, [billing])
    for member in (cast.employee, cast.approver, cast.manager):
        with pytest.raises(ActionRefused):
            actions.approve(change, actor=member, content_hash=change.content_hash)
    position = Position(change, cast.employee)
    assert "nobody here can give it" in next_step(position, cast.employee.organization.today(), moves_of(position))[1]


def test_a_rule_that_is_put_back_holds_again(billing, manager, employee):
    rule = a_rule(manager, "Two", count=2)
    retire_rule(rule, actor=manager, reason="One is enough.")
    assert names(submitted(employee, [billing])) == ["Anybody who approves changes"]
    restore_rule(rule, actor=manager)
    assert names(submitted(employee, [billing])) == ["Two"]
    assert AuditEvent.objects.filter(object_id=rule.pk, verb="approval_rule.restore").count() == 1
