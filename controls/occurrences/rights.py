"""Who may work on an occurrence: who owns its control, their deputy while they are away, and who runs the controls."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.actors import Actor
from controls.models import Control, Occurrence
from ui.refusals import ActionRefused
from workflow.absences.standing import stands_in, stood_in_for


def may_work(actor: Actor, control: Control) -> bool:
    """Whether somebody may perform and state what is expected of a control. Load its owner with it."""
    if actor.can("controls.write"):
        return True
    if not actor.can("occurrences.perform"):
        return False
    return owns(actor, control) or (control.owner is not None and stands_in(actor, control.owner.member_id))


def owns(actor: Actor, control: Control) -> bool:
    """Whether the control's owner on the roster is this member."""
    owner = control.owner
    return owner is not None and actor.id is not None and owner.member_id == actor.id


def authorise(actor: Actor, control: Control) -> None:
    """Raise ActionRefused unless the actor may work on what is expected of this control."""
    if not may_work(actor, control):
        who = f"{control.owner.name} owns it" if control.owner else "nobody owns it yet"
        raise ActionRefused(f"This is for the control's owner and for those who run the controls; {who}.")


def visible_to(member: Any) -> QuerySet[Occurrence]:
    """The occurrences that a member may open: all for who reads controls, for others those of controls within their reach."""
    if member.can("controls.read"):
        return Occurrence.objects.all()
    if member.can("occurrences.perform"):
        return Occurrence.objects.filter(Q(control__owner__member=member) | Q(control__owner__member__in=stood_in_for(member)))
    return Occurrence.objects.none()
