"""Removals: asked for, claimed done, accepted by name, handed on, taken back. Verifying them is the snapshots' part."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record, record_many
from evidence.models import StoredFile
from inventory.models import Account, Person, Removal, Snapshot
from inventory.people.identity import addresses, who
from inventory.removals.due import review_due
from inventory.removals.mail import tell_assigned, tell_assignees
from inventory.removals.rights import may_work, worker
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.references import next_references

LONGEST_ACCEPTANCE = dt.timedelta(days=365)
NOT_YOURS = "This removal is with somebody else, and your role does not allow working on it."


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRequest:
    """What must go, and why. Without `entitlement_key` it is the whole account.

    `account` brings its system (with owner) and person along. `due_on` and `assignee` have defaults: counted from today
    by severity, and the system's owner.
    """

    account: Account
    base_snapshot: Snapshot
    reason: str
    kind: str = Removal.Kind.REMOVE
    origin: str = Removal.Origin.REVIEW
    entitlement_key: str = ""
    resource: str = ""
    role: str = ""
    part: str = ""
    target_role: str = ""
    urgent: bool = False
    source_kind: str = ""
    source_id: uuid.UUID | None = None
    due_on: dt.date | None = None
    assignee: Person | None = None


def request_removals(entries: Iterable[RemovalRequest], actor: Actor) -> list[Removal]:
    """Open one removal for each entry, with an event each, and tell the assignees by one mail each.

    Part of a caller's action: it opens no savepoint of its own.
    """
    wanted = list(entries)
    if not wanted:
        return []
    today = current_organization().today()
    references = next_references("REM", str(today.year), len(wanted))
    removals = [_removal(entry, reference, actor, today) for entry, reference in zip(wanted, references, strict=True)]
    Removal.objects.bulk_create(removals, batch_size=1000)
    record_many("removal.request", actor=actor, entries=[_entry(removal) for removal in removals])
    tell_assignees(removals)
    return removals


def _removal(entry: RemovalRequest, reference: str, actor: Actor, today: dt.date) -> Removal:
    account = entry.account
    owner = account.system.owner
    if owner is not None and owner.has_left(today):
        owner = None
    return Removal(
        reference=reference,
        kind=entry.kind,
        origin=entry.origin,
        severity=Removal.Severity.URGENT if entry.urgent else Removal.Severity.NORMAL,
        system=account.system,
        account=account,
        person=account.person,
        entitlement_key=entry.entitlement_key,
        resource=entry.resource,
        role=entry.role,
        part=entry.part,
        base_snapshot=entry.base_snapshot,
        target_role=entry.target_role,
        reason=entry.reason,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        assignee=entry.assignee or owner,
        requested_by_id=actor.id,
        requested_at=now(),
        due_on=entry.due_on or review_due(today, urgent=entry.urgent),
    )


def _entry(removal: Removal) -> Entry:
    return Entry(
        removal._meta.label_lower,
        removal.pk,
        removal.reference,
        after={
            "status": removal.status,
            "kind": removal.kind,
            "system": removal.system.name,
            "account": removal.account.name,
            "person": removal.person.name if removal.person else None,
            "access": removal.access,
            "target_role": removal.target_role or None,
            "reason": removal.reason,
            "due_on": removal.due_on,
            "assignee": removal.assignee.name if removal.assignee else None,
        },
        metadata={
            "account_id": removal.account.account_id,
            "origin": removal.origin,
            "source_kind": removal.source_kind,
            "source_id": removal.source_id,
        },
    )


@action
def claim(removal: Removal, *, actor: Actor, note: str = "", file: StoredFile | None = None) -> None:
    """Say that it was done at the source. A later full export must show it before it counts as removed."""
    if not may_work(actor, removal):
        raise ActionRefused(NOT_YOURS)
    Removal.CLAIM.apply(
        removal,
        actor=worker(actor, removal),
        claimed_by_id=actor.id,
        claimed_at=now(),
        claim_note=note.strip(),
        claim_file_id=file.pk if file else None,
        metadata={"file_sha256": file.sha256} if file else None,
        finding="",
    )


@action
def unclaim(removal: Removal, *, actor: Actor, reason: str) -> None:
    """Take a claim back before it was checked."""
    if not may_work(actor, removal):
        raise ActionRefused(NOT_YOURS)
    Removal.UNCLAIM.apply(removal, actor=worker(actor, removal), note=stated(reason), claimed_by_id=None, claimed_at=None)


@action
def accept(removal: Removal, *, actor: Actor, reason: str, until: dt.date) -> None:
    """Accept by name that access stays, for a reason and until a day in the future; nobody accepts their own access."""
    Removal.ACCEPT.authorise(actor)
    if isinstance(actor, Member) and _is_own(removal, actor):
        raise ActionRefused("You cannot accept your own access: somebody else has to.")
    today = current_organization().today()
    if until <= today:
        raise ActionRefused("Choose a day in the future: an acceptance ends.", field="until")
    if until > today + LONGEST_ACCEPTANCE:
        raise ActionRefused("Access is accepted for a year at most; then somebody looks at it anew.", field="until")
    Removal.ACCEPT.apply(
        removal,
        actor=actor,
        accepted_by_id=actor.id,
        accepted_reason=stated(reason),
        accepted_until=until,
        closed_at=now(),
    )


def _is_own(removal: Removal, member: Member) -> bool:
    """Whether the access is this member's: as it was asked for, as the account has been matched since, or by its e-mail."""
    me = who(member=member)
    account = Account.objects.select_related("person__member__user").get(pk=removal.account_id)
    people = [one for one in (removal.person, account.person) if one is not None]
    return any(me.same(who(person=one)) for one in people) or not me.keys.isdisjoint(addresses([account.email_key]))


@action
def reassign(removal: Removal, *, actor: Actor, assignee: Person, reason: str) -> None:
    """Hand a removal to somebody else, with a reason, and tell them."""
    if not may_work(actor, removal):
        raise ActionRefused(NOT_YOURS)
    locked = Removal.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=removal.pk)
    refuse_over(locked)
    if assignee.has_left(current_organization().today()):
        raise ActionRefused(f"{assignee.name} has left.", field="assignee")
    if locked.assignee_id == assignee.pk:
        raise ActionRefused(f"It is with {assignee.name} already.", field="assignee")
    before = {"assignee": locked.assignee.name if locked.assignee else None}
    locked.assignee = removal.assignee = assignee
    locked.save(update_fields=["assignee"])
    after = {"assignee": assignee.name}
    event = record("removal.reassign", locked, actor=actor, before=before, after=after, note=stated(reason))
    tell_assigned(locked, key=str(event.pk))


def refuse_over(removal: Removal) -> None:
    """Raise ActionRefused unless somebody still has to work on it."""
    if not removal.is_open:
        raise ActionRefused(f"{removal} is over: nobody has to work on it.")


def withdraw(removals: Iterable[Removal], *, actor: Actor, reason: str) -> int:
    """Drop leavers' removals whose person is back. Part of a caller's action; returns how many."""
    found = list(removals)
    for removal in found:
        Removal.WITHDRAW.apply(removal, actor=actor, note=reason, closed_at=now())
    return len(found)
