"""Verification of 10,000 removals against a population of 100,000, against the bare SQL."""

from typing import Any

from django.db import connection
from django.db.models import F

from audit.actions import action
from audit.record import Entry, record_many
from bench.harness import Case
from bench.world import PRODUCT, World, export, imported, make_system, previewed, undone, world
from inventory.models import Entitlement, Removal, Snapshot
from inventory.removals.actions import RemovalRequest, request_removals
from inventory.snapshots.loading import load
from inventory.snapshots.verification import verify_removals
from tenancy.scope import now, settle_constraints, tenant

ROWS = 100_000
REMOVALS = 10_000

_UPDATE = """
UPDATE inventory_removal r SET status = CASE WHEN seen THEN 'still_active' ELSE 'verified_removed' END, checked_at = now(),
       checked_snapshot_id = %(snapshot)s, finding = 'The access is no longer in the export.', times_reopened = seen::int
FROM (
  SELECT m.id, EXISTS (SELECT 1 FROM inventory_entitlement e WHERE e.tenant_id = %(tenant)s AND e.snapshot_id = %(snapshot)s
    AND e.account_id = m.account_id AND e.entitlement_key = m.entitlement_key AND NOT e.no_access) AS seen
  FROM inventory_removal m WHERE m.tenant_id = %(tenant)s AND m.system_id = %(system)s AND m.status = 'claimed'
) AS found WHERE found.id = r.id
"""
_EVENTS = """
INSERT INTO audit_event (id, tenant_id, at, body, verb, result, actor_id, actor_name, object_kind, object_id, object_name)
SELECT uuid_v7(), tenant_id, now() + row_number() OVER () * interval '1 microsecond', %(body)s || id::text,
       'removal.check', 'success', NULL, 'benchmark', 'inventory.removal', id, reference
FROM inventory_removal WHERE tenant_id = %(tenant)s AND system_id = %(system)s
"""


def verification_10k() -> Case:
    """Nine in ten are gone, one in ten is still there."""
    place = world()
    with tenant(place.organization):
        system = make_system("Verification", place.reviewers[2])
    before = imported(place, system, export(ROWS), ROWS)
    with tenant(place.organization):
        _request(before)
    later = previewed(place, system, export(ROWS, without=REMOVALS * 9 // 10), ROWS - REMOVALS * 9 // 10)
    with tenant(place.organization):
        _load(later, place)
    later = _again(place, later)

    def run() -> None:
        with undone(place):
            checked = verify_removals(later, PRODUCT)
            if checked.removed + checked.still_active != REMOVALS:
                raise RuntimeError(str(checked))

    def floor() -> None:
        with undone(place) as scope, connection.cursor() as cursor:
            facts: dict[str, Any] = {"tenant": scope.tenant_id, "system": system.pk, "snapshot": later.pk, "body": "x" * 700}
            cursor.execute(_UPDATE, facts)
            cursor.execute(_EVENTS, facts)
            settle_constraints()

    return Case("verification_10k", 3.0, run, floor)


@action
def _request(snapshot: Snapshot) -> None:
    """10,000 removals, claimed a moment before the later export."""
    rows = Entitlement.objects.filter(snapshot=snapshot).select_related("account__system", "account__person")
    removals = request_removals(
        [
            RemovalRequest(
                account=row.account,
                base_snapshot=snapshot,
                reason="Benchmark",
                entitlement_key=row.entitlement_key,
                resource=row.resource,
                role=row.role,
                part=row.part,
            )
            for row in rows.order_by("row_number")[:REMOVALS]
        ],
        PRODUCT,
    )
    ids = [removal.pk for removal in removals]
    Removal.objects.filter(pk__in=ids).update(status="claimed", claimed_at=F("requested_at"))
    record_many("removal.claim", actor=PRODUCT, entries=[Entry("inventory.removal", key, "") for key in ids])


@action
def _load(snapshot: Snapshot, place: World) -> None:
    """Only the load: what follows an import is what this case measures."""
    Snapshot.IMPORT.apply(snapshot, actor=PRODUCT)
    load(snapshot, zone=place.organization.zone, actor=PRODUCT, progress=lambda _done, _total: None)


def _again(place: World, snapshot: Snapshot) -> Snapshot:
    with tenant(place.organization):
        found = Snapshot.objects.select_related("system").get(pk=snapshot.pk)
    if not found.verifies or found.as_of > now():
        raise RuntimeError(f"The later population does not verify: {found.incomplete_reasons}")
    return found
