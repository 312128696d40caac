"""Who sees which acknowledgement."""

from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from policies.models import Acknowledgement
from policies.rights import ACKNOWLEDGE, READ


def visible_to(member: Any) -> QuerySet[Acknowledgement]:
    """All for those who read policies; else their own."""
    everything = Acknowledgement.objects.select_related("person", "campaign__version", "campaign__policy")
    if member.can(READ):
        return everything
    return everything.filter(person__member=member.pk) if member.can(ACKNOWLEDGE) else everything.none()


def theirs(member: Any) -> QuerySet[Acknowledgement]:
    """What a member is asked for now, the first day first."""
    asked = Acknowledgement.objects.select_related("person", "campaign__version").filter(status="open", campaign__status="open")
    found = asked.filter(person__member=member.pk).order_by("due_on", "pk")
    return found if member.can(ACKNOWLEDGE) else found.none()


def is_theirs(acknowledgement: Acknowledgement, actor: Actor) -> bool:
    """Whether it is this actor who was asked. Load its person with it."""
    return actor.id is not None and acknowledgement.person.member_id == actor.id
