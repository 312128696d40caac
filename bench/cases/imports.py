"""Import of 100,000 entitlements from CSV against COPY to a temporary table and INSERT..SELECT."""

from typing import Any

from django.db import connection

from audit.actions import action
from audit.record import record
from bench.harness import Case
from bench.world import PRODUCT, export, make_system, previewed, undone, world
from evidence.tables.rows import RowError
from inventory.models import Account, Entitlement, Snapshot, SnapshotFile
from inventory.snapshots.loading import _ACCOUNTS, _ENTITLEMENTS, _INCOMING, _KEYS, lines, load
from inventory.snapshots.reading import opened
from tenancy.measuring import plan_anew
from tenancy.scope import settle_constraints, tenant

ROWS = 100_000


def import_100k() -> Case:
    """Reading, checking, hashing and loading the file; matching is not counted."""
    place = world()
    with tenant(place.organization):
        system = make_system("Import", place.reviewers[0])
    snapshot = previewed(place, system, export(ROWS), ROWS)
    with tenant(place.organization):
        _begin(snapshot)
        files = list(SnapshotFile.objects.filter(snapshot=snapshot).select_related("file"))
        with opened(snapshot, files, place.organization.zone) as (result, _):
            accepted = [row for row in result if not isinstance(row, RowError)]
    content = "".join(f"{head}\t{rest}\n" for head, rest in lines(accepted, [])).encode()

    def run() -> None:
        with undone(place):
            load(snapshot, zone=place.organization.zone, actor=PRODUCT, progress=lambda _done, _total: None)

    def floor() -> None:
        with undone(place) as scope, connection.cursor() as cursor:
            facts: dict[str, Any] = {
                "tenant": scope.tenant_id,
                "system": system.pk,
                "snapshot": snapshot.pk,
                "as_of": snapshot.as_of,
            }
            cursor.execute(_INCOMING)
            with cursor.copy("COPY snapshot_incoming FROM STDIN") as copy:
                copy.write(content)
            cursor.execute("ANALYZE snapshot_incoming")
            cursor.execute(_ACCOUNTS, facts)
            cursor.execute(_KEYS, facts)
            cursor.execute("ANALYZE snapshot_account")
            cursor.execute(_ENTITLEMENTS, facts)
            plan_anew(ROWS, Account, Entitlement)
            record("snapshot.finish", snapshot, actor=PRODUCT)
            settle_constraints()

    return Case("import_100k", 2.5, run, floor)


@action
def _begin(snapshot: Snapshot) -> None:
    Snapshot.IMPORT.apply(snapshot, actor=PRODUCT)
