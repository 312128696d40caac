"""Who sees and finishes a task."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.actors import Actor
from controls.models import RoadmapTask


def mine(member: Any) -> Q:
    """Those that are with this member."""
    return Q(owner__member_id=member.id)


def visible_to(member: Any) -> QuerySet[RoadmapTask]:
    """All tasks for those who read controls, else one's own."""
    everything = RoadmapTask.objects.select_related("owner", "control", "roadmap__period")
    return everything if member.can("controls.read") else everything.filter(mine(member))


def may_finish(actor: Actor, task: RoadmapTask) -> bool:
    """Whether somebody may say that it is done: whoever it is with, and those who run the controls. Load its owner."""
    if actor.can("controls.write"):
        return True
    owner = task.owner
    return actor.can("occurrences.perform") and owner is not None and actor.id is not None and owner.member_id == actor.id
