"""Writing systems."""

from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import System
from ui.refusals import stated
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken


@action
def create_system(*, actor: Actor, **fields: Any) -> System:
    """Add a system."""
    system = System(**fields)
    system.full_clean(validate_unique=False, validate_constraints=False)
    with refusing_taken(System):
        system.save()
    record("system.create", system, actor=actor, after={name: shown(value) for name, value in fields.items() if value})
    return system


def edit_system(system: System, *, actor: Actor, **fields: Any) -> System:
    """Change a system's facts; its past populations keep what they were imported with."""
    current = System.objects.get(pk=system.pk)
    return _edit_system(current, actor, fields) if differing(current, fields) else current


@action
def _edit_system(system: System, actor: Actor, fields: dict[str, Any]) -> System:
    with refusing_taken(System):
        return change(system, "system.edit", actor=actor, fields=fields)


@action
def retire_system(system: System, *, actor: Actor, reason: str) -> None:
    """Take a system out of use: no new reviews of it, its history stays."""
    System.RETIRE.apply(system, actor=actor, note=stated(reason))


@action
def restore_system(system: System, *, actor: Actor, reason: str) -> None:
    """Put it back into use."""
    System.RESTORE.apply(system, actor=actor, note=stated(reason))
