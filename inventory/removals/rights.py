"""Who may work on a removal, and see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor, Represented
from inventory.models import Removal
from workflow.absences.standing import stands_in, stood_in_for

WORK = "removals.work"


@dataclass(frozen=True, slots=True)
class Assignee(Represented):
    """A member as the one a removal is with, or their deputy: what one owns one may supply, whatever one's role."""

    why: str = "Assignee"

    @property
    def role_names(self) -> Iterable[str]:
        """The member's roles, and why they may."""
        return (*self.actor.role_names, self.why)

    def can(self, permission: str, about: UUID | None = None, /) -> bool:
        """What the member may do, and work on this removal."""
        return permission == WORK or self.actor.can(permission, about)


def may_work(actor: Actor, removal: Removal) -> bool:
    """Whether this actor may claim a removal: by role, or because it is with them."""
    return actor.can(WORK) or has(actor, removal)


def is_assignee(actor: Actor, removal: Removal) -> bool:
    """Whether the removal is with this actor."""
    return removal.assignee is not None and actor.id is not None and removal.assignee.member_id == actor.id


def has(actor: Actor, removal: Removal) -> bool:
    """Whether it is with this actor, or with somebody who is away and for whom they stand in."""
    assignee = removal.assignee
    return is_assignee(actor, removal) or (assignee is not None and stands_in(actor, assignee.member_id))


def worker(actor: Actor, removal: Removal) -> Actor:
    """The actor as the removal's transitions should see them."""
    if is_assignee(actor, removal):
        return Assignee(actor)
    return Assignee(actor, "Deputy of the assignee") if not actor.can(WORK) and has(actor, removal) else actor


def may_see_all(member: Member) -> bool:
    """Whether a member sees every removal rather than their own."""
    return member.can("removals.read") or member.can(WORK)


def visible_to(member: Member) -> QuerySet[Removal]:
    """The removals that a member may see."""
    everything = Removal.objects.select_related("system", "account__owner", "person", "assignee")
    return everything if may_see_all(member) else everything.filter(mine(member) | Q(assignee__member__in=stood_in_for(member)))


def mine(member: Member) -> Q:
    """Those that are with this member."""
    return Q(assignee__member_id=member.id)
