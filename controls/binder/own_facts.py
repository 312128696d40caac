"""Facts that the controls' own layer and those below it hold: shared accounts, and whether the trail could be deleted from."""

import datetime as dt
from collections.abc import Iterator

from django.db import connection
from django.urls import reverse

from controls.binder.facts import Fact, Outcome
from controls.models import AuditPeriod
from inventory.models import Entitlement, Snapshot, System

# Per table of the trail: whether the trigger is there and fires, and what the application's role may do beside adding.
_GUARDS = """
SELECT c.relname,
       EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only' AND t.tgenabled IN ('O', 'A')),
       has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')
FROM pg_class c
WHERE c.oid = 'audit_event'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit_event'::regclass)
"""


def shared_accounts(_period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Accounts that several people use, in the latest population of each system in use."""
    systems = System.objects.filter(status=System.Status.ACTIVE)
    imported = Snapshot.objects.filter(status=Snapshot.Status.IMPORTED, system__in=systems)
    latest = imported.order_by("system_id", "-as_of", "-id").distinct("system_id")
    snapshots = list(latest.values_list("pk", flat=True))
    if not snapshots:
        yield Fact(Outcome.UNKNOWN, "No system's accounts have been imported.", reverse("inventory:snapshot-list"))
        return
    rows = Entitlement.objects.filter(snapshot__in=snapshots, account__kind="shared", no_access=False)
    found = sorted(set(rows.values_list("snapshot__system__name", "account__name")))
    if found:
        named = ", ".join(f"{name} ({system})" for system, name in found[:4]) + (" and more" if len(found) > 4 else "")
        count = "1 shared account is" if len(found) == 1 else f"{len(found)} shared accounts are"
        yield Fact(Outcome.BROKEN, f"{count} in use: {named}.", reverse("inventory:system-list"))
    missing = systems.exclude(pk__in=imported.values("system")).count()
    if missing:
        yield Fact(Outcome.UNKNOWN, f"The accounts of {missing} of {systems.count()} systems have not been imported.")
    elif not found:
        yield Fact(Outcome.HOLDS, f"No shared account in the latest populations of {len(snapshots)} systems.")


def trail_is_kept(_period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether the database refuses to change and delete events, seen at the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS)
        tables = cursor.fetchall()
    open_tables = sorted(name for name, guarded, allowed in tables if allowed or not guarded)
    url = reverse("audit:list")
    if open_tables:
        yield Fact(Outcome.BROKEN, f"Events could be changed or deleted in {', '.join(open_tables[:3])}.", url)
    else:
        yield Fact(
            Outcome.HOLDS,
            f"The database refuses to change or delete events of Plumbline's own trail ({len(tables)} tables).",
            url,
        )
