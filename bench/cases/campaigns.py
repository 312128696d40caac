"""A campaign of 100,000 items, and a reviewer's page in it."""

from functools import cache

from django.db import connection

from audit.record import record
from bench.harness import Case
from bench.world import PRODUCT, World, client_of, export, imported, make_system, member_of, started, undone, world
from inventory.models import System
from reviews.campaigns.populate import populate_campaign
from reviews.campaigns.population import _INSERT, stage
from reviews.deciding.reassign import reassign_items
from reviews.models import Campaign, Item
from tenancy.measuring import plan_anew
from tenancy.scope import settle_constraints, tenant

ROWS = 100_000
PAGE_QUERIES = 15


@cache
def system_of(rows: int) -> System:
    """A system with a complete population of that many entitlements."""
    place = world()
    with tenant(place.organization):
        system = make_system(f"System of {rows}", place.reviewers[0])
    imported(place, system, export(rows), rows)
    return system


@cache
def campaign_of(rows: int) -> Campaign:
    """A campaign under way over that many items, each with the line manager."""
    return started(world(), [system_of(rows)])


def campaign_100k() -> Case:
    """From a snapshot to items with reviewer, flags and change."""
    place = world()
    campaign = started(place, [system_of(ROWS)], populate=False)
    with tenant(place.organization), connection.cursor() as cursor:
        stage(campaign, place.organization.today())
        cursor.execute("CREATE TEMPORARY TABLE bench_population AS SELECT * FROM review_population")
        cursor.execute("ANALYZE bench_population")
    insert = _INSERT.replace("review_population", "bench_population")

    def run() -> None:
        with undone(place):
            populate_campaign(Campaign.objects.get(pk=campaign.pk), actor=PRODUCT)

    def floor() -> None:
        with undone(place) as scope, connection.cursor() as cursor:
            cursor.execute(insert, {"tenant": scope.tenant_id, "campaign": campaign.pk, "after": 0, "upto": ROWS})
            record("campaign.populate", campaign, actor=PRODUCT)
            plan_anew(ROWS, Item)
            settle_constraints()

    return Case("campaign_100k", 2.0, run, floor)


def page_of_50() -> Case:
    """The page of a reviewer with 1,000 items in a campaign of 100,000, against one of 1,000."""
    place = world()
    large, small = campaign_of(ROWS), campaign_of(1_000)
    with tenant(place.organization):
        everything_to_first(small, place)
    client = client_of(member_of(place.reviewers[0]))

    def page(campaign: Campaign) -> None:
        response = client.get(f"/o/bench/reviews/{campaign.pk}/decide/?size=50")
        if response.status_code != 200 or response.content.count(b"<tr") < 50:
            raise RuntimeError(f"The page answered {response.status_code}.")

    return Case("page_of_50", 1.3, lambda: page(large), lambda: page(small), max_queries=PAGE_QUERIES, rounds=31)


def everything_to_first(campaign: Campaign, place: World) -> None:
    """Give all items of the small campaign to the reviewer who has 1,000 in the large one."""
    items = Item.objects.filter(campaign=campaign).exclude(reviewer=place.reviewers[0])
    result = reassign_items(items, campaign=campaign, to=place.reviewers[0], reason="Benchmark", actor=place.manager)
    if result.refused:
        raise RuntimeError("The benchmark's items could not be reassigned.")
