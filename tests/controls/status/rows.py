"""Controls with evidence, occurrences and tests as rows, each with its event."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import System
from audit.record import record
from controls.models import (
    AuditPeriod,
    Control,
    ControlCriterion,
    ControlEvidence,
    ControlTest,
    Occurrence,
)
from controls.models.control import Leg
from evidence.models import Evidence, FileCheck, Population, StoredFile
from inventory.models import Person
from tenancy.models import current_organization
from tenancy.scope import now
from tests.controls.status.world import END, START, Expected, Item, Trial, World

BUILDER = System("test")
numbers = itertools.count(1)


@action
def period(name: str = "First half", starts_on: dt.date = START, ends_on: dt.date = END, **fields: Any) -> AuditPeriod:
    """An open Type II period."""
    made = AuditPeriod.objects.create(name=name, starts_on=starts_on, ends_on=ends_on, **fields)
    record("period.create", made, actor=BUILDER)
    return made


@action
def control(*, criteria: Sequence[str] = ("CC6.1",), **fields: Any) -> Control:
    """A monthly control in scope since long ago."""
    fields = {"in_scope_since": dt.date(2020, 1, 1), "cadence": "monthly", **fields}
    made = Control.objects.create(code=f"C-{next(numbers):04d}", title="A control", **fields)
    for criterion in criteria:
        ControlCriterion.objects.create(control=made, criterion=criterion)
    record("control.create", made, actor=BUILDER)
    return made


@action
def give(one: Control, owner: Person | None) -> None:
    """Another owner, or none."""
    one.owner = owner
    one.save(update_fields=["owner"])
    record("control.edit", one, actor=BUILDER)


@action
def evidence(item: Item | None = None, **fields: Any) -> Evidence:
    """An item with a file of its own. One of a single day names no period: it was collected late on that day."""
    file = stored(damaged=item is not None and item.damaged)
    if item is not None:
        fields |= {"expires_on": item.expires_on, **_span(item)}
    fields = {"title": "Proof", "collected_at": now(), "method": "manual", **fields}
    made = Evidence.objects.create(
        reference=f"EV-{next(numbers)}", category="other", source="Test", collector="Test", file=file, **fields
    )
    record("evidence.add", made, actor=BUILDER)
    return made


def _span(item: Item) -> dict[str, Any]:
    if item.since != item.until:
        return {"period_from": item.since, "period_to": item.until}
    zone = current_organization().tzinfo
    return {"collected_at": dt.datetime.combine(item.since, dt.time(23, 30), zone)}


def stored(*, damaged: bool = False) -> StoredFile:
    """A file as the database knows it; `damaged` as the last check found it."""
    digest = hashlib.sha256(str(next(numbers)).encode()).hexdigest()
    file = StoredFile.objects.create(sha256=digest, size=1, content_type="text/plain", name="proof.txt")
    result = FileCheck.Result.MISSING if damaged else FileCheck.Result.INTACT
    FileCheck.objects.create(file=file, result=result, checked_at=now(), since=now())
    return file


@action
def link(of: Control, item: Evidence, leg: str, occurrence: Occurrence | None = None, **fields: Any) -> ControlEvidence:
    """Evidence for a leg."""
    made = ControlEvidence.objects.create(control=of, evidence=item, leg=leg, occurrence=occurrence, **fields)
    record("control_evidence.link", made, actor=BUILDER)
    return made


@action
def occurrence(of: Control, expected: Expected, **fields: Any) -> Occurrence:
    """One that is expected of a control."""
    number = next(numbers)
    made = Occurrence.objects.create(
        **{"kind": "interval", **fields}, control=of, key=str(number), label=f"No. {number}", starts_on=expected.ends_on,
        ends_on=expected.ends_on, opens_on=expected.ends_on, due_on=expected.due_on, missed_after=expected.missed_after,
        status=expected.status, performed_on=expected.performed_on, statement="Nothing occurred.",
    )  # fmt: skip
    record("control.lay_out", of, actor=BUILDER)
    return made


@action
def trial(of: Control, tested: Trial, **fields: Any) -> ControlTest:
    """A test of a control."""
    made = ControlTest.objects.create(control=of, tested_on=tested.on, result=tested.result, procedure="Looked.", **fields)
    record("control_test.record", made, actor=BUILDER)
    return made


@action
def answer(one: Control, criterion: str = "CC6.1") -> None:
    """A criterion it answers."""
    ControlCriterion.objects.create(control=one, criterion=criterion)
    record("control.edit", one, actor=BUILDER)


@action
def perform(row: Occurrence, on: dt.date) -> None:
    """An occurrence performed on a day."""
    Occurrence.objects.filter(pk=row.pk).update(status="performed", performed_on=on)
    record("occurrence.perform", row, actor=BUILDER)


def build(world: World, owner: Person) -> Control:
    """The control of a world, with all that is known of it."""
    made = control(owner=owner if world.owned else None, legs=sorted(world.needed))
    items = {item: evidence(item) for item in world.items}
    for item, proof in items.items():
        link(made, proof, item.leg)
    for expected in world.occurrences:
        row = occurrence(made, expected)
        if expected.proof is not None:
            link(made, items[expected.proof], Leg.OPERATION, row)
    for tested in world.tests:
        trial(made, tested)
    return made


@action
def population(period_from: dt.date, period_to: dt.date, **fields: Any) -> Population:
    """A population that is frozen."""
    fields = {"status": "frozen", "kind": "joiners", "title": "Joiners", "file": stored(), **fields}
    made = Population.objects.create(reference=f"POP-{next(numbers)}", period_from=period_from, period_to=period_to, **fields)
    record("population.freeze", made, actor=BUILDER)
    return made


def person_of(member: Member) -> Person:
    """The member on the roster."""
    return Person.objects.get(member=member)
