"""Changing fields that are not a state: what differs, and the event that says so."""

from typing import Any, TypeVar

from django.db import models

from audit.actors import Actor
from audit.record import record
from tenancy.models import TenantModel
from ui.refusals import ActionRefused

M = TypeVar("M", bound=TenantModel)


def differing(subject: TenantModel, fields: dict[str, Any]) -> dict[str, Any]:
    """Those of `fields` whose value is not what `subject` has."""
    return {name: value for name, value in fields.items() if getattr(subject, name) != value}


def differences(subject: TenantModel, fields: dict[str, Any]) -> dict[str, Any]:
    """As `differing`. Raises ActionRefused when nothing differs."""
    if not (found := differing(subject, fields)):
        raise ActionRefused("Nothing was changed.")
    return found


def change(subject: M, verb: str, *, actor: Actor, fields: dict[str, Any], note: str = "") -> M:
    """Lock the row, save what differs and record it. Part of a caller's action; does nothing when nothing differs."""
    locked: M = type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    changed = differing(locked, fields)
    if not changed:
        return locked
    before = {name: told(locked, name) for name in changed}
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.full_clean(
        exclude={field.name for field in locked._meta.fields} - set(changed), validate_unique=False, validate_constraints=False
    )
    locked.save()
    after = {name: told(locked, name) for name in changed}
    record(verb, locked, actor=actor, before=before, after=after, note=note)
    return locked


def told(subject: TenantModel, name: str) -> Any:
    """A field's value as the trail keeps it: what the model names in `MASKED` without the secrets in it."""
    value = getattr(subject, name)
    masks = getattr(type(subject), "MASKED", {})
    return shown(masks[name](value) if name in masks and value else value)


def shown(value: Any) -> Any:
    """A field's value as the trail keeps it for people: rows by their name, nothing as null."""
    if isinstance(value, models.Model):
        return str(value)
    return None if value == "" else value
