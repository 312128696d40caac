"""Comparing removals with a later complete population: one query for the facts, one UPDATE for the states.

The only place besides Transition where a removal's state is set: 10,000 at once, each with an event of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from inventory.models import Removal, Snapshot
from inventory.snapshots.completeness import parts_of
from inventory.snapshots.findings import Facts, Finding, Population, find
from inventory.snapshots.hooks import tell_checked
from tenancy.scope import current_tenant_id, now
from workflow.outbox import queue_mail

Judged = tuple[Facts, Finding]
NAMED_IN_MAIL = 20
# Whole-account removals have no key: every entitlement of the account counts. A change keeps the key of the source
# where only the role differs, so the target role under the same key is not the old right.
_FACTS = """
WITH mine AS MATERIALIZED (
  SELECT r.* FROM inventory_removal r
  WHERE r.tenant_id = %(tenant)s AND r.system_id = %(system)s AND r.checked_snapshot_id IS DISTINCT FROM %(snapshot)s
    AND (r.status IN ('requested', 'claimed', 'still_active', 'cannot_be_verified')
         OR (r.status IN ('verified_removed', 'verified_changed') AND r.regranted_at IS NULL))
  FOR NO KEY UPDATE
), bases AS (
  SELECT b.id, b.identified_by, array_agg(DISTINCT f.part) AS parts
  FROM inventory_snapshot b JOIN inventory_snapshotfile f ON f.tenant_id = b.tenant_id AND f.snapshot_id = b.id
  WHERE b.tenant_id = %(tenant)s AND b.id IN (SELECT base_snapshot_id FROM mine) GROUP BY b.id
), seen AS (
  SELECT mine.id,
    bool_or(e.id IS NOT NULL) AS account_seen,
    bool_or(old.is_it AND NOT e.no_access) AS has_access,
    bool_or(old.is_it AND e.no_access) AS has_without_access,
    bool_or(mine.kind = 'change' AND lower(e.role) = lower(mine.target_role) AND e.resource = mine.resource
            AND NOT e.no_access) AS has_target,
    array_agg(DISTINCT e.account_state) FILTER (WHERE old.is_it AND e.no_access AND e.account_state <> '') AS states
  FROM mine
  LEFT JOIN inventory_entitlement e
    ON e.tenant_id = %(tenant)s AND e.snapshot_id = %(snapshot)s AND e.account_id = mine.account_id
  CROSS JOIN LATERAL (SELECT
    mine.entitlement_key = '' OR (e.entitlement_key = mine.entitlement_key AND e.resource = mine.resource
      AND NOT (mine.kind = 'change' AND lower(e.role) = lower(mine.target_role))) AS is_it) AS old
  GROUP BY mine.id
)
SELECT mine.id, mine.reference, mine.status, mine.kind, mine.role, mine.target_role, mine.requested_at, mine.claimed_at,
  mine.regranted_at, checked.as_of, mine.part, coalesce(bases.parts, '{}'), coalesce(bases.identified_by, ''), account.name,
  coalesce(account_seen, false), coalesce(has_access, false), coalesce(has_without_access, false),
  coalesce(has_target, false), coalesce(states, '{}')
FROM mine
JOIN seen ON seen.id = mine.id
JOIN inventory_account account ON account.tenant_id = %(tenant)s AND account.id = mine.account_id
LEFT JOIN bases ON bases.id = mine.base_snapshot_id
LEFT JOIN inventory_snapshot checked ON checked.tenant_id = %(tenant)s AND checked.id = mine.checked_snapshot_id
ORDER BY mine.reference
"""
_UPDATE = """
UPDATE inventory_removal r
SET status = f.status, finding = f.finding, checked_snapshot_id = %(snapshot)s, checked_at = %(now)s,
    times_reopened = r.times_reopened + f.reopened::int, regranted_at = coalesce(r.regranted_at, f.regranted_at),
    closed_at = CASE WHEN f.status IN ('verified_removed', 'verified_changed') THEN coalesce(r.closed_at, %(now)s) END
