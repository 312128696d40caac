"""Writing controls. Every write lays the expected occurrences out again and derives the states anew."""

import copy
import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, canonical, record, record_many
from controls.catalogue.drafts import Draft, check, checked_criteria, known_legs, new_control, tidied, tidy
from controls.catalogue.past import refuse_to_retire
from controls.models import CadenceChange, Control, ControlCriterion, ControlSystem
from controls.occurrences.layout import lay_out
from controls.status.keep import refresh
from inventory.models import Person, System
from ui.refusals import ActionRefused
from workflow.changes import change, differences, differing
from workflow.uniqueness import refusing_taken

STALE = "Somebody has changed this since you opened the page. Look at it again, then make your change."
WRITTEN = (
    "code", "title", "objective", "operation", "owner_role", "in_scope_since", "evidence_expected", "test_procedure",
    "instructions", "priority",
)  # fmt: skip


@action
def create_control(
    *, actor: Actor, criteria: Mapping[str, str] | None = None, systems: Collection[System] = (), **facts: Any
) -> Control:
    """Add a control, with notes by criterion and the systems it covers."""
    draft = Draft(new_control(facts), checked_criteria(criteria or {}), systems)
    insert([draft], "control.create", actor=actor)
    return draft.control


def insert(drafts: Sequence[Draft], verb: str, *, actor: Actor) -> None:
    """Write new controls in few statements, an event for each. Part of a caller's action."""
    if not drafts:
        return
    controls = [draft.control for draft in drafts]
    with refusing_taken(Control):
        Control.objects.bulk_create(controls, batch_size=500)
    cadences, answers, covers = zip(*(draft.rows() for draft in drafts), strict=True)
    CadenceChange.objects.bulk_create([row for rows in cadences for row in rows], batch_size=1000)
    ControlCriterion.objects.bulk_create([row for rows in answers for row in rows], batch_size=1000)
    ControlSystem.objects.bulk_create([row for rows in covers for row in rows], batch_size=1000)
    entries = [_entry(draft.control, after=draft.recorded()) for draft in drafts]
    record_many(verb, actor=actor, entries=entries)
    follow(controls, actor=actor)


def follow(controls: Collection[Control], *, actor: Actor) -> None:
    """Lay out what is now expected of these controls, and derive their states."""
    keys = [control.pk for control in controls]
    lay_out(keys, actor=actor)
    refresh(keys)


def edit_control(control: Control, *, actor: Actor, stamp: str = "", reason: str = "", **facts: Any) -> Control:
    """Change what is written about a control. `stamp` is what the page showed (`stamp_of`): a stale one is refused.

    Another day since which it is in scope wants a reason: what was missed before that day is not asked for any more.
    """
    current = Control.objects.get(pk=control.pk)
    kept = tidied(facts)
    return _edit_control(current, actor, kept, stamp, tidy(reason)) if differing(current, kept) else current


@action
def _edit_control(control: Control, actor: Actor, facts: dict[str, Any], stamp: str, reason: str) -> Control:
    locked = _locked(control)
    if stamp and stamp != stamp_of(locked):
        raise ActionRefused(STALE)
    wanted = copy.copy(locked)
    for name, value in facts.items():
        setattr(wanted, name, value)
    check(wanted)
    if wanted.in_scope_since != locked.in_scope_since:
        _move_start(wanted)
        said(reason)
    with refusing_taken(Control):
        changed = change(locked, "control.edit", actor=actor, fields=facts, note=reason)
    follow([changed], actor=actor)
    return changed


def stamp_of(control: Control) -> str:
    """A short mark of what is written about a control, for noticing that it changed under an open page."""
    return mark_of({name: getattr(control, name) for name in WRITTEN})


def mark_of(shown: Any) -> str:
    """A short mark of what a page shows, for noticing that it is not so any more."""
    return hashlib.sha256(canonical(shown).encode()).hexdigest()[:16]


def _move_start(control: Control) -> None:
    """The day it came into scope is also the first of its cadence."""
    first, *later = CadenceChange.objects.filter(control=control)[:2]
    if later and control.in_scope_since >= later[0].from_date:
        sentence = f"Its frequency changed on {later[0].from_date:%-d %B %Y}; it was in scope before that."
        raise ActionRefused(sentence, field="in_scope_since")
    if control.retired_on and control.in_scope_since > control.retired_on:
        raise ActionRefused("It was retired before that day.", field="in_scope_since")
    if first.from_date != control.in_scope_since:
        CadenceChange.objects.filter(pk=first.pk).update(from_date=control.in_scope_since)


