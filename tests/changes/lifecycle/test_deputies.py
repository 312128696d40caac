"""Whoever carries out or reviews a change is away: their deputy does it, as themselves, unless that is kept apart from them."""

import pytest

from accounts.models import Member
from changes import rights
from changes.approving.waiting import waiting_for
from changes.drafting.settings import choose_settings
from changes.lifecycle import actions
from changes.models import Change
from tests.changes.making import a_system, approved, person_of, submitted
from ui.refusals import ActionRefused
from workflow.absences.actions import set_absence

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def billing(in_acme, manager):
    return a_system(manager)


def away(member: Member, deputy: Member) -> None:
    today = member.organization.today()
    set_absence(actor=member, member=member, deputy=deputy, starts_on=today, ends_on=today)


def test_a_deputy_carries_out_and_reviews_in_their_own_name(billing, cast):
    parts = {"implementer": person_of(cast.employee), "verifier": person_of(cast.employee)}
    change = approved(cast.manager, cast.approver, [billing], **parts)
    with pytest.raises(ActionRefused, match="whoever carries out"):
        actions.implement(change, actor=cast.reviewer)
    away(cast.employee, cast.reviewer)
    actions.implement(change, actor=cast.reviewer)
    assert change.implementer == person_of(cast.reviewer)
    actions.review(change, actor=cast.reviewer, outcome="as_planned", effect="Faster.", close=True)
    assert (change.status, change.reviewed_by) == ("closed", cast.reviewer)


def test_a_deputy_who_approved_it_does_not_carry_it_out_where_that_is_kept_apart(billing, cast):
    choose_settings(actor=cast.manager, separate_implementer=True)
    change = approved(cast.manager, cast.approver, [billing], implementer=person_of(cast.employee))
    away(cast.employee, cast.approver)
    with pytest.raises(ActionRefused, match="Whoever approved this change does not carry it out"):
        actions.implement(change, actor=cast.approver)
    assert Change.objects.get(pk=change.pk).implementer == person_of(cast.employee)


def test_an_approval_is_not_passed_on(billing, cast):
    change = submitted(cast.manager, [billing])
    away(cast.approver, cast.reviewer)
    assert not waiting_for(cast.reviewer).exists()
    with pytest.raises(ActionRefused):
        actions.approve(change, actor=cast.reviewer, content_hash=change.content_hash)


def test_a_deputy_sees_it_only_while_they_stand_in(billing, cast):
    Member.objects.filter(pk=cast.viewer.pk).update(roles=["employee"])
    change = submitted(cast.manager, [billing], implementer=person_of(cast.employee))
    assert not rights.visible_to(cast.viewer).exists()
    away(cast.employee, cast.viewer)
    assert rights.visible_to(cast.viewer).get() == change
    assert not rights.may_own(cast.viewer, change)
