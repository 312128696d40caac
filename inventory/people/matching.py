"""Whose account is whose: by e-mail and confirmed alias in one statement, and by hand where those do not suffice.

What somebody has confirmed is remembered on the account and never overridden.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from inventory.models import Account, Person, PersonAlias, Removal, Snapshot
from inventory.models.removal import OPEN
from inventory.removals.actions import withdraw
from inventory.removals.leavers import open_leaver_removals
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused

MATCH = "people.match"
CONFIRMED = "confirmed"

# The e-mail decides before an alias, an alias of the e-mail before one of the user name. NFC and lower case as in
# evidence.tables.text.email_key.
_MATCH = """
WITH found AS (
  SELECT a.id, a.name, a.kind AS old_kind, a.person_id AS old_person,
         coalesce(p.id, by_email.person_id, by_name.person_id) AS person,
         CASE WHEN p.id IS NOT NULL THEN 'email'
              WHEN coalesce(by_email.person_id, by_name.person_id) IS NOT NULL THEN 'alias' ELSE '' END AS matched_by
  FROM inventory_account a
  LEFT JOIN inventory_person p ON p.tenant_id = a.tenant_id AND p.email_key = a.email_key AND a.email_key <> ''
  LEFT JOIN inventory_personalias by_email
    ON by_email.tenant_id = a.tenant_id AND by_email.key = a.email_key AND a.email_key <> ''
  LEFT JOIN inventory_personalias by_name
    ON by_name.tenant_id = a.tenant_id AND by_name.key = lower(normalize(btrim(a.name), NFC))
  WHERE a.tenant_id = %(tenant)s AND a.matched_by <> 'confirmed'
    AND (%(snapshot)s::uuid IS NULL OR a.last_snapshot_id = %(snapshot)s::uuid)
)
UPDATE inventory_account a
SET person_id = found.person, matched_by = found.matched_by,
    kind = CASE WHEN found.person IS NULL THEN 'unmatched' ELSE 'person' END
FROM found
WHERE a.tenant_id = %(tenant)s AND a.id = found.id
  AND (a.person_id IS DISTINCT FROM found.person OR a.matched_by <> found.matched_by)
RETURNING a.id, a.name, found.old_kind, found.old_person, a.kind, a.person_id, a.matched_by
"""


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """Accounts whose match changed, and leavers' removals that were opened thereby."""

    changed: int
    removals: int


def match_accounts(snapshot: Snapshot, actor: Actor) -> MatchCounts:
    """Match the accounts of a snapshot just loaded, and open removals for leavers. Part of the import's action."""
    return _match(actor, snapshot)


def match_all(actor: Actor) -> MatchCounts:
    """Match every account anew, after the roster or an alias has changed. Part of a caller's action."""
    return _match(actor, None)


def matched_by_address(addresses: Mapping[uuid.UUID, str]) -> set[uuid.UUID]:
    """Those of the people (address by person, in its normal form) who have an account that is matched by just this address."""
    accounts = Account.objects.filter(matched_by="email", person__in=addresses).values_list("person_id", "email_key")
    return {person for person, key in accounts if addresses[person] == key}


def keep_addresses(addresses: Mapping[uuid.UUID, str], actor: Actor) -> None:
    """Make former addresses, by which accounts are matched, confirmed ones: a changed e-mail loses no match.

    One that is somebody's own by now is theirs. Part of a caller's action, before it matches anew.
    """
    wanted = {key: addresses[key] for key in matched_by_address(addresses)}
    taken = set(Person.objects.filter(email_key__in=wanted.values()).values_list("email_key", flat=True))
    taken |= set(PersonAlias.objects.filter(key__in=wanted.values()).values_list("key", flat=True))
    kept = [
        PersonAlias(person_id=person, key=key, confirmed_by_id=actor.id) for person, key in wanted.items() if key not in taken
    ]
    PersonAlias.objects.bulk_create(kept)
    names = _names(alias.person_id for alias in kept)
    kind = Person._meta.label_lower
    entries = [Entry(kind, alias.person_id, names[alias.person_id], after={"alias": alias.key}) for alias in kept]
    record_many("person.add_alias", actor=actor, entries=entries)


def _match(actor: Actor, snapshot: Snapshot | None) -> MatchCounts:
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, {"tenant": current_tenant_id(), "snapshot": snapshot.pk if snapshot else None})
        rows = cursor.fetchall()
    names = _names(row[index] for row in rows for index in (3, 5))
    record_many("account.match", actor=actor, entries=[_matched(row, names) for row in rows])
    _drop_stale([row[0] for row in rows if row[3] is not None], actor)
    return MatchCounts(len(rows), len(open_leaver_removals(actor)))


