"""Importing controls from a file, in one act: what is new is added, what is there and differs is changed."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import Entry, record, record_many
from controls.catalogue.actions import follow, insert, today
from controls.catalogue.cadences import in_words
from controls.catalogue.planning import Change, Plan, cadence_row, plan_of
from controls.catalogue.reading import read_sheet
from controls.models import CadenceChange, Control, ControlCriterion, ControlSystem
from evidence.files import open_file, store
from evidence.models import StoredFile
from tenancy.models import current_organization
from workflow.changes import shown

RECEIVED = "controls.receive"
CHANGED = "The controls have changed since this preview was made. Look at the new one below, then import it."
Pairs = Sequence[tuple[dict[str, Any], dict[str, Any]]]
Notes = Mapping[uuid.UUID, Mapping[str, Any]]


@action
def receive(*, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a file of controls, and see that it is one. Raises ActionRefused. Nothing is imported yet."""
    stored = store(upload, upload.name or "controls")
    with open_file(stored) as file:
        sheet = read_sheet(file)
    facts = {"sha256": stored.sha256, "rows": len(sheet.lines), "columns": sheet.columns}
    record(RECEIVED, stored, actor=actor, metadata=facts)
    return stored


def was_received(file_id: uuid.UUID) -> bool:
    """Whether a stored file came as a file of controls: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).exists()


def preview(file: StoredFile, accepted: Collection[int] = ()) -> Plan:
    """What importing it would do now. Raises ActionRefused when the storage has lost it."""
    with open_file(file) as source:
        return plan_of(read_sheet(source), today(), accepted)


@action
def import_controls(
    file: StoredFile, *, actor: Actor, stamp: str = "", accepted: Collection[int] = (), leave_out_wrong: bool = False
) -> Plan:
    """Do what the preview said. `stamp` is that of the plan that was shown, with `accepted` as it was there.

    Raises ActionRefused when rows are wrong and it was not said to leave them out, when there is nothing to do, or when the
    controls have changed since.
    """
    list(Control.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    plan = preview(file, accepted)
    is_other = bool(stamp) and stamp != preview(file).stamp()
    plan.refuse(changed=CHANGED if is_other else "", leave_out_wrong=leave_out_wrong)
    insert([draft for _, draft in plan.new], "control.import", actor=actor)
    _write([change for _, change in plan.changes], actor, f"By the import of {file.name}.")
    counts = {"added": len(plan.new), "changed": len(plan.changes), "unchanged": len(plan.same), "left out": len(plan.wrong)}
    organization = current_organization()
    about = {"file": file.name, "sha256": file.sha256, **counts}
    record("controls.import", organization, actor=actor, metadata=about)
    return plan


def _write(changes: Sequence[Change], actor: Actor, reason: str) -> None:
    if not changes:
        return
    _write_facts([change for change in changes if change.facts], actor, reason)
    _write_criteria([change for change in changes if change.criteria is not None], actor)
    _write_systems([change for change in changes if change.systems is not None], actor)
    for change in changes:
        if change.cadences is not None:
            _write_cadences(change, actor)
    follow([change.control for change in changes], actor=actor)


def _write_facts(changes: Sequence[Change], actor: Actor, reason: str) -> None:
    """Everything but the state in one statement; retiring and restoring are moves of their own."""
    pairs, plain, moved = [], [], set()
    for change in changes:
        control, facts = change.control, dict(change.facts)
        retired = facts.pop("retired_on", control.retired_on)
        if retired != control.retired_on and control.retired_on and retired:
            facts["retired_on"] = retired
        if facts:
            before = {name: shown(getattr(control, name)) for name in facts}
            pairs.append((before, {name: shown(value) for name, value in facts.items()}))
            plain.append(control)
            if "in_scope_since" in facts:
                moved.add(control.pk)
            _take(control, facts)
        _move(control, retired, actor)
    if plain:
        touched = sorted({name for change in changes for name in change.facts if name != "retired_on"} | {"retired_on"})
        Control.objects.bulk_update(plain, touched, batch_size=500)
    _tell("control.import", plain, pairs, actor, {key: {"note": reason} for key in moved})


def _take(control: Control, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(control, name, value)
    if "in_scope_since" in facts:
        first = CadenceChange.objects.filter(control=control).order_by("from_date").values("pk")[:1]
        CadenceChange.objects.filter(pk__in=first).update(from_date=control.in_scope_since)


def _move(control: Control, retired: Any, actor: Actor) -> None:
    if retired and control.status == Control.Status.ACTIVE:
        Control.RETIRE.apply(control, actor=actor, note="Retired in an imported file.", retired_on=retired)
    elif not retired and control.status == Control.Status.RETIRED:
        Control.RESTORE.apply(control, actor=actor, note="In service in an imported file.", retired_on=None)


def _write_criteria(changes: Sequence[Change], actor: Actor) -> None:
    keys = [change.control.pk for change in changes]
    before: dict[uuid.UUID, dict[str, str]] = {key: {} for key in keys}
    for row in ControlCriterion.objects.filter(control__in=keys).order_by("criterion"):
        before[row.control_id][row.criterion] = row.note
    ControlCriterion.objects.filter(control__in=keys).delete()
    rows = [
        ControlCriterion(control=change.control, criterion=key, note=note)
        for change in changes
        for key, note in (change.criteria or {}).items()
    ]
    ControlCriterion.objects.bulk_create(rows, batch_size=1000)
    pairs = [({"criteria": before[change.control.pk]}, {"criteria": change.criteria}) for change in changes]
    _tell("control.answer", [change.control for change in changes], pairs, actor)


def _write_systems(changes: Sequence[Change], actor: Actor) -> None:
    keys = [change.control.pk for change in changes]
    before: dict[uuid.UUID, list[str]] = {key: [] for key in keys}
    for key, name in (
        ControlSystem.objects.filter(control__in=keys).order_by("system__name").values_list("control", "system__name")
    ):
        before[key].append(name)
    ControlSystem.objects.filter(control__in=keys).delete()
    rows = [ControlSystem(control=change.control, system=one) for change in changes for one in change.systems or ()]
    ControlSystem.objects.bulk_create(rows, batch_size=1000)
    pairs = [
        ({"systems": before[change.control.pk]}, {"systems": sorted(one.name for one in change.systems or ())})
        for change in changes
    ]
    _tell("control.cover", [change.control for change in changes], pairs, actor)


def _write_cadences(change: Change, actor: Actor) -> None:
    """One line holds from today on; several are the whole history."""
    control, said = change.control, change.cadences or []
    rows = list(CadenceChange.objects.filter(control=control).order_by("from_date"))
    before = {"frequency": [_told(row) for row in rows]}
    if len(said) == 1:
        new = cadence_row(control, said[0])
        new.from_date = max(today(), control.in_scope_since)
        wanted = [*(row for row in rows if row.from_date < new.from_date), new]
    else:
        wanted = [cadence_row(control, one) for one in said]
    CadenceChange.objects.filter(control=control).delete()
    wanted = [_copied(row, control) for row in wanted]
    CadenceChange.objects.bulk_create(wanted)
    holding = next((row for row in reversed(wanted) if row.from_date <= today()), wanted[0])
    Control.objects.filter(pk=control.pk).update(
        cadence=holding.cadence, population=holding.population, grace_days=holding.grace_days
    )
    after = {"frequency": [_told(row) for row in wanted]}
    _tell("control.change_frequency", [control], [(before, after)], actor)


def _copied(row: CadenceChange, control: Control) -> CadenceChange:
    return CadenceChange(
        control=control, from_date=row.from_date, cadence=row.cadence, population=row.population, grace_days=row.grace_days
    )


def _told(row: CadenceChange) -> str:
    return f"{in_words(row)} from {row.from_date}"


def _tell(verb: str, controls: Sequence[Control], pairs: Pairs, actor: Actor, about: Notes | None = None) -> None:
    """An event for each control; `about` has the metadata of some of them by key."""
    kind = Control._meta.label_lower
    entries = [
        Entry(kind, control.pk, str(control), before=before, after=after, metadata=(about or {}).get(control.pk, {}))
        for control, (before, after) in zip(controls, pairs, strict=True)
    ]
    record_many(verb, actor=actor, entries=entries)
