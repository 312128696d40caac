"""Loading a population: COPY into a temporary table, then INSERT..SELECT, in one transaction with its one event.

The path of a row is kept lean: 100,000 rows are ordinary. The digest is made of the very rows while they stream.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import connection

from audit.actions import action
from audit.actors import Actor
from evidence.tables.rows import RowError
from evidence.tables.text import email_key
from inventory.formats.rows import EntitlementRow, ReadResult
from inventory.models import Account, Entitlement, Snapshot, SnapshotFile, System
from inventory.snapshots.completeness import judge
from inventory.snapshots.reading import Progress, opened
from inventory.snapshots.repeating import repeat_of
from tenancy.measuring import plan_anew
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused

BATCH = 1000
EMAIL_KEY_LENGTH = 500
NULL: Final = "\0N"  # no text of a file has a NUL, so that none can pass for SQL's null
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_BOOLEANS: Final = {None: NULL, True: "t", False: "f"}
_INCOMING = """
CREATE TEMPORARY TABLE snapshot_incoming (
  position int, account_id text, part text, row_number int, entitlement_key text, role text, meaning text, resource text,
  privileged boolean, account_state text, no_access boolean, last_used_at timestamptz, last_used_state text,
  granted_at timestamptz, granted_by text, owner_email text,
  account_name text, display_name text, email text, email_key text
) ON COMMIT DROP
"""
# An older population that is imported late leaves the newer names alone.
_ACCOUNTS = """
INSERT INTO inventory_account (id, tenant_id, system_id, account_id, name, display_name, email, email_key, kind,
                               matched_by, first_snapshot_id, last_snapshot_id)
SELECT uuid_v7(), %(tenant)s, %(system)s, account_id, account_name, display_name, email, email_key, 'unmatched', '',
       %(snapshot)s, %(snapshot)s
FROM (SELECT DISTINCT ON (account_id) * FROM snapshot_incoming ORDER BY account_id, (email = ''), position) AS one
ON CONFLICT (tenant_id, system_id, account_id) DO UPDATE
SET name = EXCLUDED.name, display_name = EXCLUDED.display_name, email = EXCLUDED.email, email_key = EXCLUDED.email_key,
    last_snapshot_id = EXCLUDED.last_snapshot_id
WHERE (SELECT as_of FROM inventory_snapshot AS last WHERE last.id = inventory_account.last_snapshot_id) <= %(as_of)s
"""
# The planner's statistics know nothing of accounts made a moment ago: joined directly, 100,000 rows take minutes.
_KEYS = """
CREATE TEMPORARY TABLE snapshot_account ON COMMIT DROP AS
SELECT id, account_id FROM inventory_account WHERE tenant_id = %(tenant)s AND system_id = %(system)s
"""
_ENTITLEMENTS = """
INSERT INTO inventory_entitlement (id, tenant_id, snapshot_id, account_id, position, part, row_number, entitlement_key,
    role, meaning, resource, privileged, account_state, no_access, last_used_at, last_used_state, granted_at, granted_by,
    owner_email)
SELECT uuid_v7(), %(tenant)s, %(snapshot)s, account.id, i.position, i.part, i.row_number, i.entitlement_key,
    i.role, i.meaning, i.resource, i.privileged, i.account_state, i.no_access, i.last_used_at, i.last_used_state,
    i.granted_at, i.granted_by, i.owner_email
FROM snapshot_incoming AS i
JOIN snapshot_account AS account ON account.account_id = i.account_id
ORDER BY i.position
"""


@action
def load(snapshot: Snapshot, *, zone: str, actor: Actor, progress: Progress) -> None:
    """Import all accepted rows, or nothing. Raises ActionRefused when the files no longer read as previewed.

    One at a time for each system; the snapshot's row is locked, so that nobody takes back an import under way.
    """
    system = System.objects.select_for_update(no_key=True).get(pk=snapshot.system_id)
    locked = Snapshot.objects.select_for_update(of=("self",), no_key=True).get(pk=snapshot.pk)
    if locked.status != Snapshot.Status.IMPORTING:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: it cannot be loaded now.")
    files = list(SnapshotFile.objects.filter(snapshot=locked).select_related("file"))
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with opened(locked, files, zone) as (result, _):
            # No query may run on the connection while COPY has it: psycopg would wait for itself.
            digest = _copy(cursor, lines(_accepted(result), system.no_access_states), locked.rows_accepted, progress)
            _compare(locked, result)
        cursor.execute("ANALYZE snapshot_incoming")
        facts: dict[str, Any] = {
            "tenant": current_tenant_id(),
            "system": locked.system_id,
            "snapshot": locked.pk,
            "as_of": locked.as_of,
        }
        cursor.execute(_ACCOUNTS, facts)
        cursor.execute(_KEYS, facts)
        cursor.execute("ANALYZE snapshot_account")
        cursor.execute(_ENTITLEMENTS, facts)
        cursor.execute("DROP TABLE snapshot_incoming, snapshot_account")
    plan_anew(locked.rows_accepted, Account, Entitlement)
    _finish(locked, digest, actor)


def lines(rows: Iterable[EntitlementRow], no_access_states: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(what the digest covers, the rest) of each row, from position 1, as PostgreSQL's COPY text has them."""
    states = {state.lower() for state in no_access_states}
    for position, row in enumerate(rows, 1):
        used, granted = row.last_used_at, row.granted_at
        covered = (
            str(position),
            row.account_id,
            row.part,
            str(row.row_number),
            row.entitlement_key,
            row.role,
            row.meaning,
            row.resource,
            _BOOLEANS[row.privileged],
            row.account_state,
            "t" if row.account_state in states else "f",
            used.isoformat() if used else NULL,
            row.last_used_state,
            granted.isoformat() if granted else NULL,
            row.granted_by,
            row.owner_email,
        )
        rest = (row.account_name, row.display_name, row.email, email_key(row.email)[:EMAIL_KEY_LENGTH])
        yield _joined(covered), _joined(rest)


