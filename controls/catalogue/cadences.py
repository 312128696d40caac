"""Changing when a control is performed, from a day on. Earlier days keep what was expected of them."""

import datetime as dt
from typing import Any

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from controls.catalogue.actions import follow, said, today
from controls.catalogue.drafts import checked_cadence
from controls.models import CadenceChange, Control
from controls.models.control import Cadence
from controls.occurrences.cadence import EVENT_BUSINESS_DAYS
from controls.occurrences.events import name_of
from tenancy.models import Organization
from ui.refusals import ActionRefused
from ui.values import spelled

MOST_GRACE = 90


@action
def change_cadence(
    control: Control,
    *,
    actor: Actor,
    cadence: str,
    from_date: dt.date,
    reason: str,
    population: str = "",
    grace_days: int = 0,
) -> CadenceChange:
    """From a day on the control has another cadence; what was planned for later days stays planned."""
    locked = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    if locked.status != Control.Status.ACTIVE:
        raise ActionRefused(f"{locked} is retired: nothing is expected of it.")
    if from_date < locked.in_scope_since:
        raise ActionRefused(f"It is in scope from {spelled(locked.in_scope_since)} only.", field="from_date")
    if not 0 <= grace_days <= MOST_GRACE:
        raise ActionRefused(f"From 0 to {MOST_GRACE} days.", field="grace_days")
    if cadence not in Cadence.values:
        raise ActionRefused("Choose a frequency.", field="cadence")
    cadence, population = checked_cadence(cadence, population)
    before = holding_on(locked, from_date)
    wanted = {"cadence": cadence, "population": population, "grace_days": grace_days}
    if before is not None and all(getattr(before, name) == value for name, value in wanted.items()):
        raise ActionRefused(f"It is {in_words(before)} on that day already.", field="cadence")
    row, _ = CadenceChange.objects.update_or_create(control=locked, from_date=from_date, defaults=wanted)
    was = {"frequency": in_words(before) if before else ""}
    is_now = {"frequency": in_words(row), "from": from_date}
    record("control.change_frequency", locked, actor=actor, before=was, after=is_now, note=said(reason))
    _put_on(locked, today())
    follow([locked], actor=actor)
    return row


def holding_on(control: Control, day: dt.date) -> CadenceChange | None:
    """The cadence that holds on a day; None before the control came into scope."""
    return CadenceChange.objects.filter(control=control, from_date__lte=day).order_by("-from_date").first()


def in_words(row: Any) -> str:
    """Of anything with a cadence: `Quarterly, 5 days of grace`, `Per event: Joiners, within 1 business day`."""
    words, days = str(Cadence(row.cadence).label), getattr(row, "grace_days", 0)
    if row.cadence == Cadence.PER_EVENT:
        within = days or EVENT_BUSINESS_DAYS
        return f"{words}: {name_of(row.population)}, within {within} business {_days(within)}"
    return f"{words}, {days} {_days(days)} of grace" if days else words


def _days(number: int) -> str:
    return "day" if number == 1 else "days"


def begin_planned(organization: Organization, _now: dt.datetime) -> None:
    """Put on each control the cadence that holds since today. Runs by the schedule."""
    day = organization.today()
    latest = CadenceChange.objects.filter(from_date__lte=day).order_by("control_id", "-from_date").distinct("control_id")
    for row in latest.select_related("control"):
        control = row.control
        if (row.cadence, row.population, row.grace_days) != (control.cadence, control.population, control.grace_days):
            _begin(control, day)


@action
def _begin(control: Control, day: dt.date) -> None:
    locked = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    row = holding_on(locked, day)
    record(
        "control.begin_frequency",
        locked,
        actor=SCHEDULE,
        before={"frequency": in_words(locked)},
        after={"frequency": in_words(row)},
    )
    _put_on(locked, day)


def _put_on(control: Control, day: dt.date) -> None:
    """What holds on the day, on the control itself, for lists."""
    row = holding_on(control, max(day, control.in_scope_since))
    if row is not None:
        Control.objects.filter(pk=control.pk).update(cadence=row.cadence, population=row.population, grace_days=row.grace_days)
