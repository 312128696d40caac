"""Who may see and work on which policy."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from audit.models import AuditEvent
from policies.models import Policy, PolicyVersion
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused
from workflow.absences.standing import stands_in, stood_in_for

ACKNOWLEDGE, READ, WRITE, APPROVE = "policies.acknowledge", "policies.read", "policies.write", "policies.approve"
# What is in force is for everybody who works here; `visible_to` decides what each may see.
EVERYBODY = "home.read"
# Events of whoever had a part in a version: they do not approve it.
PREPARING = ("policy_version.begin", "policy_version.write", "policy_version.submit")


def visible_to(member: Any) -> QuerySet[Policy]:
    """All for those who read policies; else those in force, and those of a member or of somebody they stand in for."""
    everything = Policy.objects.select_related("owner")
    if member.can(READ):
        return everything
    in_force = PolicyVersion.objects.filter(policy=OuterRef("pk"), status=PolicyVersion.Status.PUBLISHED)
    if member.can(ACKNOWLEDGE):
        theirs = Q(owner__member=member.pk) | Q(owner__member__in=stood_in_for(member))
        return everything.filter(Exists(in_force) | theirs)
    return everything.none()


def versions_visible_to(member: Any) -> QuerySet[PolicyVersion]:
    """All for those who read policies; else what is in force, and every version of what is a member's as above."""
    everything = PolicyVersion.objects.select_related("policy__owner", "author__user", "file")
    if member.can(READ):
        return everything
    if member.can(ACKNOWLEDGE):
        theirs = Q(policy__owner__member=member.pk) | Q(policy__owner__member__in=stood_in_for(member))
        return everything.filter(Q(status=PolicyVersion.Status.PUBLISHED) | theirs)
    return everything.none()


def is_owner(actor: Actor, policy: Policy) -> bool:
    """Whether it is this actor's. Load its owner with it."""
    return actor.id is not None and policy.owner is not None and policy.owner.member_id == actor.id


def may_write(actor: Actor, policy: Policy) -> bool:
    """Whether somebody may write on it: those who write policies, its owner, and the owner's deputy while they are away."""
    if actor.can(WRITE):
        return True
    return actor.can(ACKNOWLEDGE) and (is_owner(actor, policy) or deputises(actor, policy))


def deputises(actor: Actor, policy: Policy) -> bool:
    """Whether the actor stands in today for its owner. Who approves is judged on the actor all the same."""
    return isinstance(actor, Member) and policy.owner is not None and stands_in(actor, policy.owner.member_id)


def for_writers(actor: Actor, policy: Policy) -> None:
    """Raise ActionRefused unless the actor may write on it."""
    if not may_write(actor, policy):
        raise ActionRefused("This is for the owner of the policy and for those who write policies.")


def is_involved(actor: Actor, version: PolicyVersion) -> bool:
    """Whether the actor had a part in it: began it, ever wrote on it or ever submitted it."""
    return actor.id is not None and actor.id in involved_in(version)


def involved_in(version: PolicyVersion) -> set[uuid.UUID | None]:
    """The members who had a part in it, as the trail says."""
    events = AuditEvent.objects.filter(object_id=version.pk, verb__in=PREPARING)
    return {version.author_id, version.submitted_by_id, *events.values_list("actor_id", flat=True)}


def approvers_of(version: PolicyVersion) -> Iterator[Member]:
    """Everybody who may approve it, and has not yet."""
    out = {*version.approvals.filter(status="given").values_list("approver_id", flat=True), *involved_in(version)}
    members = Member.objects.active().able(APPROVE).filter(organization_id=current_tenant_id())
    for member in members.select_related("user", "organization"):
        if member.pk not in out:
            yield member


def to_approve(member: Member) -> QuerySet[PolicyVersion]:
    """Versions that wait for a member's approval."""
    waiting = PolicyVersion.objects.filter(status=PolicyVersion.Status.IN_REVIEW)
    if not member.can(APPROVE):
        return waiting.none()
    said = Q(approvals__approver=member.pk, approvals__status="given")
    part = AuditEvent.objects.filter(object_id=OuterRef("pk"), verb__in=PREPARING, actor_id=member.pk)
    return waiting.exclude(said).exclude(author=member.pk).exclude(submitted_by=member.pk).exclude(Exists(part))
