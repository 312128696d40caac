"""Twelve people sign off at once: one wins, the others are told, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from audit.models import AuditEvent
from inventory.models import Removal
from reviews.deciding.actions import decide, decide_many
from reviews.deciding.rules import KEEP, Choice
from reviews.models import Campaign, Item
from reviews.outputs.tasks import make_decision_report
from reviews.signoff.actions import sign_off
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused

PEOPLE = 12


@pytest.fixture(autouse=True)
def _no_reports(monkeypatch):
    """Twelve threads have better things to do than to print."""
    monkeypatch.setattr(make_decision_report, "delay_on_commit", lambda *_: None)


def prepared(grants: int) -> tuple[Organization, Campaign]:
    """A committed campaign whose items all wait for the reviewer."""
    organization = Organization.objects.get(slug="acme")
    with tenant(organization):
        okta = system(owner=person_of(Cast().reviewer), reviewer_order=["system_owner"])
        snapshot(okta, [grant(person(f"Person {number}")) for number in range(grants)])
        return organization, started(okta, actor=Cast().manager)


def at_once(count: int, act) -> list[str]:
    """Run `act(number)` in so many threads at the same moment; what each was told, empty when it went through."""
    barrier = Barrier(count)

    def run(number: int) -> str:
        try:
            barrier.wait(timeout=20)
            act(number)
        except ActionRefused as refusal:
            return refusal.sentence
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.slow
def test_one_of_twelve_sign_offs_wins(committed_db):
    organization, campaign = prepared(3)
    manager, reviewer = Cast().manager, Cast().reviewer
    with tenant(organization):
        decide_many(Item.objects.all(), Choice("revoke", reason_code="left"), campaign=campaign, actor=reviewer)

    def act(number: int) -> None:
        with tenant(organization):
            sign_off(Campaign.objects.get(pk=campaign.pk), actor=manager)

    told = at_once(PEOPLE, act)
    assert sorted(told)[0] == ""
    assert set(sorted(told)[1:]) == {f"{campaign.reference} is signed off: it cannot be signed off now."}
    with tenant(organization):
        assert AuditEvent.objects.filter(verb="campaign.sign_off").count() == 1
        assert Removal.objects.count() == 3


@pytest.mark.slow
def test_no_decision_slips_in_behind_a_sign_off(committed_db):
    organization, campaign = prepared(PEOPLE - 1)
    manager, reviewer = Cast().manager, Cast().reviewer
    with tenant(organization):
        items = list(Item.objects.all())

    def act(number: int) -> None:
        with tenant(organization):
            if number:
                decide(items[number - 1], KEEP, actor=reviewer)
            else:
                sign_off(Campaign.objects.get(pk=campaign.pk), actor=manager, reason_for_rest="Out of time")

    told = at_once(PEOPLE, act)
    assert told[0] == ""
    with tenant(organization):
        kept = Item.objects.filter(decision="retain").count()
        assert kept == sum(not sentence for sentence in told[1:])
        assert Item.objects.filter(decision="not_decided").count() == len(items) - kept
        assert not Item.objects.filter(decision="retain", decided_at__gt=Campaign.objects.get().signed_off_at).exists()
        assert AuditEvent.objects.filter(verb="item.decide").count() == kept
