"""Continuous controls: their configuration is tested once in a period, and after each change of it."""

import datetime as dt

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import CadenceChange, Control, ControlTest, Occurrence
from controls.models.control import Cadence
from controls.occurrences.cadence import expected_after_change
from controls.occurrences.calendar import spelled
from controls.occurrences.rights import authorise
from controls.status.keep import refresh
from tenancy.models import current_organization
from ui.refusals import ActionRefused

Kind = Occurrence.Kind


@action
def record_configuration_change(control: Control, on: dt.date, note: str, *, actor: Actor) -> Occurrence:
    """Note that what a continuous control rests on was changed on a day: it wants a test after it. Raises ActionRefused."""
    locked = Control.objects.select_related("owner").select_for_update(of=("self",)).get(pk=control.pk)
    authorise(actor, locked)
    if not note.strip():
        raise ActionRefused("Say what was changed.", field="note")
    if not locked.in_scope_since <= on <= current_organization().today():
        raise ActionRefused(f"From {spelled(locked.in_scope_since)}, and not after today.", field="on")
    if _cadence_on(locked, on) != Cadence.CONTINUOUS:
        raise ActionRefused("The control does not work continuously on that day: its occurrences show its operation.", field="on")
    one = expected_after_change(on)
    row, new = Occurrence.objects.get_or_create(
        control=locked,
        key=one.key,
        defaults={
            "kind": one.kind,
            "label": one.label,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "opens_on": one.opens_on,
            "due_on": one.due_on,
            "missed_after": one.missed_after,
        },
    )
    if not new:
        raise ActionRefused("A change on that day is noted already: one test after it covers both.", field="on")
    record("control.change_configuration", locked, actor=actor, after={"changed_on": on}, note=note.strip())
    refresh([locked.pk])
    return row


def satisfy(test: ControlTest, actor: Actor) -> None:
    """Let a test satisfy every test of the configuration that waits for one on its day; part of the test's own action.

    One that could not be evaluated satisfies nothing, and none makes good what was missed before its day.
    """
    if test.result == ControlTest.Result.NOT_EVALUABLE:
        return
    waiting = Occurrence.objects.filter(
        control=test.control_id,
        kind=Kind.CONFIGURATION,
        status=Occurrence.Status.OPEN,
        starts_on__lte=test.tested_on,
        missed_after__gte=test.tested_on,
    )
    for row in waiting.select_related("control").order_by("due_on"):
        Occurrence.PERFORM.apply(
            row,
            actor=actor,
            performed_on=test.tested_on,
            performed_by=test.tester,
            statement=f"{test}: {test.get_result_display()}",
        )


def _cadence_on(control: Control, day: dt.date) -> str:
    held = CadenceChange.objects.filter(control=control, from_date__lte=day).order_by("-from_date")
    return held.values_list("cadence", flat=True).first() or control.cadence
