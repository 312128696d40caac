"""Whether access that seems gone from a later population is there under another writing, or has something new in its place.

A source may write one and the same id, role or resource otherwise in its next export: with capitals, a zero-width sign, another
form of the same letter. SQL finds what is equal; here is looked at what is alike. Only the rows of the accounts in question are
fetched, in three statements however many removals there are.
"""

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from inventory.models import Removal, Snapshot
from inventory.snapshots.findings import CLAIMED, Facts, Status
from tenancy.scope import current_tenant_id

NAMED = 3
_INVISIBLE = frozenset({"Cc", "Cf"})
Key = tuple[str, str]
Place = tuple[uuid.UUID, uuid.UUID]  # the population that was reviewed, and the account
# Both sides are read by snapshot and hashed: probing one by one would be planned by statistics from before the load.
_NEW_ACCOUNTS = """
SELECT base.id, account.id, account.account_id, account.name, account.email_key
FROM unnest(%(bases)s::uuid[]) AS base (id)
CROSS JOIN LATERAL (
  SELECT account_id FROM inventory_entitlement WHERE tenant_id = %(tenant)s AND snapshot_id = %(snapshot)s
  EXCEPT
  SELECT account_id FROM inventory_entitlement WHERE tenant_id = %(tenant)s AND snapshot_id = base.id
) AS fresh
JOIN inventory_account account ON account.tenant_id = %(tenant)s AND account.id = fresh.account_id
"""
_ROWS = """
SELECT e.snapshot_id, e.account_id, e.entitlement_key, e.role, e.resource, e.no_access, e.account_state
FROM unnest(%(snapshots)s::uuid[], %(accounts)s::uuid[]) AS asked (snapshot_id, account_id)
CROSS JOIN LATERAL (
  SELECT * FROM inventory_entitlement one WHERE one.tenant_id = %(tenant)s AND one.account_id = asked.account_id
    AND one.snapshot_id = asked.snapshot_id ORDER BY one.position
) AS e
"""


class Row(NamedTuple):
    """One entitlement of an account."""

    key: str
    role: str
    resource: str
    no_access: bool
    state: str

    @property
    def exact(self) -> Key:
        """What tells it from any other of its account."""
        return self.key, self.resource

    @property
    def alike(self) -> set[Key]:
        """What it is compared by: its key and its role, each with the resource."""
        resource = folded(self.resource)
        return {(folded(self.key), resource), (folded(self.role), resource)}

    @property
    def named(self) -> str:
        """For a sentence."""
        return f"“{self.role} on {self.resource}”" if self.resource else f"“{self.role}”"


class _Marked(NamedTuple):
    """A removal, as far as it is compared."""

    id: uuid.UUID
    base: uuid.UUID
    account: uuid.UUID
    account_id: str
    email: str
    key: str
    role: str
    resource: str
    kind: str
    target_role: str

    @property
    def place(self) -> Place:
        """Its account in the population that was reviewed."""
        return self.base, self.account


class _Twin(NamedTuple):
    """Another account of the later population that the reviewed one did not have."""

    account: uuid.UUID
    name: str
    by_id: bool


@dataclass(slots=True)
class _Found:
    """What the populations hold of the accounts in question."""

    twins: dict[Place, list[_Twin]] = field(default_factory=dict)
    rows: dict[Place, list[Row]] = field(default_factory=dict)


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """A name as it is compared: one form of each letter, without signs nobody sees, without capitals."""
    if text.isascii() and text.isprintable():
        return text.strip().lower()
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in _INVISIBLE)
    return unicodedata.normalize("NFKC", seen.casefold()).strip()


def looked_closer(facts: Sequence[Facts], snapshot: Snapshot) -> list[Facts]:
    """The same facts, with what is alike or new for those whose access seems gone."""
    unsure = {one.id: one for one in facts if not one.has_access and one.status in {*CLAIMED, Status.REQUESTED}}
    fresh = _fresh({one.base.id for one in unsure.values()}, snapshot) if unsure else []
    asked = unsure if fresh else {key for key, one in unsure.items() if one.account_seen}
    if not asked:
        return list(facts)
    columns = ("account__account_id", "account__email_key", "entitlement_key", "role", "resource", "kind", "target_role")
    rows = Removal.objects.filter(pk__in=list(asked)).values_list("pk", "base_snapshot_id", "account_id", *columns)
    marked = {row[0]: _Marked(*row) for row in rows}
    found = _Found(_twins(marked.values(), fresh))
    known = {one.place for one in marked.values() if unsure[one.id].account_seen}
    _fetch(found, known | found.twins.keys(), snapshot)
    return [_closer(one, marked[one.id], found, snapshot) if one.id in marked else one for one in facts]