def _names(people: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    return dict(Person.objects.filter(pk__in={key for key in people if key}).values_list("pk", "name"))


def _matched(row: tuple[uuid.UUID, str, str, uuid.UUID, str, uuid.UUID, str], names: dict[uuid.UUID, str]) -> Entry:
    key, name, old_kind, old_person, kind, person, matched_by = row
    return Entry(
        Account._meta.label_lower,
        key,
        name,
        before={"kind": old_kind, "person": names.get(old_person)},
        after={"kind": kind, "person": names.get(person)},
        metadata={"matched_by": matched_by, "person_id": person},
    )


def _drop_stale(accounts: Iterable[uuid.UUID], actor: Actor) -> None:
    """Withdraw leavers' removals of accounts that have turned out not to be theirs."""
    stale = Removal.objects.filter(account__in=list(accounts), origin=Removal.Origin.LEAVER, status__in=OPEN)
    gone = [removal for removal in stale.select_related("account") if removal.account.person_id != removal.person_id]
    withdraw(gone, actor=actor, reason="The account does not belong to the person who left.")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One account and what it was confirmed to be: a person's, or shared or service with an owner."""

    account: Account
    kind: str
    person: Person | None = None
    owner: Person | None = None


@action
def confirm(confirmations: Iterable[Confirmation], *, actor: Actor) -> int:
    """Confirm whose accounts these are, one event each; later snapshots keep to it. Returns how many."""
    _may_match(actor)
    wanted = list(confirmations)
    if not wanted:
        raise ActionRefused("There is nothing to confirm.")
    entries = [_confirm(one, actor) for one in wanted]
    record_many("account.confirm_match", actor=actor, entries=entries)
    _drop_stale([one.account.pk for one in wanted], actor)
    open_leaver_removals(actor, people=[one.person for one in wanted if one.person])
    return len(entries)


def _confirm(one: Confirmation, actor: Actor) -> Entry:
    account = Account.objects.select_for_update(of=("self",)).select_related("person", "owner").get(pk=one.account.pk)
    if account.person_id != (one.person.pk if one.person else None):
        refuse_own(account.person, actor)
    before = _match_of(account)
    account.kind, account.person, account.owner = one.kind, one.person, one.owner
    account.matched_by, account.confirmed_by_id, account.confirmed_at = CONFIRMED, actor.id, now()
    account.save(update_fields=["kind", "person", "owner", "matched_by", "confirmed_by", "confirmed_at"])
    return Entry(account._meta.label_lower, account.pk, account.name, before=before, after=_match_of(account))


@action
def forget(accounts: Iterable[Account], *, actor: Actor) -> int:
    """Take confirmations back; what e-mail and alias say holds again. Returns how many."""
    _may_match(actor)
    found = list(Account.objects.filter(pk__in=[a.pk for a in accounts], matched_by=CONFIRMED).select_related("person", "owner"))
    if not found:
        raise ActionRefused("None of these accounts was confirmed by hand.")
    entries = []
    for account in found:
        refuse_own(account.person, actor)
        before = _match_of(account)
        account.kind, account.person, account.owner, account.matched_by = Account.Kind.UNMATCHED, None, None, ""
        account.confirmed_by, account.confirmed_at = None, None
        account.save(update_fields=["kind", "person", "owner", "matched_by", "confirmed_by", "confirmed_at"])
        after = _match_of(account)
        entries.append(Entry(account._meta.label_lower, account.pk, account.name, before=before, after=after))
    record_many("account.forget_match", actor=actor, entries=entries)
    _drop_stale([account.pk for account in found], actor)
    match_all(actor)
    return len(found)


def refuse_own(person: Person | None, actor: Actor) -> None:
    """Raise ActionRefused when an account is to be taken off the actor: they could decide on it as if it were not theirs."""
    if person is not None and actor.id is not None and person.member_id == actor.id:
        raise ActionRefused("Nobody says of their own account that it is not theirs: ask another compliance manager.")


def _match_of(account: Account) -> dict[str, str | None]:
    return {
        "kind": account.kind,
        "person": account.person.name if account.person else None,
        "owner": account.owner.name if account.owner else None,
    }


def _may_match(actor: Actor) -> None:
    if not actor.can(MATCH):
        raise ActionRefused("Only a compliance manager confirms whose account is whose.")