@action
def retire_control(control: Control, *, actor: Actor, reason: str, retired_on: dt.date | None = None) -> None:
    """Take a control out of service from a day on. Its past, and its evidence, stay."""
    day = retired_on or today()
    if day > today():
        raise ActionRefused("Retire it when the day has come.", field="retired_on")
    if day < control.in_scope_since:
        raise ActionRefused("It was not in scope yet on that day.", field="retired_on")
    refuse_to_retire(control, day)
    Control.RETIRE.apply(control, actor=actor, note=said(reason), retired_on=day)
    follow([control], actor=actor)


@action
def restore_control(control: Control, *, actor: Actor, reason: str) -> None:
    """Put it back into service, as if it had never left."""
    Control.RESTORE.apply(control, actor=actor, note=said(reason), retired_on=None)
    follow([control], actor=actor)


@action
def assign_owner(controls: Collection[Control], owner: Person | None, *, actor: Actor) -> list[Control]:
    """Give controls to a person, or to nobody; an event for each whose owner changes. Returns those."""
    if owner is not None and owner.has_left(today()):
        raise ActionRefused(f"{owner} does not work here any more.", field="owner")
    keys = [control.pk for control in controls]
    rows = Control.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("owner")
    changed = [row for row in rows if row.owner_id != (owner.pk if owner else None)]
    if not changed:
        raise ActionRefused(f"With {owner or 'nobody'} already: nothing was changed.", field="owner")
    Control.objects.filter(pk__in=[row.pk for row in changed]).update(owner=owner)
    after = {"owner": owner.name if owner else None}
    entries = [_entry(row, before={"owner": row.owner.name if row.owner else None}, after=after) for row in changed]
    record_many("control.assign", actor=actor, entries=entries)
    for row in changed:
        row.owner = owner
    follow(changed, actor=actor)
    return changed


@action
def answer_criteria(control: Control, criteria: Mapping[str, str], *, actor: Actor, stamp: str = "") -> None:
    """Say which criteria a control answers, and how: these and no others. `stamp` is the mark of those that the page showed."""
    locked, wanted = _locked(control), checked_criteria(criteria)
    present = dict(ControlCriterion.objects.filter(control=locked).values_list("criterion", "note"))
    if stamp and stamp != mark_of(present):
        raise ActionRefused(STALE)
    if present == wanted:
        raise ActionRefused("Nothing was changed.")
    before, after = _differences(present, wanted)
    ControlCriterion.objects.filter(control=locked, criterion__in=[*before, *after]).delete()
    rows = [ControlCriterion(control=locked, criterion=key, note=wanted[key]) for key in after]
    ControlCriterion.objects.bulk_create(rows)
    record("control.answer", locked, actor=actor, before={"criteria": before}, after={"criteria": after})
    follow([locked], actor=actor)


@action
def need_legs(control: Control, legs: Collection[str], *, actor: Actor, reason: str = "") -> None:
    """Say which of the four legs a control needs; what it does without wants a reason."""
    locked, said = _locked(control), tidy(reason)
    facts = {"legs": known_legs(legs, said), "legs_reason": said}
    follow([change(locked, "control.need", actor=actor, fields=differences(locked, facts))], actor=actor)


@action
def cover_systems(control: Control, systems: Collection[System], *, actor: Actor, stamp: str = "") -> None:
    """Say which systems a control covers: these and no others. `stamp` is the mark of the keys that the page showed, in order."""
    locked = _locked(control)
    present = {row.system_id: row.system for row in ControlSystem.objects.filter(control=locked).select_related("system")}
    wanted = {system.pk: system for system in systems}
    if stamp and stamp != mark_of(sorted(present)):
        raise ActionRefused(STALE)
    if present.keys() == wanted.keys():
        raise ActionRefused("Nothing was changed.")
    ControlSystem.objects.filter(control=locked).exclude(system__in=wanted).delete()
    new = [ControlSystem(control=locked, system=one) for key, one in wanted.items() if key not in present]
    ControlSystem.objects.bulk_create(new)
    names = [sorted(one.name for one in side.values()) for side in (present, wanted)]
    record("control.cover", locked, actor=actor, before={"systems": names[0]}, after={"systems": names[1]})


def today() -> dt.date:
    """The organization's day."""
    return timezone.localdate()


def _differences(present: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is gone or was different, and what is new or is different."""
    before = {key: note for key, note in present.items() if wanted.get(key) != note}
    return before, {key: note for key, note in wanted.items() if present.get(key) != note}


def _locked(control: Control) -> Control:
    return Control.objects.select_for_update(of=("self",)).get(pk=control.pk)


def _entry(control: Control, *, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None) -> Entry:
    return Entry(control._meta.label_lower, control.pk, str(control), before=before, after=after)


def said(reason: str) -> str:
    """The reason, tidied. Raises ActionRefused without one."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    return reason.strip()
