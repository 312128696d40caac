"""Who stands in for whom today. Being a deputy gives no permission: it lets somebody do what is with the one who is away."""

import copy
import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from tenancy.models import current_organization
from ui.values import spelled
from workflow.models import Absence


def in_force(today: dt.date) -> Q:
    """Absences of people who are away today."""
    return Q(status=Absence.Status.SET, starts_on__lte=today, ends_on__gte=today)


def absence_of(member: Member) -> Absence | None:
    """The absence of somebody who is away today."""
    away = Absence.objects.filter(in_force(member.organization.today()), member=member)
    return away.select_related("member__user", "deputy__user").first()


def stands_in_for_somebody(deputy: Member) -> Iterator[QuerySet[Absence]]:
    """The rows behind `gathered_for`."""
    yield Absence.objects.filter(in_force(deputy.organization.today()), deputy=deputy)


def stood_in_by(deputy: Member) -> list[Absence]:
    """The absences in which this member stands in for somebody today, in the order of their names."""
    found = Absence.objects.filter(in_force(deputy.organization.today()), deputy=deputy)
    rows = found.select_related("member__user", "member__organization").order_by("member__user__name", "pk")
    return [absence for absence in rows if absence.member.is_active]


def stood_in_for(deputy: Member) -> QuerySet[Absence, uuid.UUID]:
    """The ids of the members for whom this one stands in today, to filter by in the same query."""
    today = deputy.organization.today()
    return Absence.objects.filter(in_force(today), deputy_id=deputy.pk).order_by().values_list("member", flat=True)


def stands_in(actor: Actor, member_id: uuid.UUID | None) -> bool:
    """Whether an actor is today's deputy of a member. One query for organization and absence each: ask it last."""
    if actor.id is None or member_id is None or member_id == actor.id:
        return False
    today = current_organization().today()
    return Absence.objects.filter(in_force(today), deputy_id=actor.id, member_id=member_id).exists()


def gathered_for(deputy: Member) -> Iterator[tuple[Member, str]]:
    """Those for whom a member stands in, each as who they are with no more rights than the deputy has; and words on it."""
    for absence in stood_in_by(deputy):
        away = copy.copy(absence.member)
        away.limit(deputy.permissions)
        away.reader = deputy
        yield away, f"for {away.name}, who is away until {spelled(absence.ends_on)}"


def deputies_of(member: Member) -> list[Member]:
    """Who stands in for somebody today, if they are away and their deputy may still enter."""
    away = Absence.objects.filter(in_force(member.organization.today()), member=member)
    found = [absence.deputy for absence in away.select_related("deputy__user", "deputy__organization")]
    return [deputy for deputy in found if deputy.is_active]
