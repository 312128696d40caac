"""Reviews and their decisions as populations for testing."""

import datetime as dt

from reviews.deciding.actions import decide_many
from reviews.deciding.rules import Choice
from reviews.models import Item
from reviews.populations import access_decisions, access_reviews
from tests.reviews.world import draft, grant, person, person_of, snapshot, started, system

DAY = dt.timedelta(days=1)


def test_a_review_belongs_to_the_period_in_which_its_quarter_ends(in_acme, manager, reviewer):
    okta = system(owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada"), "Admin"), grant(person("Ben"), "User")])
    draft(okta, actor=manager, name="Only a draft")
    campaign = started(okta, actor=manager, name="Quarter")
    decide_many(Item.objects.all(), Choice("revoke", reason_code="left"), campaign=campaign, actor=reviewer)
    end = campaign.period_to
    (row,) = access_reviews(end, end).rows
    assert row[:2] == (campaign.reference, "Quarter")
    assert row[6] == "2"
    decisions = list(access_decisions(end, end).rows)
    assert [one[0] for one in decisions] == [f"{campaign.reference}/1", f"{campaign.reference}/2"]
    assert {(one[4], one[7], one[8], one[9]) for one in decisions} == {
        ("Ada", "Remove", "Left", "Reviewer Acme"),
        ("Ben", "Remove", "Left", "Reviewer Acme"),
    }
    assert list(access_reviews(end - 9 * DAY, end - DAY).rows) == []
    assert list(access_decisions(end + DAY, end + DAY).rows) == []
