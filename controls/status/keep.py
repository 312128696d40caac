"""Keeping what follows from the facts, so that lists can filter by it. The only writer of `ControlState`.

Called in the transaction of whatever changes a fact, and daily, as days pass by themselves. Closed periods are frozen.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from controls.models import AuditPeriod, Control, ControlState
from controls.status.facts import Ids, Known, facts_of
from controls.status.rules import derive
from tenancy.models import Organization, current_organization

_DERIVED = (
    "as_of", "in_scope", "design", "operation", "reasons", "evidence_count", "expected", "on_time",
    "last_tested_on", "next_due_on",
)  # fmt: skip

_waiting: ContextVar[list[Ids] | None] = ContextVar("waiting", default=None)


def refresh(control_ids: Collection[uuid.UUID] | None = None) -> None:
    """Derive the states of these controls, or of all, anew in every open period: a fixed number of queries for each period.

    Locks the controls first, so that of two transactions the later one sees what the earlier has changed. Within
    `deriving_once` it only notes them.
    """
    if control_ids is not None and not control_ids:
        return
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(control_ids)
        return
    organization = current_organization()
    periods = list(AuditPeriod.objects.filter(status=AuditPeriod.Status.OPEN).order_by("pk"))
    if not periods:
        return
    _lock(control_ids)
    for period in periods:
        _write(list(derived(period, organization.today(), organization, control_ids)), period, control_ids)


@contextmanager
def deriving_once() -> Iterator[None]:
    """Derive at the end of the block, once, what many acts within it would derive one by one. Stay in one transaction."""
    token = _waiting.set([])
    try:
        yield
        noted = _waiting.get() or []
    finally:
        _waiting.reset(token)
    if noted:
        refresh(None if None in noted else {key for keys in noted if keys is not None for key in keys})


def derived(period: AuditPeriod, day: dt.date, organization: Organization, control_ids: Ids = None) -> Iterator[ControlState]:
    """The states as of a day, not saved."""
    for known in facts_of(period, day, organization, control_ids):
        yield _state(period, day, known)


def refresh_daily(organization: Organization, at: dt.datetime) -> None:
    """Derive everything anew once on each local day, and again when a state is not there."""
    today = organization.day_of(at)
    periods = AuditPeriod.objects.filter(status=AuditPeriod.Status.OPEN).count()
    current = ControlState.objects.filter(period__status=AuditPeriod.Status.OPEN, as_of=today).count()
    if current != periods * Control.objects.count():
        refresh()


def _lock(control_ids: Ids) -> None:
    rows = Control.objects.all() if control_ids is None else Control.objects.filter(pk__in=list(control_ids))
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _state(period: AuditPeriod, day: dt.date, known: Known) -> ControlState:
    status = derive(known.facts)
    return ControlState(
        period=period,
        control_id=known.control_id,
        as_of=day,
        in_scope=known.in_scope,
        design=status.design,
        operation=status.operation,
        reasons=[reason.value for reason in status.reasons],
        evidence_count=known.evidence_count,
        expected=known.facts.expected,
        on_time=known.facts.on_time,
        last_tested_on=known.last_tested_on,
        next_due_on=known.next_due_on,
    )


def _write(states: list[ControlState], period: AuditPeriod, control_ids: Ids) -> None:
    """Insert or update those that differ from what is kept."""
    rows = ControlState.objects.filter(period=period)
    kept = {one.control_id: one for one in (rows if control_ids is None else rows.filter(control__in=list(control_ids)))}
    changed = [one for one in states if one.control_id not in kept or differs(one, kept[one.control_id])]
    ControlState.objects.bulk_create(
        changed,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["tenant", "period", "control"],
        update_fields=_DERIVED,
    )


def differs(one: ControlState, other: ControlState) -> bool:
    """Whether two states of the same control say different things."""
    return any(getattr(one, name) != getattr(other, name) for name in _DERIVED)
