"""Accounting for 100,000 deployments beside the bare SQL, and the gate beside a call that does nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from audit.actors import WORKER
from bench.deployments import DEPLOYMENTS, Deploying, deploying
from bench.harness import Case
from changes.deployments import reconcile
from tenancy.scope import settle_constraints, tenant

QUERIES = 5
# What says of each deployment whether a change with its commit was approved before, and no more than that.
_FLOOR = """
UPDATE changes_deployment d
SET change_id = c.id, matched_by = CASE WHEN c.id IS NULL THEN '' ELSE 'merge' END, notes = '{bot}',
  reason = CASE WHEN c.id IS NULL THEN 'no_change' WHEN c.approved_at <= d.deployed_at THEN 'approved' ELSE 'approved_later' END,
  classification = CASE WHEN c.id IS NULL THEN 'unmatched' WHEN c.approved_at <= d.deployed_at THEN 'approved_before'
    ELSE 'approved_after' END
FROM changes_deployment o LEFT JOIN changes_change c ON c.tenant_id = o.tenant_id AND c.merge_sha = o.commit AND c.merge_sha <> ''
WHERE o.tenant_id = %(tenant)s AND d.tenant_id = o.tenant_id AND d.id = o.id
"""


@contextmanager
def _undone(made: Deploying) -> Iterator[None]:
    with tenant(made.organization):
        yield
        transaction.set_rollback(True)


def reconciliation_100k() -> Case:
    """All of them fall into a class for the first time."""
    made = deploying()

    def run() -> None:
        with _undone(made):
            moves = reconcile.for_all(actor=WORKER)
            if not len(moves.keys) > DEPLOYMENTS * 0.8:
                raise RuntimeError(moves.told())

    def floor() -> None:
        with _undone(made), connection.cursor() as cursor:
            cursor.execute(_FLOOR, {"tenant": made.organization.pk})
            settle_constraints()

    return Case("reconciliation_100k", 3, run, floor)


def gate() -> Case:
    """One answer, which is kept and recorded, beside the call that says whose token it is."""
    made = deploying()
    settings.PLUMBLINE_API_RATE = 10**9
    client, headers = Client(), {"Authorization": f"Bearer {made.token}"}
    address = f"/api/changes/{made.reference}/gate?commit={made.commit}&environment=production"

    def run() -> None:
        answer = client.get(address, headers=headers)
        if not answer.json()["allowed"]:
            raise RuntimeError(answer.content[:500])

    def floor() -> None:
        client.get("/api/me", headers=headers)

    return Case("gate", 2, run, floor, rounds=200, max_queries=QUERIES)
