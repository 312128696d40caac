"""Controls and periods for these tests, made as the product makes them: with an event, in an action."""

import datetime as dt
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import AuditPeriod, CadenceChange, Control
from controls.models.control import Cadence
from controls.occurrences.layout import lay_out


@action
def make_control(actor: Actor, code: str = "AC-001", cadence: str = Cadence.MONTHLY, **fields: Any) -> Control:
    """A control in scope since 1 January 2026 unless told otherwise, laid out."""
    fields = {"title": "Access is reviewed", "in_scope_since": dt.date(2026, 1, 1), **fields}
    control = Control.objects.create(code=code, cadence=cadence, **fields)
    facts = {"population": control.population, "grace_days": control.grace_days}
    CadenceChange.objects.create(control=control, from_date=control.in_scope_since, cadence=cadence, **facts)
    record("control.create", control, actor=actor)
    lay_out([control.pk], actor=actor)
    return control


@action
def change_cadence(control: Control, cadence: str, from_date: dt.date, actor: Actor, **fields: Any) -> None:
    """Another cadence from a day on."""
    CadenceChange.objects.create(control=control, from_date=from_date, cadence=cadence, **fields)
    Control.objects.filter(pk=control.pk).update(cadence=cadence, **fields)
    record("test.change", control, actor=actor)
    lay_out([control.pk], actor=actor)


@action
def make_period(actor: Actor, starts_on: dt.date, ends_on: dt.date, **fields: Any) -> AuditPeriod:
    """An open audit period, with every control laid out to its end."""
    period = AuditPeriod.objects.create(name=fields.pop("name", "2026"), starts_on=starts_on, ends_on=ends_on, **fields)
    record("period.create", period, actor=actor)
    lay_out(actor=actor)
    return period
