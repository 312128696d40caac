"""Writing retention schedules."""

from typing import Any

from audit.actions import action
from audit.actors import Actor
from privacy.models import RetentionSchedule
from privacy.registers.transfer import new_reference
from privacy.rights import WRITE
from privacy.writing import authorise, edit, keep
from tenancy.scope import now


@action
def make_schedule(*, actor: Actor, **facts: Any) -> RetentionSchedule:
    """Set one. Raises ActionRefused."""
    authorise(actor, WRITE)
    schedule = RetentionSchedule(reference=new_reference(), made_at=now(), **facts)
    return keep(schedule, "retention_schedule.create", actor=actor, permission=WRITE, fields=facts)


def edit_schedule(schedule: RetentionSchedule, *, actor: Actor, **facts: Any) -> RetentionSchedule:
    """Change one. Raises ActionRefused."""
    return edit(schedule, "retention_schedule.edit", actor=actor, permission=WRITE, fields=facts)
