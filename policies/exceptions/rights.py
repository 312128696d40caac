"""Who sees, decides and ends which exception."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from inventory.models import Person
from policies.models import PolicyException
from policies.rights import ACKNOWLEDGE, APPROVE, READ, WRITE
from tenancy.scope import current_tenant_id


def visible_to(member: Any) -> QuerySet[PolicyException]:
    """All for those who read or approve policies; else what a member asked for, and what is for them."""
    everything = PolicyException.objects.select_related("policy", "version", "person", "asked_by__user")
    if member.can(READ) or member.can(APPROVE):
        return everything
    theirs = Q(asked_by=member.pk) | Q(person__member=member.pk)
    return everything.filter(theirs) if member.can(ACKNOWLEDGE) else everything.none()


def people_for(member: Any) -> QuerySet[Person]:
    """For whom a member may ask: anybody for those who write policies, else themselves and those they manage."""
    at_work = Person.objects.exclude(status=Person.Status.LEFT).order_by("name", "pk")
    return at_work if member.can(WRITE) else at_work.filter(Q(member=member.pk) | Q(manager__member=member.pk))


def parties(exception: PolicyException) -> set[uuid.UUID]:
    """The members who asked for it and for whom it is. Load its person with it."""
    return {one for one in (exception.asked_by_id, exception.person.member_id) if one is not None}


def is_party(actor: Actor, exception: PolicyException) -> bool:
    """Whether the actor asked for it, or it is for them."""
    return actor.id is not None and actor.id in parties(exception)


def why_not(actor: Actor, exception: PolicyException) -> str:
    """Why this actor does not decide; empty where they may, as far as it is not their role."""
    if actor.id is not None and exception.asked_by_id == actor.id:
        return "You asked for it: somebody else decides."
    if is_party(actor, exception):
        return "It is for you: somebody else decides."
    return ""


def may_take_back(actor: Actor, exception: PolicyException) -> bool:
    """Whether the actor may withdraw it or end it early: its parties, and those who write policies."""
    return actor.can(ACKNOWLEDGE) and (is_party(actor, exception) or actor.can(WRITE))


def to_decide(member: Member) -> QuerySet[PolicyException]:
    """What waits for a member's decision, the oldest first."""
    asked = PolicyException.objects.filter(status=PolicyException.Status.REQUESTED).select_related("policy", "person")
    if not member.can(APPROVE):
        return asked.none()
    others = Q(person__member__isnull=True) | ~Q(person__member=member.pk)
    return asked.filter(others).exclude(asked_by=member.pk).order_by("asked_at", "pk")


def deciders(exception: PolicyException) -> Iterator[Member]:
    """Everybody who may decide on it."""
    members = Member.objects.active().able(APPROVE).filter(organization_id=current_tenant_id())
    yield from members.exclude(pk__in=parties(exception)).select_related("user", "organization")