FROM removal_finding f WHERE r.tenant_id = %(tenant)s AND r.id = f.id
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many removals came to which state."""

    removed: int = 0
    changed: int = 0
    still_active: int = 0
    cannot: int = 0
    regranted: int = 0

    @property
    def sentence(self) -> str:
        """For the message at the end of an import; empty when nothing was judged."""
        parts = (
            (self.removed, "verified removed"),
            (self.changed, "verified changed"),
            (self.still_active, "still active"),
            (self.cannot, "cannot be verified"),
            (self.regranted, "granted again"),
        )
        said = ", ".join(f"{count} {words}" for count, words in parts if count)
        return f"Removals: {said}." if said else ""


def verify_removals(snapshot: Snapshot, actor: Actor) -> Checked:
    """Compare the open and the verified removals of the system with this population, which must verify (complete, not waived).

    Repeating it changes nothing: a removal is checked once against each population.
    """
    if not snapshot.verifies:
        return Checked()
    population = Population(snapshot.system.name, snapshot.as_of, frozenset(parts_of(snapshot)), snapshot.identified_by)
    judged = [(facts, finding) for facts in _facts(snapshot) if (finding := find(facts, population)) is not None]
    if judged:
        _settle(snapshot, judged, actor=actor)
    return _count(judged)


def _facts(snapshot: Snapshot) -> Iterable[Facts]:
    arguments = {"tenant": current_tenant_id(), "system": snapshot.system_id, "snapshot": snapshot.pk}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, arguments)
        return [Facts(*row) for row in cursor.fetchall()]


@action
def _settle(snapshot: Snapshot, judged: Sequence[Judged], *, actor: Actor) -> None:
    """Store what was found, with one event for each removal, and tell those who must know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE removal_finding (id uuid, status text, finding text, reopened boolean,"
            " regranted_at timestamptz) ON COMMIT DROP"
        )
        with cursor.copy("COPY removal_finding FROM STDIN") as copy:
            for facts, finding in judged:
                copy.write_row(_update(facts, finding, snapshot))
        cursor.execute("ANALYZE removal_finding")
        cursor.execute(_UPDATE, {"tenant": current_tenant_id(), "snapshot": snapshot.pk, "now": now()})
        cursor.execute("DROP TABLE removal_finding")
    record_many("removal.check", actor=actor, entries=[_entry(facts, finding, snapshot) for facts, finding in judged])
    _tell(snapshot, "still active", [facts for facts, finding in judged if _reopened(facts, finding)])
    _tell(snapshot, "granted again", [facts for facts, finding in judged if finding.regranted])
    tell_checked(snapshot, [facts.id for facts, _ in judged])


def _update(facts: Facts, finding: Finding, snapshot: Snapshot) -> tuple[Any, ...]:
    return (
        facts.id,
        finding.status or facts.status,
        finding.sentence,
        _reopened(facts, finding),
        snapshot.as_of if finding.regranted else None,
    )


def _reopened(facts: Facts, finding: Finding) -> bool:
    """A claim that proved wrong; one that was reopened before is not reopened again."""
    return finding.status == Removal.Status.STILL_ACTIVE and facts.status != Removal.Status.STILL_ACTIVE


def _entry(facts: Facts, finding: Finding, snapshot: Snapshot) -> Entry:
    return Entry(
        "inventory.removal",
        facts.id,
        facts.reference,
        before={"status": facts.status},
        after={"status": finding.status or facts.status, "finding": finding.sentence},
        metadata={"snapshot": str(snapshot.pk), "digest": snapshot.digest, "regranted": finding.regranted},
    )


def _count(judged: Sequence[Judged]) -> Checked:
    def having(status: str) -> int:
        return sum(finding.status == status for _, finding in judged)

    return Checked(
        removed=having(Removal.Status.VERIFIED_REMOVED),
        changed=having(Removal.Status.VERIFIED_CHANGED),
        still_active=having(Removal.Status.STILL_ACTIVE),
        cannot=having(Removal.Status.CANNOT_BE_VERIFIED),
        regranted=sum(finding.regranted for _, finding in judged),
    )


def _tell(snapshot: Snapshot, what: str, removals: Sequence[Facts]) -> None:
    """One e-mail to each compliance manager for each population and matter."""
    if not removals:
        return
    shown = [f"- {facts.reference}: {facts.account_name}, {facts.role or 'the whole account'}" for facts in removals]
    more = [f"and {len(shown) - NAMED_IN_MAIL} more"] if len(shown) > NAMED_IN_MAIL else []
    amount = "1 removal" if len(removals) == 1 else f"{len(removals)} removals"
    text = (
        f"The population of {snapshot.system.name} as of {snapshot.as_of:%Y-%m-%d %H:%M} UTC shows access that was reported"
        f" removed: {amount} {what}.\n\n" + "\n".join([*shown[:NAMED_IN_MAIL], *more]) + "\n"
    )
    managers = Member.objects.active().filter(organization_id=current_tenant_id()).having("compliance_manager")
    for manager in managers.select_related("user"):
        queue_mail(
            to=manager.email,
            subject=f"{snapshot.system.name}: {amount} {what}",
            text=text,
            key=f"removal.{what.replace(' ', '_')}:{snapshot.pk}:{manager.pk}",
        )
