"""What a start makes of the populations: whom it asks, what it flags, what it leaves out."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from inventory.models import Entitlement
from reviews.campaigns.actions import start_campaign
from reviews.campaigns.populate import populate_campaign
from reviews.campaigns.population import population_digest
from reviews.campaigns.preview import preview_campaign
from reviews.models import Campaign, Item
from tests.reviews.world import changed, days_ago, draft, grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused


def item_of(campaign, subject):
    return Item.objects.get(campaign=campaign, subject_name=str(subject))


def test_items_go_to_the_first_of_the_order_who_can_be_asked(in_acme, manager, reviewer):
    boss, absent = person_of(reviewer), person("Absent Boss")
    owner = person_of(manager)
    okta = system(owner=owner, reviewer_order=["line_manager", "system_owner"])
    anna, ben = person("Anna", manager=boss), person("Ben", manager=absent)
    snapshot(okta, [grant(anna), grant(ben)])
    campaign = started(okta, actor=manager)
    assert (item_of(campaign, anna).reviewer, item_of(campaign, anna).routed_by) == (boss, "line_manager")
    assert (item_of(campaign, ben).reviewer, item_of(campaign, ben).routed_by) == (owner, "system_owner")


@pytest.mark.parametrize(
    "state",
    [{"status": "on_leave"}, {"status": "left"}, {"contract_ends_on": dt.date(2020, 1, 1)}, {"left_on": dt.date(2020, 1, 1)}],
)
def test_somebody_who_is_not_at_work_is_not_asked(in_acme, manager, reviewer, state):
    boss = person_of(reviewer)
    anna = person("Anna", manager=boss)
    changed(boss, **state)
    okta = system(reviewer_order=["line_manager"])
    snapshot(okta, [grant(anna)])
    assert item_of(started(okta, actor=manager), anna).reviewer is None


def test_a_role_that_does_not_decide_is_not_asked(in_acme, manager, executive):
    okta = system(owner=person_of(executive), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Anna"))])
    campaign = draft(okta, actor=manager)
    preview = preview_campaign(campaign, executive.organization)
    assert (preview.items, preview.routed, preview.stuck_items) == (1, 0, 1)
    assert "has no account here that may decide" in preview.stuck[0].reason
    assert preview.stuck[0].sample == "Anna: User"


def test_nobody_is_asked_about_their_own_access(in_acme, manager, reviewer):
    boss, second = person_of(reviewer), person_of(manager)
    okta = system(owner=boss, reviewer_order=["system_owner"])
    snapshot(okta, [grant(boss)])
    assert item_of(started(okta, actor=manager), boss).reviewer is None
    with_second = started(okta, actor=manager, second_reviewer=second, second_reviewer_reason="The founder owns everything.")
    assert (item_of(with_second, boss).reviewer, item_of(with_second, boss).routed_by) == (second, "second_reviewer")


def test_entitlement_owners_are_found_however_their_address_is_spelled(in_acme, manager, reviewer):
    okta = system(reviewer_order=["entitlement_owner"])
    anna = person("Anna")
    snapshot(okta, [grant(anna, owner_email=" REVIEWER@acme.example"), grant("svc", kind="service", owner=person_of(reviewer))])
    campaign = started(okta, actor=manager)
    assert {item.reviewer for item in campaign.items.all()} == {person_of(reviewer)}


def test_access_that_is_none_is_left_out_and_counted(in_acme, manager):
    okta = system()
    snapshot(okta, [grant(person("Anna")), grant(person("Ben"), no_access=True, account_state="SUSPENDED")])
    campaign = started(okta, actor=manager)
    scope = campaign.scope.get()
    assert (scope.item_count, scope.left_out_count, campaign.item_count) == (1, 1, 1)


FLAGGED = [
    ("unused_90", {"last_used_at": days_ago(140)}),
    ("unused_90", {"last_used_state": "never", "granted_at": days_ago(200)}),
    ("unused_90", {"last_used_state": "never"}),
    ("use_unknown_privileged", {"privileged": True, "last_used_state": "no_information"}),
]


@pytest.mark.parametrize(("flag", "facts"), FLAGGED)
def test_rows_that_deserve_a_second_look_are_flagged(in_acme, manager, flag, facts):
    okta = system()
    snapshot(okta, [grant(person("Anna"), **facts)])
    item = started(okta, actor=manager).items.get()
    assert (item.flags, item.flagged) == ([flag], True)


@pytest.mark.parametrize(
    "facts",
    [
        {"last_used_at": days_ago(80)},
        {"last_used_state": "never", "granted_at": days_ago(20)},
        {"last_used_state": "not_in_file"},
        {"privileged": True, "last_used_at": days_ago(3)},
        {"granted_at": days_ago(900)},
    ],
)
def test_ordinary_rows_are_not(in_acme, manager, facts):
    okta = system()
    snapshot(okta, [grant(person("Anna"), **facts)])
    assert started(okta, actor=manager).items.get().flags == []


def test_leavers_and_accounts_of_nobody_are_flagged(in_acme, manager):
    okta = system()
    gone = person("Gone", status="left", left_on=days_ago(10).date())
    snapshot(okta, [grant(gone), grant("root"), grant("billing", kind="shared"), grant("bot", kind="service")])
    flags = {item.subject_name: item.flags for item in started(okta, actor=manager).items.all()}
    assert flags == {"Gone": ["leaver"], "root": ["unmatched"], "billing": ["shared"], "bot": ["service"]}


def test_the_population_has_one_event_whose_digest_can_be_worked_out_again(in_acme, manager):
    okta = system()
    snapshot(okta, [grant(person("Anna")), grant(person("Ben"))])
    campaign = started(okta, actor=manager)
    event = AuditEvent.objects.get(verb="campaign.populate")
    again = population_digest(campaign)
    assert event.data["metadata"]["items"] == again.count == 2
    assert event.data["metadata"]["population_digest"] == again.digest == campaign.refreshed().population_digest


def test_a_second_start_is_refused(in_acme, manager):
    okta = system()
    snapshot(okta, [grant(person("Anna"))])
    campaign = draft(okta, actor=manager)
    start_campaign(campaign, actor=manager)
    with pytest.raises(ActionRefused, match="being started"):
        start_campaign(campaign.refreshed(), actor=manager)


def test_an_incomplete_population_needs_a_reason(in_acme, manager):
    okta = system()
    snapshot(okta, [grant(person("Anna"))], complete=False)
    with pytest.raises(ActionRefused, match="not complete"):
        start_campaign(draft(okta, actor=manager), actor=manager)


def test_an_empty_population_starts_nothing(in_acme, manager):
    okta = system()
    snapshot(okta, [grant(person("Anna"), no_access=True)])
    campaign = draft(okta, actor=manager)
    start_campaign(campaign, actor=manager)
    with pytest.raises(ActionRefused, match="nothing to review"):
        populate_campaign(campaign, actor=manager)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM reviews_item",
        "UPDATE reviews_item SET flagged = false",
        "UPDATE reviews_item SET subject_id = NULL",
        "UPDATE reviews_campaignsystem SET item_count = 0",
    ],
)
def test_the_database_itself_keeps_the_population(in_acme, manager, statement):
    okta = system()
    snapshot(okta, [grant(person("Anna"))])
    started(okta, actor=manager)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_itself_takes_no_later_items(in_acme, manager):
    okta = system()
    snapshot(okta, [grant(person("Anna"))])
    started(okta, actor=manager)
    item = Item.objects.get()
    snapshot(okta, [grant(person("Ben"))])
    item.pk, item.entitlement = None, Entitlement.objects.latest("id")
    with pytest.raises(IntegrityError, match="only while"), transaction.atomic():
        item.save(force_insert=True)


def test_references_follow_the_quarter(in_acme, manager):
    okta = system()
    first, second = draft(okta, actor=manager), draft(okta, actor=manager)
    assert first.reference == f"AR-{first.quarter}"
    assert second.reference == f"AR-{first.quarter}-2"
    assert Campaign.objects.count() == 2