def _fresh(bases: Iterable[uuid.UUID | None], snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """Accounts with access that the reviewed populations did not have, for each of these."""
    asked: dict[str, Any] = {"tenant": current_tenant_id(), "snapshot": snapshot.pk, "bases": list(bases)}
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ACCOUNTS, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _twins(marked: Iterable[_Marked], fresh: Iterable[tuple[Any, ...]]) -> dict[Place, list[_Twin]]:
    """Accounts that may be those of the removals under another writing. One that was there before is somebody else's."""
    by_id: dict[tuple[uuid.UUID, str], set[uuid.UUID]] = defaultdict(set)
    by_email: dict[tuple[uuid.UUID, str], set[uuid.UUID]] = defaultdict(set)
    for one in marked:
        by_id[one.base, folded(one.account_id)].add(one.account)
        if one.email:
            by_email[one.base, folded(one.email)].add(one.account)
    twins: dict[Place, list[_Twin]] = defaultdict(list)
    for base, key, account_id, name, email in fresh:
        same = by_id.get((base, folded(account_id)), set())
        mailed = by_email.get((base, folded(email)), set()) if email else set()
        for account in (same | mailed) - {key}:
            twins[base, account].append(_Twin(key, name or account_id, account in same))
    return dict(twins)


def _fetch(found: _Found, places: Iterable[Place], snapshot: Snapshot) -> None:
    """The rows of the accounts that are there now, and of the same before."""
    wanted: set[Place] = set()
    for place in places:
        wanted |= {place, (snapshot.pk, place[1])}
        wanted |= {(snapshot.pk, twin.account) for twin in found.twins.get(place, ())}
    if not wanted:
        return
    snapshots, accounts = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"tenant": current_tenant_id(), "snapshots": list(snapshots), "accounts": list(accounts)})
        for snapshot_id, account, *values in cursor.fetchall():
            found.rows.setdefault((snapshot_id, account), []).append(Row(*values))


def _closer(facts: Facts, removal: _Marked, found: _Found, snapshot: Snapshot) -> Facts:
    place = removal.place
    twins = found.twins.get(place, [])
    if not twins and not facts.account_seen:
        return facts
    own = [(row, "") for row in found.rows.get((snapshot.pk, removal.account), ())]
    own += [(row, twin.name) for twin in twins if twin.by_id for row in found.rows.get((snapshot.pk, twin.account), ())]
    mailed = [(row, twin) for twin in twins if not twin.by_id for row in found.rows.get((snapshot.pk, twin.account), ())]
    compared = _Compared(removal, found.rows.get(place, ()))
    same = [(row, name) for row, name in own if compared.is_same(row)]
    states = {row.state for row, _ in same if row.no_access and row.state}
    there = next(((row, name) for row, name in same if not row.no_access), None)
    new = [row.named for row, _ in own if compared.is_new(row)]
    new += [
        f"{row.named} of the account {twin.name}, which has the same e-mail"
        for row, twin in mailed
        if not row.no_access and (not own or compared.is_of_its_role(row))
    ]
    return replace(
        facts,
        account_seen=bool(own),
        has_access=there is not None,
        has_without_access=bool(facts.has_without_access or any(row.no_access for row, _ in same)),
        states=sorted({*facts.states, *states}),
        written=_written(removal, *there) if there else "",
        new=tuple(new[:NAMED]) + ((f"{len(new) - NAMED} more",) if len(new) > NAMED else ()),
    )


class _Compared:
    """One removal against the rows of its account in the population that was reviewed."""

    def __init__(self, removal: _Marked, before: Iterable[Row]) -> None:
        self._whole = not removal.key
        self._marked = (removal.key, removal.resource)
        self._alike = Row(removal.key, removal.role, removal.resource, no_access=False, state="").alike
        self._roles = {folded(removal.key), folded(removal.role)}
        self._target = folded(removal.target_role) if removal.kind == Removal.Kind.CHANGE else None
        self._resource = folded(removal.resource)
        before = list(before)
        self._others = {row.exact for row in before} - {self._marked}
        self._known = {key for row in before for key in row.alike}

    def is_same(self, row: Row) -> bool:
        """Whether it is the marked one, however it is written. What was another one before still is."""
        if self._whole:
            return True
        if row.exact in self._others or self._is_target(row):
            return False
        return not self._alike.isdisjoint(row.alike)

    def is_new(self, row: Row) -> bool:
        """Whether it gives access that the account did not have when it was reviewed, and that was not asked for."""
        if row.no_access or self._is_target(row) or self.is_same(row):
            return False
        return row.exact not in self._others and self._known.isdisjoint(row.alike)

    def is_of_its_role(self, row: Row) -> bool:
        """Whether it is what was marked, on whatever resource."""
        return self._whole or bool({folded(row.key), folded(row.role)} & self._roles)

    def _is_target(self, row: Row) -> bool:
        return folded(row.role) == self._target and folded(row.resource) == self._resource


def _written(removal: _Marked, row: Row, account: str) -> str:
    """How it is written there, where that differs."""
    here = [f"the account is {account}"] if account else []
    if removal.key and (row.role, row.resource) != (removal.role, removal.resource):
        here.append(f"the role is {row.named}")
    return " and ".join(here)
