"""Who may see and work on a finding, and who is independent enough to judge it."""

import uuid
from typing import Any

from django.db.models import Max, Q, QuerySet

from audit.actors import Actor
from audit.models import AuditEvent
from controls.models import Finding
from inventory.models import Person
from ui.refusals import ActionRefused
from workflow.absences.standing import stands_in, stood_in_for

HAND_ON = "finding.hand_on"
HAD = "was_with"  # in the event of handing on: the id of the member who had it
_SEES_ALL = ("findings.read", "findings.accept", "controls.test")


def mine(member: Any) -> Q:
    """Those that are with this member."""
    return Q(owner__member_id=member.id)


def within_reach(member: Any) -> Q:
    """Those that are with this member, or with somebody for whom they stand in today."""
    return mine(member) | Q(owner__member__in=stood_in_for(member))


def may_see_all(member: Any) -> bool:
    """Whether a member sees every finding rather than their own."""
    return any(member.can(permission) for permission in _SEES_ALL)


def visible_to(member: Any) -> QuerySet[Finding]:
    """The findings that a member may see: all for those who read findings, else what is within their reach."""
    everything = Finding.objects.select_related("owner", "control")
    return everything if may_see_all(member) else everything.filter(within_reach(member))


def raised_about(member: Any, record: Any) -> QuerySet[Finding]:
    """The findings that a member may see about a record that they can come from (an occurrence, a test)."""
    found: QuerySet[Finding] = record.findings.all()
    return found if may_see_all(member) else found.filter(within_reach(member))


def is_owner(actor: Actor, finding: Finding) -> bool:
    """Whether the finding is with this actor. Load its owner with it."""
    owner = finding.owner
    return owner is not None and actor.id is not None and owner.member_id == actor.id


def may_work(actor: Actor, finding: Finding) -> bool:
    """Whether somebody may put it right: whoever it is with, their deputy while they are away, and those who run findings."""
    if actor.can("findings.write"):
        return True
    return actor.can("occurrences.perform") and (is_owner(actor, finding) or stands_in(actor, _owner_id(finding)))


def _owner_id(finding: Finding) -> uuid.UUID | None:
    return finding.owner.member_id if finding.owner else None


def authorise(actor: Actor, finding: Finding) -> None:
    """Raise ActionRefused unless the actor may work on the finding."""
    if not may_work(actor, finding):
        raise ActionRefused("This is for whoever the finding is with and for those who run the findings.")


def why_not_independent(actor: Actor, finding: Finding, *, remediated: bool) -> str:
    """Why this actor may not judge the finding; empty when they may. The one rule of who retests and who accepts.

    Nobody judges a finding that is with them, or was since it was opened, last opened again or lapsed. With `remediated`, nor
    does whoever handed it in as done, also before it was given back. The database holds the last of each
    (`finding_retested_by_another`, `finding_accepted_by_another`).
    """
    if is_owner(actor, finding):
        return "It is with you: somebody else has to."
    if actor.id is None:
        return ""
    if _has_had(actor, finding):
        return "It was with you: somebody else has to."
    if remediated and (finding.remediated_by_id == actor.id or _has_handed_in(actor, finding)):
        return "You handed it in as done: somebody else has to."
    return ""


def _told(finding: Finding) -> QuerySet[AuditEvent]:
    """What the trail says of the finding since it was last opened again: the finding itself names the last of each only."""
    told = AuditEvent.objects.filter(object_id=finding.pk)
    again = told.filter(verb__in=[Finding.REOPEN.verb, Finding.LAPSE.verb]).aggregate(at=Max("at"))["at"]
    return told.filter(at__gt=again) if again else told


def _has_had(actor: Actor, finding: Finding) -> bool:
    """Whether it was handed on from this actor: who had it does not judge it by giving it away."""
    handed_on = _told(finding).filter(verb=HAND_ON)
    return any(event.data.get("metadata", {}).get(HAD) == str(actor.id) for event in handed_on)


def _has_handed_in(actor: Actor, finding: Finding) -> bool:
    return _told(finding).filter(verb=Finding.READY.verb, actor_id=actor.id).exists()


def judge(actor: Actor, finding: Finding, *, remediated: bool) -> Person | None:
    """The actor on the roster, where they are on it. Raises ActionRefused unless they are independent of the finding."""
    if refusal := why_not_independent(actor, finding, remediated=remediated):
        raise ActionRefused(refusal)
    return Person.objects.filter(member_id=actor.id).first() if actor.id else None
