"""Where the sealed values of an organization are: its tables, or those of the installation; and under which key each lies."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Left

from keys.fields import SealedField, columns_of
from keys.models import DataKey, InstallationKey, Purpose
from keys.store import NIL_TENANT
from tenancy.models import INSTALLATION_SLUG, current_organization

EARLY = "hkdf0"  # of values that were sealed before data keys had names
_HEX = 32


def is_installation() -> bool:
    """Whether the active organization stands for the installation: its keys are those of rows that belong to nobody's."""
    return current_organization().slug == INSTALLATION_SLUG


def owner_id() -> uuid.UUID:
    """The organization that values here are bound to."""
    return NIL_TENANT if is_installation() else current_organization().pk


def keys_here() -> models.QuerySet[Any]:
    """The data keys, those in use and those that were replaced."""
    return InstallationKey.objects.all() if is_installation() else DataKey.objects.all()


def fields_here() -> list[SealedField]:
    """The fields."""
    return columns_of(is_global=is_installation())


def values_of(field: SealedField) -> models.QuerySet[Any]:
    """The rows that have a value there."""
    rows: models.QuerySet[Any] = field.rows.objects.exclude(**{field.field: ""})
    return rows


def elsewhere(field: SealedField, key_id: uuid.UUID) -> models.QuerySet[Any]:
    """The rows whose value does not lie under this key."""
    return values_of(field).exclude(**{f"{field.field}__contains": f"|{key_id.hex}."})


def counts() -> dict[str, int]:
    """How many values lie under each key, by its id in hexadecimal; those of earlier versions under EARLY."""
    found: dict[str, int] = {}
    for field in fields_here():
        part = Func(F(field.field), Value("|"), Value(4), function="split_part", output_field=models.TextField())
        rows = values_of(field).order_by().annotate(key=Left(part, _HEX)).values_list("key").annotate(models.Count("pk"))
        for key, count in rows:
            found[key] = found.get(key, 0) + count
    return found


def current_keys() -> dict[Purpose, Any]:
    """The key of each purpose that new values are sealed with."""
    return {Purpose(key.purpose): key for key in keys_here().filter(retired_at=None)}
