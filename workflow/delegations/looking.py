"""Delegations as they are read: whose they are to see, how they stand, and what they add to somebody's roles."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.explaining import Source
from accounts.models import Member
from tenancy.models import TenantModel
from ui.components import Badge
from ui.values import spelled
from workflow.delegations.kinds import care_of, in_force, kind_of
from workflow.models import Delegation

SEES_ALL = "members.read"
_TONES: dict[str, Any] = {"given": "info", "ended": "muted", "expired": "muted"}


def visible_to(member: Member) -> QuerySet[Delegation]:
    """What one gave or was given, and everybody's for those who see the members."""
    everything = Delegation.objects.select_related("guardian__user", "guardian__organization", "given_by__user")
    return everything if member.can(SEES_ALL) else everything.filter(Q(guardian=member) | Q(given_by=member))


def state_badge(delegation: Delegation) -> Badge:
    """Where it stands today."""
    if delegation.status == Delegation.Status.GIVEN and not in_force(delegation):
        return Badge("Over", "muted")
    return Badge(delegation.get_status_display(), _TONES[delegation.status])


def sources(member: Member) -> Iterator[Source]:
    """What a member may do beside their roles, each for one record."""
    if not member.entrusted:
        return
    for one in Delegation.objects.filter(guardian=member, status=Delegation.Status.GIVEN, subject_id__in=list(member.entrusted)):
        words = f"Guardian of {one.subject} until {spelled(one.until)}"
        yield Source(words, frozenset(one.grants), one.get_absolute_url())


def care_context(record: TenantModel, kind: str, member: Member) -> dict[str, Any]:
    """What the page of a record says of its guardian, and whether this member may hand it over."""
    one, of = care_of(record), kind_of(kind)
    return {
        "care": one,
        "may_see_care": one is not None and (member.can(SEES_ALL) or member.pk in {one.guardian_id, one.given_by_id}),
        "may_hand_over": one is None and not of.is_over(record) and of.may_give(member, record),
    }


def url_of(delegation: Delegation) -> str:
    """The page of what was handed over."""
    return str(kind_of(delegation.kind).model(pk=delegation.subject_id).get_absolute_url())  # type: ignore[attr-defined, misc]


def had_care(member_id: UUID) -> QuerySet[Delegation]:
    """What somebody has or ever had in their care, to be narrowed to one record: they do not decide on it."""
    return Delegation.objects.filter(guardian_id=member_id)
