"""A campaign that asks 20,000 people against the bare INSERT..SELECT, and lists of 10,000 acknowledgements against 500."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction
from django.test import Client

from audit.record import record
from bench.harness import Case
from bench.policies import HASH, acknowledged, asking
from bench.world import client_of
from policies.acknowledging.asking import start_campaign
from policies.models import Acknowledgement, AcknowledgementCampaign
from tenancy.measuring import plan_anew
from tenancy.models import Organization
from tenancy.scope import Scope, now, settle_constraints, tenant

MOST_QUERIES = 12
LIMIT = 1.3
ADDRESSES = (
    "",
    "?state=open",
    "?state=overdue",
    "?state=confirmed",
    "?view=mine",
    "?q=person",
    "?order=confirmed_at",
    "?page=10",
)
_BARE = """
INSERT INTO policies_acknowledgement
  (id, tenant_id, campaign_id, person_id, due_on, status, content_hash, user_agent, certificate)
SELECT uuid_v7(), %(tenant)s, %(campaign)s, id, %(due)s, 'open', '', '', '' FROM inventory_person WHERE tenant_id = %(tenant)s
"""


def acknowledgement_20k() -> Case:
    """From the roster to a row for each of its people."""
    made = asking()
    organization = made.manager.organization
    due = organization.today()

    def run() -> None:
        with _undone(organization):
            start_campaign(made.version, actor=made.manager, due_on=due)
            settle_constraints()

    def floor() -> None:
        with _undone(organization) as scope, connection.cursor() as cursor:
            campaign = AcknowledgementCampaign.objects.create(
                policy_id=made.version.policy_id, version=made.version, content_hash=HASH, due_on=due, started_at=now()
            )
            cursor.execute(_BARE, {"tenant": scope.tenant_id, "campaign": campaign.pk, "due": due})
            record("acknowledgement_campaign.start", campaign, actor=made.manager)
            plan_anew(cursor.rowcount, Acknowledgement)
            settle_constraints()

    return Case("acknowledgement_20k", 2.0, run, floor)


def acknowledgements_list() -> Iterator[Case]:
    """One case for each address."""
    large, small = acknowledged()
    many, few = client_of(large.manager), client_of(small.manager)
    for address in ADDRESSES:
        path = f"policies/acknowledgements/{address}"
        yield Case(
            f"acknowledgements_list {path}",
            LIMIT,
            partial(_page, many, f"/o/bench-confirmed/{path}"),
            partial(_page, few, f"/o/bench-confirmed-few/{path}"),
            max_queries=MOST_QUERIES,
        )


@contextmanager
def _undone(organization: Organization) -> Iterator[Scope]:
    with tenant(organization) as scope:
        yield scope
        transaction.set_rollback(True)


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
