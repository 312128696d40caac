"""Who may work on an occurrence: who owns its control, and who runs the controls."""

from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from controls.models import Control, Occurrence
from ui.refusals import ActionRefused


def may_work(actor: Actor, control: Control) -> bool:
    """Whether somebody may perform and state what is expected of a control. Load its owner with it."""
    if actor.can("controls.write"):
        return True
    return actor.can("occurrences.perform") and owns(actor, control)


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
    """The occurrences that a member may open: all for who reads controls, for others those of the controls they own."""
    if member.can("controls.read"):
        return Occurrence.objects.all()
    if member.can("occurrences.perform"):
        return Occurrence.objects.filter(control__owner__member=member)
    return Occurrence.objects.none()
