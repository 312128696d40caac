"""A bulk decision on 10,000 items, one event each, against the bare UPDATE and INSERT..SELECT."""

from typing import Any

from django.db import connection

from bench.harness import Case
from bench.world import PRODUCT, export, imported, make_system, member_of, started, undone, world
from inventory.models import System
from inventory.systems.actions import edit_system
from reviews.deciding.actions import decide_many
from reviews.deciding.rules import Choice
from reviews.models import Item
from tenancy.scope import settle_constraints, tenant

ROWS = 10_000
CHOICE = Choice(decision="revoke", reason_code="not_used")

_EVENTS = """
INSERT INTO audit_event (id, tenant_id, at, body, verb, result, actor_id, actor_name, object_kind, object_id, object_name)
SELECT uuid_v7(), tenant_id, now() + row_number() OVER () * interval '1 microsecond', %(body)s || id::text, 'item.decide',
       'success', %(actor)s, 'reviewer', 'reviews.item', id, subject_name
FROM reviews_item WHERE campaign_id = %(campaign)s
"""
_UPDATE = """
UPDATE reviews_item SET decision = 'revoke', reason_code = 'not_used', decider_id = reviewer_id, decided_by_id = %(actor)s,
       decided_at = now(), decided_in_bulk = true WHERE campaign_id = %(campaign)s
"""


def bulk_decision_10k() -> Case:
    """All items of one reviewer, removed in bulk."""
    place = world()
    reviewer = place.reviewers[1]
    member = member_of(reviewer)
    with tenant(place.organization):
        system = make_system("Bulk", reviewer)
        edit_system(system, actor=PRODUCT, reviewer_order=["system_owner"])
        system = System.objects.get(pk=system.pk)
    imported(place, system, export(ROWS), ROWS)
    campaign = started(place, [system])
    facts: dict[str, Any] = {"campaign": campaign.pk, "actor": member.pk, "body": "x" * 700}

    def run() -> None:
        with undone(place):
            result = decide_many(Item.objects.filter(campaign=campaign), CHOICE, campaign=campaign, actor=member)
            if len(result.done) != ROWS:
                raise RuntimeError(f"{len(result.done)} decided, {len(result.refused)} refused.")

    def floor() -> None:
        with undone(place), connection.cursor() as cursor:
            cursor.execute(_UPDATE, facts)
            cursor.execute(_EVENTS, facts)
            settle_constraints()

    return Case("bulk_decision_10k", 4.0, run, floor)
