"""Who may see and work on vendors."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from audit.models import AuditEvent
from inventory.models import Person
from ui.refusals import ActionRefused
from vendors.models import Vendor, VendorKey

REQUEST, READ, WRITE, APPROVE = "vendors.request", "vendors.read", "vendors.write", "vendors.approve"
# Everybody may open the list: it holds what they have asked for and what they own. `visible_to` decides.
EVERYBODY = "home.read"
HAD = "was_with"  # in the event of handing on: the id of the member who had it
_ASKING = ("vendor.request", "vendor.reopen")


def mine(member: Any) -> Q:
    """Those that a member has asked for or owns."""
    return Q(requested_by_id=member.id) | Q(owner__member_id=member.id)


def visible_to(member: Any) -> QuerySet[Vendor]:
    """The vendors that a member may see, with their owners."""
    everything = Vendor.objects.select_related("owner")
    return everything if member.can(READ) else everything.filter(mine(member))


def authorise(actor: Actor, permission: str = WRITE) -> None:
    """Raise ActionRefused unless the actor holds the permission."""
    if not actor.can(permission):
        raise ActionRefused("Your role does not allow this.")


def why_not_decide(actor: Actor, vendor: Vendor) -> str:
    """Why this actor may not decide on it; empty when they may. Load the owner.

    Whoever ever asked for it, and whoever it is or ever was with, does not: handing it on changes nothing.
    """
    if actor.id is None:
        return "A person has to decide."
    if vendor.requested_by_id == actor.id:
        return "You asked for it: somebody else decides."
    if vendor.owner is not None and vendor.owner.member_id == actor.id:
        return "It is with you: somebody else decides."
    if AuditEvent.objects.filter(_part_of(actor.id), object_id=vendor.pk).exists():
        return "You once asked for it, or it was with you: somebody else decides."
    return ""


def decidable_by(member: Member, rows: QuerySet[Vendor]) -> QuerySet[Vendor]:
    """Those of some vendors on which a member may decide, as `why_not_decide` says."""
    had_part = Exists(AuditEvent.objects.filter(_part_of(member.pk), object_id=OuterRef("pk")))
    return rows.exclude(requested_by=member).exclude(owner__member=member).exclude(had_part)


def handed_on(owner: Person | None) -> dict[str, str]:
    """What the event says of whoever had a vendor that is handed on."""
    return {HAD: str(owner.member_id)} if owner is not None and owner.member_id else {}


def _part_of(member_id: UUID) -> Q:
    """The events by which a member had a part in a vendor. What people write cannot look like this: its quotes are escaped."""
    return Q(verb__in=_ASKING, actor_id=member_id) | Q(verb="vendor.edit", body__contains=f'"{HAD}":"{member_id}"')


def may_rotate(actor: Actor, key: VendorKey) -> bool:
    """Whether this actor may say that a key was rotated: who keeps the register, and whom it is with. Load the owner.

    Both by a right to act, so that a token which only looks at what waits for oneself writes nothing.
    """
    own = key.owner is not None and actor.id is not None and key.owner.member_id == actor.id
    return actor.can(WRITE) or (own and actor.can(REQUEST))


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None
