"""Who may see a request, who works on it, and who judges what was given."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.actors import Actor
from controls.models import AuditRequest
from ui.refusals import ActionRefused
from workflow.absences.standing import stands_in, stood_in_for

# Whoever a request is with sees and works on it, whatever their role; what each may see is decided in visible_to.
EVERYBODY = "home.read"
RUN = "requests.write"
RAISE = "requests.raise"
JUDGE = "requests.judge"


def mine(member: Any) -> Q:
    """Those that are with this member."""
    return Q(assignee__member_id=member.id)


def may_see_all(member: Any) -> bool:
    """Whether a member sees the whole list rather than what is with them."""
    return any(member.can(permission) for permission in ("requests.read", RAISE, JUDGE))


def visible_to(member: Any) -> QuerySet[AuditRequest]:
    """The requests that a member may see: all for those who read the list, else what is with them or whom they stand in for."""
    everything = AuditRequest.objects.select_related("assignee", "period")
    return everything if may_see_all(member) else everything.filter(mine(member) | Q(assignee__member__in=stood_in_for(member)))


def is_with(actor: Actor, request: AuditRequest) -> bool:
    """Whether the request is with this actor. Load its assignee with it."""
    assignee = request.assignee
    return assignee is not None and actor.id is not None and assignee.member_id == actor.id


def may_work(actor: Actor, request: AuditRequest) -> bool:
    """Whether somebody may answer it: whoever it is with, their deputy, and those who run the list. Never who judges it."""
    return actor.can(RUN) or (actor.can("occurrences.perform") and has(actor, request))


def has(actor: Actor, request: AuditRequest) -> bool:
    """Whether it is with this actor, or with somebody who is away and for whom they stand in. Load its assignee with it."""
    assignee = request.assignee
    return is_with(actor, request) or (assignee is not None and stands_in(actor, assignee.member_id))


def may_edit(actor: Actor, request: AuditRequest) -> bool:
    """Whether somebody may change what is asked: who runs the list, and whoever asked for it."""
    return actor.can(RUN) or (actor.can(RAISE) and actor.id is not None and request.raised_by_id == actor.id)


def may_comment(actor: Actor, request: AuditRequest) -> bool:
    """Whether somebody is a side of the conversation: the auditor, the team, and who has it."""
    return may_work(actor, request) or actor.can(JUDGE) or actor.can(RAISE)


def authorise(actor: Actor, request: AuditRequest) -> None:
    """Raise ActionRefused unless the actor may answer the request."""
    if not may_work(actor, request):
        raise ActionRefused("This is for whoever the request is with and for those who run the request list.")


def why_not_judge(actor: Actor, request: AuditRequest) -> str:
    """Why this actor may not judge what was submitted; empty when they may. The database holds the same."""
    if actor.id is not None and request.submitted_by_id == actor.id:
        return "You submitted it: somebody else has to judge it."
    if is_with(actor, request):
        return "It is with you: somebody else has to judge it."
    return ""
