"""Making, changing and moving records of privacy, each with its event."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import TenantModel
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown
from workflow.transitions import Transition
from workflow.uniqueness import refusing_taken

M = TypeVar("M", bound=TenantModel)


def authorise(actor: Actor, permission: str) -> None:
    """Raise ActionRefused unless the actor holds the permission."""
    if not actor.can(permission):
        raise ActionRefused("Your role does not allow this.")


@action
def keep(
    one: M, verb: str, *, actor: Actor, permission: str, fields: Collection[str], metadata: Mapping[str, Any] | None = None
) -> M:
    """Save a new record; its event says what `fields` hold. Raises ActionRefused."""
    authorise(actor, permission)
    check(one)
    with refusing_taken(type(one)):
        one.save(force_insert=True)
    after = {name: said for name in fields if (said := shown(getattr(one, name))) not in (None, [], False)}
    record(verb, one, actor=actor, after=after, metadata=metadata)
    return one


def check(one: TenantModel) -> None:
    """Raise ActionRefused for values that its fields and its own rule do not take; what is empty is left to the forms."""
    empty = {field.name for field in one._meta.concrete_fields if getattr(one, field.attname) in (None, "", [])}
    try:
        one.full_clean(exclude={"tenant", *empty}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages), field=next(iter(getattr(error, "error_dict", {})), None)) from error


def edit(one: M, verb: str, *, actor: Actor, permission: str, fields: dict[str, Any]) -> M:
    """Change what differs. Raises ActionRefused."""
    authorise(actor, permission)
    current = one.refreshed()
    return _edit(current, verb, actor, fields) if differing(current, fields) else current


@action
def _edit(one: M, verb: str, actor: Actor, fields: dict[str, Any]) -> M:
    with refusing_taken(type(one)):
        return change(one, verb, actor=actor, fields=fields)


@action
def move(one: M, transition: Transition, *, actor: Actor, note: str = "", **fields: Any) -> M:
    """Move its state. Raises ActionRefused."""
    with refusing_taken(type(one)):
        return transition.apply(one, actor=actor, note=note.strip(), **fields)
