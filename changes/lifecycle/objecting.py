"""Whoever is named as having agreed to an emergency by word may say that they did not: it counts no more, and never has."""

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Member
from audit.actions import action
from audit.record import record
from changes.approving.identity import Who, who, who_acts
from changes.deployments.reconcile import for_changes
from changes.lifecycle.agreeing import OBJECTED
from changes.lifecycle.mail import concerned, tell
from changes.lifecycle.moving import ITSELF, hold
from changes.lifecycle.unwritten import raise_disputed
from changes.models import Approval, Change
from changes.models.change import OVER
from inventory.models import Person
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

_FIELDS = ("objected_by", "objected_at", "objection", "agreed_until")
_NOT_NAMED = "This is for whoever is named as having agreed by word."


@action
def object_to_agreement(change: Change, *, actor: Member, reason: str) -> Change:
    """Say that one did not agree by word, though one is named so. Raises ActionRefused.

    The agreement counts for nothing, also for what was deployed by it, and those concerned are told. What was carried out
    already becomes a finding, unless there is one.
    """
    hold(change)
    if refusal := why_not_object(change, actor):
        raise ActionRefused(refusal)
    said = stated(reason, "Say what is not so.")
    before = {"agreed_by": str(change.agreed_by), "agreed_at": change.agreed_at, "counts_until": change.agreed_until}
    change.objected_by, change.objected_at, change.objection, change.agreed_until = change.agreed_by, now(), said, None
    change.save(update_fields=_FIELDS)
    finding = raise_disputed(change, actor=ITSELF, by=actor.name, reason=said) if change.implemented_at else None
    raised = {"finding": finding.reference} if finding else {}
    record(OBJECTED, change, actor=actor, before=before, after={"did not agree": actor.name, **raised}, note=said)
    for_changes([change.pk], actor=actor)
    follows = "It was carried out already: it is a finding." if change.implemented_at else "Record who did agree, or submit it."
    lines, key = [f"{actor.name}: {said}", follows], f"objected:{change.objected_at}"
    tell(concerned(change).values(), change, subject="was not agreed to by whom it names", lines=lines, key=key, actor=actor)
    return change


def why_not_object(change: Change, actor: Member, somebody: Who | None = None) -> str:
    """Why this member cannot say so; empty when they can. Whoever has approved it in writing has agreed.

    `somebody` is the member, where that was looked up before.
    """
    if change.agreed_by is None:
        return _NOT_NAMED
    if change.type != Change.Type.EMERGENCY:
        return f"{change} is no emergency any more: nobody's word counts for it."
    if change.is_over:
        return f"{change} is {change.get_status_display().lower()}: what was said of it stays."
    if not (somebody or who_acts(actor)).same(who(person=change.agreed_by)):
        return _NOT_NAMED
    if change.is_disputed:
        return "You have said so already."
    if Approval.objects.filter(_said_by(actor), change=change).exists():
        return "You have approved it in writing."
    return ""


def is_to_confirm(member: Member) -> Q:
    """The emergencies that name a member as having agreed by word, which they neither approved in writing nor denied."""
    named = Q(type=Change.Type.EMERGENCY, written_at=None, agreed_by__in=Person.objects.filter(member=member.pk).values("pk"))
    denied = Q(objected_at__isnull=False, objected_at__gte=F("agreed_recorded_at"))
    said = Q(Exists(Approval.objects.filter(_said_by(member), change=OuterRef("pk"))))
    return named & ~Q(status__in=OVER) & ~denied & ~said


def _said_by(member: Member) -> Q:
    by = Q(approver=member.pk) | Q(approver_person__member=member.pk)
    return by & Q(status=Approval.Status.GIVEN, answer=Approval.Answer.APPROVED)
