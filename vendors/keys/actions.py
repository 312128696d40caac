"""Writing the register of keys: noted, rotated, revoked; and who looked where one is kept."""

import datetime as dt
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from ui.refusals import ActionRefused
from vendors.keys.looks import refuse_key
from vendors.lifecycle.actions import said
from vendors.models import Vendor, VendorKey
from vendors.register.actions import today
from vendors.rights import authorise
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

FACTS = ("name", "used_for", "kept_in", "owner", "every_days")


@action
def note_key(vendor: Vendor, *, actor: Actor, rotated_on: dt.date, **facts: Any) -> VendorKey:
    """Note that there is a key. Raises ActionRefused for what looks like the key itself."""
    authorise(actor)
    key = VendorKey(vendor=vendor, rotated_on=_past(rotated_on), **_cleaned(facts))
    with refusing_taken(VendorKey):
        key.save(force_insert=True)
    after = {name: shown(getattr(key, name)) for name in (*FACTS, "rotated_on", "due_on")}
    record("vendor_key.note", key, actor=actor, after=after, metadata={"vendor": str(vendor)})
    return key


@action
def edit_key(key: VendorKey, *, actor: Actor, **facts: Any) -> VendorKey:
    """Change what is known of it. Raises ActionRefused."""
    authorise(actor)
    current = _locked(key)
    _refuse_over(current)
    if not (differs := differing(current, _cleaned(facts))):
        raise ActionRefused("Nothing was changed.")
    with refusing_taken(VendorKey):
        return change(current, "vendor_key.edit", actor=actor, fields=differs)


@action
def rotate_key(key: VendorKey, *, actor: Actor, rotated_on: dt.date, note: str = "") -> VendorKey:
    """Say that it was rotated: by whoever keeps the register, or whoever it is with. Raises ActionRefused."""
    current = _locked(key)
    if not (current.owner and actor.id is not None and current.owner.member_id == actor.id):
        authorise(actor)
    _refuse_over(current)
    if rotated_on <= current.rotated_on:
        raise ActionRefused("It was rotated later than that already.", field="rotated_on")
    refuse_key("note", note)
    before = {"rotated_on": current.rotated_on, "due_on": current.due_on}
    current.rotated_on = _past(rotated_on)
    current.save()
    after = {"rotated_on": current.rotated_on, "due_on": current.due_on}
    record("vendor_key.rotate", current, actor=actor, before=before, after=after, note=note.strip())
    return current


@action
def retire_key(key: VendorKey, *, actor: Actor, reason: str) -> VendorKey:
    """It is revoked."""
    return VendorKey.RETIRE.apply(_locked(key), actor=actor, note=said(reason))


@action
def look(key: VendorKey, *, actor: Actor) -> None:
    """Somebody looked where it is kept."""
    record("vendor_key.look", key, actor=actor, metadata={"vendor": str(key.vendor)})


def _past(day: dt.date) -> dt.date:
    if day > today():
        raise ActionRefused("Not after today.", field="rotated_on")
    return day


def _cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    for name, value in kept.items():
        if isinstance(value, str):
            refuse_key(name, value)
    return kept


def _refuse_over(key: VendorKey) -> None:
    if key.status != VendorKey.Status.ACTIVE:
        raise ActionRefused(f"{key} is revoked.")


def _locked(key: VendorKey) -> VendorKey:
    rows = VendorKey.objects.select_for_update(of=("self",)).select_related("owner", "vendor")
    return rows.get(pk=key.pk)
