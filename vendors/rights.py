"""Who may see and work on vendors."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from ui.refusals import ActionRefused
from vendors.models import Vendor, VendorKey

REQUEST, READ, WRITE, APPROVE = "vendors.request", "vendors.read", "vendors.write", "vendors.approve"
# Everybody may open the list: it holds what they have asked for and what they own. `visible_to` decides.
EVERYBODY = "home.read"


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
    """Why this actor may not decide on it; empty when they may. Whoever asked for it or owns it does not. Load the owner."""
    if actor.id is not None and vendor.requested_by_id == actor.id:
        return "You asked for it: somebody else decides."
    if vendor.owner is not None and actor.id is not None and vendor.owner.member_id == actor.id:
        return "It is with you: somebody else decides."
    return ""


def may_rotate(actor: Actor, key: VendorKey) -> bool:
    """Whether this actor may say that a key was rotated: who keeps the register, and whom it is with. Load the owner.

    Both by a right to act, so that a token which only looks at what waits for oneself writes nothing.
    """
    own = key.owner is not None and actor.id is not None and key.owner.member_id == actor.id
    return actor.can(WRITE) or (own and actor.can(REQUEST))


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None
