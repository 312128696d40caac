"""Who sees and works on which violation."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.actors import Actor
from policies.models import Violation
from policies.rights import ACKNOWLEDGE, READ
from workflow.absences.standing import stands_in, stood_in_for

VIOLATIONS = "violations.write"


def visible_to(member: Any) -> QuerySet[Violation]:
    """All for those who read policies or report violations; else what is with a member, or theirs."""
    everything = Violation.objects.select_related("policy", "person", "owner", "member__user")
    if member.can(READ) or member.can(VIOLATIONS):
        return everything
    return everything.filter(mine(member) | about(member)) if member.can(ACKNOWLEDGE) else everything.none()


def mine(member: Any) -> Q:
    """Those that are with this member, or with somebody for whom they stand in today."""
    return Q(owner__member=member.pk) | Q(owner__member__in=stood_in_for(member))


def about(member: Any) -> Q:
    """Those that are this member's own doing or account."""
    return Q(person__member=member.pk) | Q(member=member.pk)


def is_about(actor: Actor, violation: Violation) -> bool:
    """Whether it is this actor's own. Load its person with it."""
    whose = {violation.member_id, violation.person.member_id if violation.person else None}
    return actor.id is not None and actor.id in whose


def may_remedy(actor: Actor, violation: Violation) -> bool:
    """Whether the actor may say that it is put right: whoever it is with, their deputy, and those who report violations.

    What Plumbline found itself ends when it finds it no more. Load its owner with it.
    """
    if violation.detected == Violation.Detected.SYSTEM:
        return False
    if actor.can(VIOLATIONS):
        return True
    owner = violation.owner.member_id if violation.owner else None
    return actor.can(ACKNOWLEDGE) and owner is not None and (owner == actor.id or stands_in(actor, owner))
