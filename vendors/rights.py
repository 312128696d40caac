"""Who may see and work on vendors."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from audit.models import AuditEvent
from inventory.models import Person
from tenancy.models import TenantModel
from ui.refusals import ActionRefused
from vendors.models import Vendor, VendorKey
from workflow.delegations.kinds import Kind
from workflow.delegations.looking import had_care

REQUEST, READ, WRITE, APPROVE = "vendors.request", "vendors.read", "vendors.write", "vendors.approve"
# Everybody may open the list: it holds what they have asked for and what they own. `visible_to` decides.
EVERYBODY = "home.read"
HAD = "was_with"  # in the event of handing on: the id of the member who had it
_ASKING = ("vendor.request", "vendor.import", "vendor.reopen")


def mine(member: Any) -> Q:
    """Those that a member has asked for, owns, or has in their care."""
    return Q(requested_by_id=member.id) | Q(owner__member_id=member.id) | Q(pk__in=list(member.entrusted))


def visible_to(member: Any) -> QuerySet[Vendor]:
    """The vendors that a member may see, with their owners."""
    everything = Vendor.objects.select_related("owner")
    return everything if member.can(READ) else everything.filter(mine(member))


def authorise(actor: Actor, about: TenantModel | None = None, permission: str = WRITE) -> None:
    """Raise ActionRefused unless the actor holds the permission, or has the vendor in their care that this is about."""
    if not actor.can(permission, about.care_key if about else None):
        raise ActionRefused("Your role does not allow this.")


def why_not_decide(actor: Actor, vendor: Vendor) -> str:
    """Why this actor may not decide on it; empty when they may. Load the owner.

    Whoever ever asked for it, and whoever it is or ever was with or in the care of, does not: handing it on changes nothing.
    """
    if actor.id is None:
        return "A person has to decide."
    if vendor.requested_by_id == actor.id:
        return "You asked for it: somebody else decides."
    if vendor.owner is not None and vendor.owner.member_id == actor.id:
        return "It is with you: somebody else decides."
    if Vendor.objects.filter(_had_part(actor.id), pk=vendor.pk).exists():
        return "You once asked for it, or it was with you or in your care: somebody else decides."
    return ""


def decidable_by(member: Member, rows: QuerySet[Vendor]) -> QuerySet[Vendor]:
    """Those of some vendors on which a member may decide, as `why_not_decide` says."""
    return rows.exclude(requested_by=member).exclude(owner__member=member).exclude(_had_part(member.pk))


def handed_on(owner: Person | None) -> dict[str, str]:
    """What the event says of whoever had a vendor that is handed on."""
    return {HAD: str(owner.member_id)} if owner is not None and owner.member_id else {}


def _had_part(member_id: UUID) -> Q:
    """Vendors in which a member ever had a part."""
    events = AuditEvent.objects.filter(_part_of(member_id), object_id=OuterRef("pk"))
    return Q(Exists(events)) | Q(Exists(had_care(member_id).filter(subject_id=OuterRef("pk"))))


def _part_of(member_id: UUID) -> Q:
    """The events by which a member had a part in a vendor. What people write cannot look like this: its quotes are escaped."""
    return Q(verb__in=_ASKING, actor_id=member_id) | Q(verb="vendor.edit", body__contains=f'"{HAD}":"{member_id}"')


def owns(actor: Actor, vendor: Vendor) -> bool:
    """Whether it is with this actor, who may act."""
    return actor.can(REQUEST) and actor.id is not None and vendor.owner is not None and vendor.owner.member_id == actor.id


# Who decides on vendors stays apart: that goes into nobody's care.
KIND = Kind("vendor", "Vendor", Vendor, (READ, WRITE), WRITE, owns, lambda vendor: vendor.is_over)


def may_rotate(actor: Actor, key: VendorKey) -> bool:
    """Whether this actor may say that a key was rotated: who keeps the register, whom it is with, the vendor's guardian.

    Each by a right to act, so that a token which only looks at what waits for oneself writes nothing. Load the owner.
    """
    own = key.owner is not None and actor.id is not None and key.owner.member_id == actor.id
    return actor.can(WRITE, key.care_key) or (own and actor.can(REQUEST))


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None
