"""Who sees and finishes a task."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.actors import Actor
from controls.models import RoadmapTask
from workflow.absences.standing import stands_in, stood_in_for


def mine(member: Any) -> Q:
    """Those that are with this member."""
    return Q(owner__member_id=member.id)


def visible_to(member: Any) -> QuerySet[RoadmapTask]:
    """All tasks for those who read controls, else one's own and those of whom one stands in for."""
    everything = RoadmapTask.objects.select_related("owner", "control", "roadmap__period")
    return (
        everything if member.can("controls.read") else everything.filter(mine(member) | Q(owner__member__in=stood_in_for(member)))
    )


def may_finish(actor: Actor, task: RoadmapTask) -> bool:
    """Whether somebody may say that it is done: whoever it is with, their deputy, and those who run the controls.

    Load its owner with it.
    """
    if actor.can("controls.write"):
        return True
    owner = task.owner
    if not actor.can("occurrences.perform") or owner is None or actor.id is None:
        return False
    return owner.member_id == actor.id or stands_in(actor, owner.member_id)
