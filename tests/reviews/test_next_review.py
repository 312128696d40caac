"""What one review remembers for the next: changed, never reviewed, granted again."""

import datetime as dt

import pytest

from inventory.models import Removal
from reviews.campaigns.actions import start_campaign
from reviews.deciding.actions import decide_many
from reviews.deciding.rules import KEEP, Choice
from reviews.models import Item
from reviews.signoff.actions import sign_off
from reviews.signoff.closing import close_checked, close_finished
from tests.reviews.world import changed, days_ago, draft, grant, person, person_of, snapshot, started, system
from workflow.inbox import inbox_of

REMOVE = Choice("revoke", reason_code="not_used")
CAME_BACK = "Access that was removed is there again"


@pytest.fixture
def okta(in_acme, reviewer):
    return system(owner=person_of(reviewer), reviewer_order=["system_owner"])


def reviewed(okta, grants, manager, reviewer, *, choice=KEEP, as_of=95):
    snapshot(okta, grants, as_of=days_ago(as_of))
    campaign = started(okta, actor=manager)
    decide_many(campaign.items.all(), choice, campaign=campaign, actor=reviewer)
    sign_off(campaign, actor=manager, reason_for_rest="Out of time")
    return campaign.refreshed()


def item_of(campaign, name):
    return Item.objects.get(campaign=campaign, subject_name=name)


def test_access_decided_before_is_as_last_time_and_new_access_was_never_reviewed(okta, manager, reviewer):
    anna, ben = person("Anna"), person("Ben")
    first = reviewed(okta, [grant(anna)], manager, reviewer)
    assert item_of(first, "Anna").change == "first"
    snapshot(okta, [grant(anna), grant(ben)])
    second = started(okta, actor=manager)
    assert (item_of(second, "Anna").change, item_of(second, "Anna").flags) == ("same", [])
    assert item_of(second, "Anna").previous == item_of(first, "Anna")
    assert (item_of(second, "Ben").change, item_of(second, "Ben").flags) == ("new", ["never_reviewed"])


def test_what_was_recorded_as_not_decided_was_never_reviewed(okta, manager, reviewer):
    boss = person("Anna")
    reviewed(okta, [grant(boss, privileged=True, last_used_at=days_ago(100))], manager, reviewer)
    snapshot(okta, [grant(boss, privileged=True, last_used_at=days_ago(1))])
    assert item_of(started(okta, actor=manager), "Anna").flags == ["never_reviewed"]


def test_in_the_first_review_of_a_system_nothing_is_flagged_as_never_reviewed(okta, manager, reviewer):
    reviewed(okta, [grant(person("Anna"))], manager, reviewer)
    aws = system("AWS", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(aws, [grant(person("Old"), granted_at=days_ago(400)), grant(person("Young"), granted_at=days_ago(30))])
    campaign = started(aws, actor=manager)
    assert item_of(campaign, "Old").flags == item_of(campaign, "Young").flags == []
    assert item_of(campaign, "Old").change == "first"


def test_access_that_should_have_gone_is_still_there(okta, manager, reviewer):
    anna = person("Anna")
    reviewed(okta, [grant(anna)], manager, reviewer, choice=REMOVE)
    snapshot(okta, [grant(anna)])
    assert item_of(started(okta, actor=manager), "Anna").change == "still_there"


def test_access_that_was_verified_removed_and_is_there_again_is_flagged(okta, manager, reviewer):
    anna = person("Anna")
    reviewed(okta, [grant(anna)], manager, reviewer, choice=REMOVE)
    gone = snapshot(okta, [grant(person("Ben"))], as_of=days_ago(40))
    changed(Removal.objects.get(), status="verified_removed", checked_snapshot=gone)
    snapshot(okta, [grant(anna)])
    item = item_of(started(okta, actor=manager), "Anna")
    assert (item.change, item.flags) == ("regranted", ["regranted"])


def test_who_signs_hears_of_access_that_came_back_until_a_review_asks_about_it(okta, manager, reviewer):
    anna = person("Anna")
    reviewed(okta, [grant(anna)], manager, reviewer, choice=REMOVE)
    gone = snapshot(okta, [grant(person("Ben"))], as_of=days_ago(40))
    changed(Removal.objects.get(), status="verified_removed", checked_snapshot=gone)
    assert CAME_BACK not in str(titles(manager))
    back = snapshot(okta, [grant(anna)])
    changed(Removal.objects.get(), regranted_at=back.as_of)
    assert CAME_BACK in str(titles(manager))
    assert CAME_BACK not in str(titles(reviewer))
    campaign = draft(okta, actor=manager)
    assert CAME_BACK in str(titles(manager))
    start_campaign(campaign, actor=manager)
    assert CAME_BACK not in str(titles(manager))


def test_who_signs_hears_of_a_review_that_is_late(okta, manager, reviewer):
    snapshot(okta, [grant(person("Anna")), grant(person("Ben"))])
    campaign = started(okta, actor=manager)
    late = f"{campaign.reference} is late: 2 of 2 items are undecided"
    assert late not in titles(manager)
    changed(campaign, due_on=manager.organization.today() - dt.timedelta(days=1))
    assert late in titles(manager)


def titles(member):
    return [entry.title for entry in inbox_of(member)]


def test_the_review_closes_when_its_last_removal_is_verified(okta, manager, reviewer):
    campaign = reviewed(okta, [grant(person("Anna")), grant(person("Ben"))], manager, reviewer, choice=REMOVE)
    later = snapshot(okta, [grant(person("Cleo"))])
    first, last = Removal.objects.order_by("reference")
    changed(first, status="verified_removed", checked_snapshot=later)
    close_checked(later, [first.pk])
    assert campaign.refreshed().status == "signed_off"
    changed(last, status="verified_removed", checked_snapshot=later)
    close_checked(later, [last.pk])
    assert campaign.refreshed().status == "closed"


def test_the_schedule_closes_what_has_nothing_open(okta, manager, reviewer, acme):
    campaign = reviewed(okta, [grant(person("Anna"))], manager, reviewer)
    close_finished(acme, days_ago(0))
    close_finished(acme, days_ago(0))
    closed = campaign.refreshed()
    assert (closed.status, closed.closed_by) == ("closed", None)