def digest_of(snapshot: Snapshot) -> str:
    """SHA-256 over the ordered rows as the database has them now; equals `snapshot.digest` unless one was changed."""
    digest = hashlib.sha256()
    rows = Entitlement.objects.filter(snapshot=snapshot).select_related("account").order_by("position")
    for row in rows.iterator(chunk_size=2000):
        used, granted = row.last_used_at, row.granted_at
        covered = (
            str(row.position),
            row.account.account_id,
            row.part,
            str(row.row_number),
            row.entitlement_key,
            row.role,
            row.meaning,
            row.resource,
            _BOOLEANS[row.privileged],
            row.account_state,
            _BOOLEANS[row.no_access],
            used.isoformat() if used else NULL,
            row.last_used_state,
            granted.isoformat() if granted else NULL,
            row.granted_by,
            row.owner_email,
        )
        digest.update(f"{_joined(covered)}\n".encode())
    return digest.hexdigest()


def _joined(cells: tuple[str, ...]) -> str:
    """The cells by tabs; escaped one by one only when one of them needs it."""
    text = "\t".join(cells)
    if "\\" in text or "\n" in text or "\r" in text or text.count("\t") != len(cells) - 1:
        text = "\t".join(cell.translate(_ESCAPES) for cell in cells)
    return text.replace(NULL, "\\N")


def _accepted(result: ReadResult[EntitlementRow]) -> Iterator[EntitlementRow]:
    return (row for row in result if not isinstance(row, RowError))


def _copy(cursor: Any, rows: Iterable[tuple[str, str]], total: int, progress: Progress) -> str:
    """Stream the rows into the temporary table; returns the digest of what it covers."""
    digest = hashlib.sha256()
    incoming: list[str] = []
    covered: list[str] = []
    with cursor.copy("COPY snapshot_incoming FROM STDIN") as copy:
        for done, (head, rest) in enumerate(rows, 1):
            covered.append(head)
            incoming.append(f"{head}\t{rest}")
            if done % BATCH == 0:
                _flush(copy, digest, covered, incoming)
                progress(done, total)
        _flush(copy, digest, covered, incoming)
    return digest.hexdigest()


def _flush(copy: Any, digest: Any, covered: list[str], incoming: list[str]) -> None:
    if not incoming:
        return
    digest.update(("\n".join(covered) + "\n").encode())
    copy.write(("\n".join(incoming) + "\n").encode())
    covered.clear()
    incoming.clear()


def _compare(snapshot: Snapshot, result: ReadResult[EntitlementRow]) -> None:
    read = (result.accepted, result.rejected, result.duplicates)
    if read != (snapshot.rows_accepted, snapshot.rows_rejected, snapshot.rows_duplicate):
        raise ActionRefused("The files do not read as they did for the preview. Read them again, and look at the preview.")


def _finish(snapshot: Snapshot, digest: str, actor: Actor) -> None:
    reasons, repeat = judge(snapshot).reasons(snapshot), repeat_of(snapshot)
    counts = ("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "account_count", "stated_count")
    files = {file.name: file.file.sha256 for file in SnapshotFile.objects.filter(snapshot=snapshot).select_related("file")}
    Snapshot.FINISH.apply(
        snapshot,
        actor=actor,
        digest=digest,
        complete=not reasons,
        incomplete_reasons=reasons,
        notices=[*snapshot.notices, *([repeat.notice] if repeat else [])],
        imported_at=now(),
        metadata={**{name: getattr(snapshot, name) for name in counts}, "files": files, "as_of": snapshot.as_of},
    )
