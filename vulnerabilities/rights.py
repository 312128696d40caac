"""Who may see and work on a vulnerability, and who is independent enough to judge it."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.actors import Actor
from audit.models import AuditEvent
from inventory.models import Person
from ui.refusals import ActionRefused
from vulnerabilities.models import Vulnerability
from workflow.absences.standing import stands_in, stood_in_for

READ, WRITE, ACCEPT = "vulnerabilities.read", "vulnerabilities.write", "vulnerabilities.accept"
# Whoever a vulnerability is with sees and works on it, whatever their role; `visible_to` decides what each may see.
EVERYBODY = "home.read"
HAND_ON = "vulnerability.hand_on"
HAD = "was_with"  # in the event of handing on: the id of the member who had it


def mine(member: Any) -> Q:
    """Those that are with this member."""
    return Q(owner__member_id=member.id)


def within_reach(member: Any) -> Q:
    """Those that are with this member, or with somebody for whom they stand in today."""
    return mine(member) | Q(owner__member__in=stood_in_for(member))


def may_see_all(member: Any) -> bool:
    """Whether a member sees every vulnerability rather than their own."""
    return bool(member.can(READ))


def visible_to(member: Any) -> QuerySet[Vulnerability]:
    """The vulnerabilities that a member may see, with where they were found and whom they are with."""
    everything = Vulnerability.objects.select_related("scope", "engagement", "owner")
    return everything if may_see_all(member) else everything.filter(within_reach(member))


def is_owner(actor: Actor, one: Vulnerability) -> bool:
    """Whether it is with this actor. Load its owner with it."""
    return one.owner is not None and actor.id is not None and one.owner.member_id == actor.id


def may_work(actor: Actor, one: Vulnerability) -> bool:
    """Whether somebody may work on it: whoever it is with, their deputy while they are away, and those who run scans."""
    return actor.can(WRITE) or is_owner(actor, one) or stands_in(actor, one.owner.member_id if one.owner else None)


def authorise(actor: Actor, one: Vulnerability) -> None:
    """Raise ActionRefused unless the actor may work on it."""
    if not may_work(actor, one):
        raise ActionRefused("This is for whoever the vulnerability is with and for those who run the scans.")


def why_not_independent(actor: Actor, one: Vulnerability, *, retests: bool) -> str:
    """Why this actor may not judge it; empty when they may. Nobody accepts or retests what is or was with them.

    With `retests`, nor does whoever handed it in. The database holds the last of each.
    """
    if is_owner(actor, one):
        return "It is with you: somebody else has to."
    if actor.id is None:
        return ""
    told = AuditEvent.objects.filter(object_id=one.pk)
    if any(event.data.get("metadata", {}).get(HAD) == str(actor.id) for event in told.filter(verb=HAND_ON)):
        return "It was with you: somebody else has to."
    if retests and told.filter(verb=Vulnerability.HAND_IN.verb, actor_id=actor.id).exists():
        return "You handed it in as fixed: somebody else has to."
    return ""


def judge(actor: Actor, one: Vulnerability, *, retests: bool) -> Person | None:
    """The actor on the roster, where they are on it. Raises ActionRefused unless they are independent of it."""
    if refusal := why_not_independent(actor, one, retests=retests):
        raise ActionRefused(refusal)
    return Person.objects.filter(member_id=actor.id).first() if actor.id else None
