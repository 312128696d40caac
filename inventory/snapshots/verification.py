"""Comparing removals with a later complete population: one query for the facts, one UPDATE for the states.

The only place besides Transition where a removal's state is set: 10,000 at once, each with an event of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from inventory.models import Removal, Snapshot
from inventory.removals.mail import compliance_managers
from inventory.snapshots.completeness import columns_of, filters_of, parts_of
from inventory.snapshots.findings import Base, Facts, Finding, Population, export_of, find, is_before_claim
from inventory.snapshots.hooks import tell_checked
from inventory.snapshots.likeness import looked_closer
from inventory.snapshots.repeating import is_unconfirmed
from tenancy.scope import current_tenant_id, now
from ui.values import exact
from workflow.outbox import queue_mail

Judged = tuple[Facts, Finding]
NAMED_IN_MAIL = 20
_BASE = 11  # the place of base_snapshot_id in a row of _FACTS
# Whole-account removals have no key: every entitlement of the account counts. A change keeps the key of the source
# where only the role differs, so the target role under the same key is not the old right.
# The aggregate of one removal is a probe of an index. A join would be planned by statistics that cannot know the
# population just loaded, and may compare each removal with each entitlement.
_FACTS = """
SELECT r.id, r.reference, r.status, r.kind, r.role, r.target_role, r.requested_at, r.claimed_at, r.regranted_at,
  checked.as_of, r.part, r.base_snapshot_id, account.name,
  account_seen, coalesce(has_access, false), coalesce(has_without_access, false),
  coalesce(has_target, false), coalesce(states, '{}')
FROM inventory_removal r
JOIN inventory_account account ON account.tenant_id = r.tenant_id AND account.id = r.account_id
LEFT JOIN inventory_snapshot checked ON checked.tenant_id = r.tenant_id AND checked.id = r.checked_snapshot_id
CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS account_seen,
    bool_or(is_it AND NOT no_access) AS has_access,
    bool_or(is_it AND no_access) AS has_without_access,
    bool_or(is_target AND NOT no_access) AS has_target,
    array_agg(DISTINCT account_state) FILTER (WHERE is_it AND no_access AND account_state <> '') AS states
  FROM (
    SELECT e.no_access, e.account_state,
      r.kind = 'change' AND lower(e.role) = lower(r.target_role) AND e.resource = r.resource AS is_target,
      r.entitlement_key = '' OR (e.entitlement_key = r.entitlement_key AND e.resource = r.resource
        AND NOT (r.kind = 'change' AND lower(e.role) = lower(r.target_role))) AS is_it
    FROM inventory_entitlement e
    WHERE e.tenant_id = %(tenant)s AND e.snapshot_id = %(snapshot)s AND e.account_id = r.account_id
  ) AS one
) AS seen
WHERE r.tenant_id = %(tenant)s AND r.system_id = %(system)s AND r.checked_snapshot_id IS DISTINCT FROM %(snapshot)s
  AND (r.status IN ('requested', 'claimed', 'still_active', 'cannot_be_verified')
       OR (r.status IN ('verified_removed', 'verified_changed') AND r.regranted_at IS NULL))
ORDER BY r.reference
FOR NO KEY UPDATE OF r
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
    too_early: int = 0  # claimed when the population had been taken already, or at that moment

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
        found = [f"Removals: {said}."] if said else []
        return " ".join([*found, *([_too_early(self.too_early)] if self.too_early else [])])


def verify_removals(snapshot: Snapshot, actor: Actor) -> Checked:
    """Compare the open and the verified removals of the system with this population, which must verify (complete, not waived).

    Files that were imported before prove nothing new, unless somebody said that the source gave the same again.
    Repeating it changes nothing: a removal is checked once against each population.
    """
    if not snapshot.verifies or is_unconfirmed(snapshot):
        return Checked()
    named = export_of(snapshot.system.name, snapshot.as_of)
    population = Population(
        named, snapshot.as_of, frozenset(parts_of(snapshot)), snapshot.identified_by, columns_of(snapshot), filters_of(snapshot)
    )
    known = _facts(snapshot)
    judged = [(facts, finding) for facts in looked_closer(known, snapshot) if (finding := find(facts, population)) is not None]
    if judged:
        _settle(snapshot, judged, actor=actor)
    return replace(_count(judged), too_early=sum(is_before_claim(facts, population) for facts in known))


def _too_early(count: int) -> str:
    """What the import says of removals that were claimed after the population had been taken."""
    if count == 1:
        return "1 removal could not be judged by it: it was claimed done after this export was taken."
    return f"{count:,} removals could not be judged by it: they were claimed done after this export was taken."


def _facts(snapshot: Snapshot) -> list[Facts]:
    """What is known of each removal of the system that may be judged, its row locked."""
    arguments = {"tenant": current_tenant_id(), "system": snapshot.system_id, "snapshot": snapshot.pk}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, arguments)
        rows = cursor.fetchall()
    found = Snapshot.objects.filter(pk__in={row[_BASE] for row in rows}).prefetch_related("files")
    bases = {one.pk: Base(frozenset(parts_of(one)), one.identified_by, columns_of(one), filters_of(one), one.pk) for one in found}
    complete = [(*row[:_BASE], bases[row[_BASE]], *row[_BASE + 1 :]) for row in rows]
    return [Facts(*values) for values in complete]


@action
def _settle(snapshot: Snapshot, judged: Sequence[Judged], *, actor: Actor) -> None:
    """Store what was found, with one event for each removal, and tell those who must know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE removal_finding (id uuid PRIMARY KEY, status text, finding text, reopened boolean,"
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
        f"The population of {snapshot.system.name} as of {exact(snapshot.as_of)} shows access that was reported"
        f" removed: {amount} {what}.\n\n" + "\n".join([*shown[:NAMED_IN_MAIL], *more]) + "\n"
    )
    for manager in compliance_managers():
        queue_mail(
            to=manager.email,
            subject=f"{snapshot.system.name}: {amount} {what}",
            text=text,
            key=f"removal.{what.replace(' ', '_')}:{snapshot.pk}:{manager.pk}",
        )
