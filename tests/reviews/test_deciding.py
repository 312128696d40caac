"""Decisions: by whom, with what reasons, one event each, and never about one's own access."""

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from inventory.models import Account
from reviews.campaigns.routing import Asked
from reviews.deciding.actions import decide, decide_many, take_back
from reviews.deciding.reassign import reassign_items
from reviews.deciding.rules import KEEP, OWN_ACCESS, Choice, may_decide, why_not
from reviews.models import Item
from reviews.signoff.actions import sign_off
from tests.reviews.world import changed, days_ago, grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused

REMOVE = Choice("revoke", reason_code="left")


@pytest.fixture
def campaign(in_acme, manager, reviewer):
    """Anna, Ben and an unused account of Cleo, all to be decided by the reviewer."""
    okta = system(owner=person_of(reviewer), reviewer_order=["system_owner"])
    grants = [
        grant(person("Anna"), "User"),
        grant(person("Ben"), "Admin", privileged=True, last_used_at=days_ago(2)),
        grant(person("Cleo"), "User", last_used_at=days_ago(140)),
    ]
    snapshot(okta, grants)
    return started(okta, actor=manager)


def item_of(campaign, name):
    return Item.objects.select_related("campaign", "account", "reviewer").get(campaign=campaign, subject_name=name)


def test_a_decision_is_stored_with_its_event(campaign, reviewer):
    item = decide(item_of(campaign, "Anna"), REMOVE, actor=reviewer)
    assert (item.decision, item.reason_code, item.decider, item.decided_by) == ("revoke", "left", person_of(reviewer), reviewer)
    event = AuditEvent.objects.get(object_id=item.pk)
    assert (event.verb, event.actor_id, event.data["after"]["decision"]) == ("item.decide", reviewer.id, "revoke")


def test_a_decision_can_be_changed_and_taken_back_and_the_trail_keeps_all(campaign, reviewer):
    item = item_of(campaign, "Anna")
    decide(item, REMOVE, actor=reviewer)
    decide(item, KEEP, actor=reviewer)
    back = take_back(item, actor=reviewer)
    assert (back.decision, back.decided_at, back.decider) == ("", None, None)
    verbs = AuditEvent.objects.filter(object_id=item.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["item.decide", "item.decide", "item.take_back"]


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice("revoke"), "reason_code"),
        (Choice("revoke", reason_code="other"), "reason"),
        (Choice("modify", reason_code="moved"), "target_role"),
        (Choice("modify", reason_code="moved", target_role="user"), "target_role"),
        (Choice("not_decided"), "decision"),
    ],
)
def test_what_a_decision_must_say_is_asked_at_its_field(campaign, reviewer, choice, field):
    with pytest.raises(ActionRefused) as refused:
        decide(item_of(campaign, "Anna"), choice, actor=reviewer)
    assert refused.value.field == field


def test_keeping_a_flagged_row_needs_words(campaign, reviewer):
    item = item_of(campaign, "Cleo")
    with pytest.raises(ActionRefused, match="unused for 90 days"):
        decide(item, KEEP, actor=reviewer)
    assert decide(item, Choice("retain", reason="Parental leave until May"), actor=reviewer).decision == "retain"


def test_only_its_reviewer_decides(campaign, manager, reviewer):
    item = item_of(campaign, "Anna")
    assert why_not(item, Asked(person_of(manager))) == "This item is with Reviewer Acme now."
    assert may_decide(item, Asked(person_of(reviewer)))
    with pytest.raises(ActionRefused, match="is with"):
        decide(item, KEEP, actor=manager)


def test_somebody_unknown_to_the_roster_does_not_decide(campaign, reviewer):
    changed(person_of(reviewer), member=None)
    with pytest.raises(ActionRefused, match="not linked"):
        decide(item_of(campaign, "Anna"), KEEP, actor=reviewer)


def test_nobody_decides_on_an_account_that_has_become_theirs(campaign, reviewer):
    item = item_of(campaign, "Anna")
    changed(item.account, kind="person", person=person_of(reviewer))
    with pytest.raises(ActionRefused, match=OWN_ACCESS):
        decide(item, KEEP, actor=reviewer)
    result = decide_many(Item.objects.all(), REMOVE, campaign=campaign, actor=reviewer)
    assert result.refused == {item.pk: OWN_ACCESS}


