"""Rotation, step by step: each batch is a transaction of its own, so that it can be stopped or killed between any two.

What is done is seen on the values themselves: a value under the present key is not looked at again. Nothing else need be kept.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast

from accounts.sealed import stored
from accounts.sealing import SealingError, seal, unseal
from audit.actions import action
from audit.actors import WORKER
from audit.record import Entry, record, record_many
from keys.fields import SealedField
from keys.master import current_master
from keys.store import new_key, place_of, sealing_key, unwrapped
from proof.keys.places import elsewhere, fields_here, keys_here, owner_id
from proof.models import KeyRotation
from tenancy.models import Organization
from tenancy.scope import now, tenant

BATCH = 200


class Interrupted(RuntimeError):
    """The rotation was stopped, or is over."""


def run(organization: Organization, rotation_id: uuid.UUID | str) -> bool:
    """Go on with a rotation until nothing is left; enters a scope for each step. False when it was stopped meanwhile.

    Raises SealingError when no usable master key is at hand.
    """
    with tenant(organization):
        level = KeyRotation.objects.get(pk=rotation_id).level
    try:
        for _ in _steps(organization, rotation_id, level):
            pass
        with tenant(organization):
            _finish(_locked(rotation_id))
    except Interrupted:
        return False
    return True


def left_of(level: str) -> int:
    """How many values, or data keys, are still under a key that is being replaced."""
    if level == KeyRotation.Level.MASTER:
        return keys_here().filter(destroyed_at=None).exclude(master=current_master().name).count()
    return sum(elsewhere(field, sealing_key(owner_id(), field.purpose).id).count() for field in fields_here())


def _steps(organization: Organization, rotation_id: uuid.UUID | str, level: str) -> Iterator[None]:
    if level == KeyRotation.Level.MASTER:
        while _within(organization, rotation_id, _wrap_one):
            yield
        return
    with tenant(organization):
        fields = fields_here()
    for field in fields:
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            with tenant(organization):
                after = _batch(_locked(rotation_id), field, after)
            yield


def _within(organization: Organization, rotation_id: uuid.UUID | str, step: Any) -> bool:
    with tenant(organization):
        done: bool = step(_locked(rotation_id))
    return done


def _locked(rotation_id: uuid.UUID | str) -> KeyRotation:
    """The rotation, which nobody stops until this step is over. Raises Interrupted."""
    rotation = KeyRotation.objects.select_for_update(of=("self",)).get(pk=rotation_id)
    if rotation.status != KeyRotation.Status.RUNNING:
        raise Interrupted
    return rotation


def _batch(rotation: KeyRotation, field: SealedField, after: uuid.UUID) -> uuid.UUID | None:
    """Seal some values anew; returns after which row to go on. What does not open stays as it is, and is in the trail."""
    key = sealing_key(owner_id(), field.purpose)
    found = elsewhere(field, key.id).filter(pk__gt=after).order_by("pk")
    rows = list(found.select_for_update(of=("self",))[:BATCH])
    if not rows:
        return None
    opened = [(row, value) for row in rows if (value := _opened(row, field)) is not None]
    if opened:
        _seal_anew(field, opened)
    KeyRotation.objects.filter(pk=rotation.pk).update(done=F("done") + len(opened), touched_at=now())
    last: uuid.UUID = rows[-1].pk
    return last


def _opened(row: Any, field: SealedField) -> bytes | None:
    try:
        return unseal(stored(row, field.field), label=field.label, row_id=row.pk, tenant_id=owner_id())
    except SealingError:
        return None


@action
def _seal_anew(field: SealedField, opened: list[tuple[Any, bytes]]) -> None:
    write(field, {row.pk: seal(value, label=field.label, row_id=row.pk, tenant_id=owner_id()) for row, value in opened})
    if field.index:
        index = field.rows._meta.get_field(field.index)
        _set(field.rows, field.index, {row.pk: index.of_text(value.decode(), owner_id()) for row, value in opened})
    kind = field.rows._meta.label_lower
    entries = [Entry(kind, row.pk, field.what, metadata={"field": field.label}) for row, _ in opened]
    record_many("sealed_value.reseal", actor=WORKER, entries=entries)


def write(field: SealedField, sealed: Mapping[uuid.UUID, str]) -> None:
    """Put sealed values into rows, by their keys, past the fields that seal by themselves. Part of an action."""
    _set(field.rows, field.field, sealed)


def _set(rows: Any, name: str, values: Mapping[uuid.UUID, str]) -> None:
    text = TextField()
    cases = Case(*[When(pk=key, then=Value(value, output_field=text)) for key, value in values.items()], output_field=text)
    rows.objects.filter(pk__in=list(values)).update(**{name: Cast(cases, output_field=text)})


def _wrap_one(rotation: KeyRotation) -> bool:
    """Wrap one data key by the present master key; False when none is left."""
    others = keys_here().filter(destroyed_at=None).exclude(master=current_master().name)
    key = others.select_for_update(of=("self",)).order_by("pk").first()
    if key is None:
        return False
    _wrap(key)
    KeyRotation.objects.filter(pk=rotation.pk).update(done=F("done") + 1, touched_at=now())
    return True


@action
def _wrap(key: Any) -> None:
    was, master = key.master, current_master()
    key.wrapped = master.wrap(unwrapped(key), place_of(key))
    key.master = master.name
    key.save(update_fields=["wrapped", "master"])
    record("data_key.wrap", key, actor=WORKER, before={"master key": was}, after={"master key": key.master})


@action
def replace_keys(*, actor: Any) -> None:
    """A new data key for each purpose that has one: once this is committed, nothing is sealed with the former ones."""
    for was in keys_here().filter(retired_at=None).select_for_update(of=("self",)).order_by("pk"):
        was.retired_at = now()
        was.save(update_fields=["retired_at"])
        record("data_key.retire", was, actor=actor)
        new_key(owner_id(), was.purpose, actor=actor)


@action
def _finish(rotation: KeyRotation) -> None:
    KeyRotation.FINISH.apply(rotation, actor=WORKER, finished_at=now(), unreadable=left_of(rotation.level))
