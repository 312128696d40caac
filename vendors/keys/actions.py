"""Writing the register of keys: noted, rotated, revoked; and who looked where one is kept."""

import datetime as dt
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from ui.refusals import ActionRefused
from vendors.keys.looks import REFUSAL, is_a_uuid, refuse_key, refuse_keys
from vendors.lifecycle.actions import said
from vendors.models import Vendor, VendorKey
from vendors.register.actions import locked_one, today
from vendors.rights import authorise, may_rotate
from workflow.changes import change, differences, shown
from workflow.uniqueness import refusing_taken

FACTS = ("name", "used_for", "kept_in", "owner", "every_days")


@action
def note_key(vendor: Vendor, *, actor: Actor, rotated_on: dt.date, **facts: Any) -> VendorKey:
    """Note that there is a key. Raises ActionRefused for what looks like the key itself, and once the vendor is over."""
    authorise(actor, vendor)
    locked = locked_one(vendor)  # who says that it has left looks at its keys under the same lock
    if locked.is_over:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: none of its keys is in use.")
    key = VendorKey(vendor=locked, rotated_on=_past(rotated_on), **_cleaned(facts))
    with refusing_taken(VendorKey):
        key.save(force_insert=True)
    after = {name: shown(getattr(key, name)) for name in (*FACTS, "rotated_on", "due_on")}
    record("vendor_key.note", key, actor=actor, after=after, metadata={"vendor": str(locked)})
    return key


@action
def edit_key(key: VendorKey, *, actor: Actor, **facts: Any) -> VendorKey:
    """Change what is known of it. Raises ActionRefused."""
    authorise(actor, key)
    current = locked_key(key)
    _refuse_over(current)
    with refusing_taken(VendorKey):
        return change(current, "vendor_key.edit", actor=actor, fields=differences(current, _cleaned(facts)))


@action
def rotate_key(key: VendorKey, *, actor: Actor, rotated_on: dt.date, note: str = "") -> VendorKey:
    """Say that it was rotated: by whoever keeps the register, or whoever it is with. Raises ActionRefused."""
    current = locked_key(key)
    if not may_rotate(actor, current):
        authorise(actor, key)
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
    return VendorKey.RETIRE.apply(locked_key(key), actor=actor, note=said(reason))


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
    refuse_keys(kept)
    for name, value in kept.items():
        if isinstance(value, str) and is_a_uuid(value):
            raise ActionRefused(REFUSAL, field=name)
    return kept


def _refuse_over(key: VendorKey) -> None:
    if key.status != VendorKey.Status.ACTIVE:
        raise ActionRefused(f"{key} is revoked.")


def locked_key(key: VendorKey) -> VendorKey:
    """The row, locked, with whom it is with and its vendor."""
    rows = VendorKey.objects.select_for_update(of=("self",)).select_related("owner", "vendor")
    return rows.get(pk=key.pk)