def test_the_database_refuses_a_decision_on_ones_own_access(campaign, reviewer):
    me = person_of(reviewer)
    item = item_of(campaign, "Anna")
    Account.objects.filter(pk=item.account_id)  # the link that counts is the account's present one
    changed(item.account, kind="person", person=me)
    statement = (
        "UPDATE reviews_item SET decision = 'retain', decider_id = %s, decided_by_id = %s, decided_at = now() WHERE id = %s"
    )
    with pytest.raises(IntegrityError, match="own access"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [me.pk, reviewer.pk, item.pk])


def test_bulk_keep_leaves_out_flagged_and_privileged_rows_and_says_so(campaign, reviewer):
    result = decide_many(campaign.items.all(), KEEP, campaign=campaign, actor=reviewer)
    assert list(result.done) == [item_of(campaign, "Anna").pk]
    assert "privileged" in result.refused[item_of(campaign, "Ben").pk].lower()
    assert "unused for 90 days" in result.refused[item_of(campaign, "Cleo").pk]
    assert item_of(campaign, "Anna").decided_in_bulk


def test_bulk_remove_takes_every_row_with_an_event_each(campaign, reviewer):
    result = decide_many(campaign.items.all(), REMOVE, campaign=campaign, actor=reviewer)
    assert (len(result.done), result.refused) == (3, {})
    assert AuditEvent.objects.filter(verb="item.decide").count() == 3


def test_open_items_can_be_given_to_somebody_else(campaign, manager, reviewer):
    to = person_of(manager)
    decide(item_of(campaign, "Anna"), KEEP, actor=reviewer)
    result = reassign_items(campaign.items.all(), campaign=campaign, to=to, reason="On leave", actor=manager)
    assert len(result.done) == 2
    assert "decided already" in result.refused[item_of(campaign, "Anna").pk]
    assert item_of(campaign, "Ben").reviewer == to
    with pytest.raises(ActionRefused, match="is with Manager Acme now"):
        decide(item_of(campaign, "Ben"), KEEP, actor=reviewer)
    event = AuditEvent.objects.filter(verb="item.reassign").latest("at")
    assert (event.data["before"], event.data["metadata"]["note"]) == ({"reviewer": "Reviewer Acme"}, "On leave")


def test_items_never_go_to_their_subject_nor_to_somebody_who_cannot_decide(campaign, manager, employee):
    anna = item_of(campaign, "Anna").subject
    with pytest.raises(ActionRefused, match="cannot be asked"):
        reassign_items(campaign.items.all(), campaign=campaign, to=anna, reason="x", actor=manager)
    me = person_of(manager)
    changed(item_of(campaign, "Anna").account, person=me)
    result = reassign_items(campaign.items.all(), campaign=campaign, to=me, reason="x", actor=manager)
    assert result.refused == {item_of(campaign, "Anna").pk: OWN_ACCESS}


def test_reviewers_do_not_reassign(campaign, manager, reviewer):
    with pytest.raises(ActionRefused, match="role"):
        reassign_items(campaign.items.all(), campaign=campaign, to=person_of(manager), reason="x", actor=reviewer)


def test_a_decision_on_what_turned_out_to_be_ones_own_is_made_by_somebody_else(campaign, manager, reviewer):
    item = decide(item_of(campaign, "Anna"), KEEP, actor=reviewer)
    decide(item_of(campaign, "Ben"), REMOVE, actor=reviewer)
    decide(item_of(campaign, "Cleo"), REMOVE, actor=reviewer)
    changed(item.account, person=person_of(reviewer))
    with pytest.raises(ActionRefused, match="1 decision was made by the person whose account"):
        sign_off(campaign, actor=manager)
    with pytest.raises(ActionRefused, match=OWN_ACCESS):
        take_back(item_of(campaign, "Anna"), actor=reviewer)
    result = reassign_items(Item.objects.all(), campaign=campaign, to=person_of(manager), reason="It is theirs", actor=manager)
    assert (list(result.done), len(result.refused)) == ([item.pk], 2)
    moved = item_of(campaign, "Anna")
    assert (moved.decision, moved.decider, moved.reviewer) == ("", None, person_of(manager))
    event = AuditEvent.objects.get(verb="item.reassign")
    assert (event.data["before"]["decision"], event.data["after"]["decision"]) == ("retain", "")
    decide(moved, KEEP, actor=manager)
    sign_off(campaign, actor=manager)
