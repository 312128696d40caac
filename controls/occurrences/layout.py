"""Laying out what is expected of controls: one row for each occurrence, ahead of time.

What is expected goes by COPY into a temporary table, and the rows follow from it in a few statements, whatever the number of
controls: a daily control has 365 rows a year. Nothing is done twice, and nothing is deleted: an open row that no longer follows
is withdrawn, with an event; what was performed, stated or excused stays, but for a statement that nothing occurred when
something did.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import Entry, record_many
from controls.models import Control, Occurrence
from controls.models.control import Cadence
from controls.occurrences.cadence import (
    Change,
    Event,
    Expected,
    InForce,
    expected_configuration,
    expected_events,
    expected_intervals,
    expected_statements,
    in_force,
)
from controls.occurrences.calendar import INTERVALS, interval_of
from controls.occurrences.events import name_of, population_of
from controls.occurrences.horizon import Horizon, current_horizon
from controls.occurrences.rows import (
    Difference,
    Missing,
    Refuted,
    add,
    change,
    count_missing,
    differences,
    expecting,
    refute,
    refuted,
)
from controls.status.keep import refresh
from tenancy.models import Organization


@dataclass(frozen=True, slots=True)
class Laid:
    """How many rows were added, withdrawn, and given other dates or expected again."""

    added: int = 0
    withdrawn: int = 0
    moved: int = 0


@dataclass(slots=True)
class _Plan:
    """What is known while the rows are computed: the events of each population, and spans that controls share."""

    horizon: Horizon
    events: dict[str, list[Event]] = field(default_factory=dict)
    intervals: dict[InForce, list[Expected]] = field(default_factory=dict)

    def events_of(self, kind: str) -> list[Event]:
        """What happened in a population from the first day that is laid out to today."""
        if kind not in self.events:
            population = population_of(kind)
            found = population.events(self.horizon.first, self.horizon.today) if population else ()
            self.events[kind] = list(found)
        return self.events[kind]

    def intervals_of(self, span: InForce) -> list[Expected]:
        """The intervals of a span: most controls of one cadence share them."""
        if span not in self.intervals:
            self.intervals[span] = list(expected_intervals(span, self.horizon.first))
        return self.intervals[span]


def lay_out(control_ids: Collection[uuid.UUID] | None = None, *, actor: Actor) -> Laid:
    """Bring the occurrences of these controls, or of all, in line with their cadences and with the audit periods.

    Called in the transaction of what changed them. Idempotent. Works on the controls as the database has them now.
    """
    keys = list(Control.objects.values_list("pk", flat=True)) if control_ids is None else list(control_ids)
    return _lay_out(keys, actor) if keys else Laid()


def keep_laid_out(_organization: Organization, _at: dt.datetime) -> None:
    """What the schedule does: lay out the controls whose rows do not reach as far as they should, or that wait for events."""
    horizon = current_horizon()
    wanting = [control.pk for control in _by_reach(horizon) if _is_short(control, horizon)]
    if wanting and _lay_out(wanting, SCHEDULE) != Laid():
        refresh(wanting)


def _by_reach(horizon: Horizon) -> Iterable[Control]:
    """The controls that still run, each with the last day that its intervals reach."""
    intervals = Occurrence.objects.filter(control=OuterRef("pk"), kind=Occurrence.Kind.INTERVAL)
    reached = intervals.order_by("-ends_on").values("ends_on")[:1]
    active = Control.objects.filter(status=Control.Status.ACTIVE).annotate(latest=Max("cadences__from_date"))
    return active.annotate(reach=Subquery(reached)).only("pk", "cadence", "in_scope_since")


def _is_short(control: Control, horizon: Horizon) -> bool:
    cadence = Cadence(control.cadence)
    if cadence not in INTERVALS:
        return True
    begins = max(control.latest or control.in_scope_since, control.in_scope_since)  # type: ignore[attr-defined] # annotated
    reach: dt.date | None = control.reach  # type: ignore[attr-defined] # annotated
    following = interval_of(cadence, reach).next() if reach else interval_of(cadence, begins).next()
    return following.last <= horizon.until


def _lay_out(keys: Sequence[uuid.UUID], actor: Actor) -> Laid:
    locked = Control.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    controls = list(locked.prefetch_related("cadences"))
    plan = _Plan(current_horizon())
    lines = ((control.pk, one, one.ends_on <= plan.horizon.until) for control in controls for one in _expected(control, plan))
    with connection.cursor() as cursor, expecting(cursor, keys, lines):
        missing = count_missing(cursor)
        found = differences(cursor, plan.horizon.first)
        wrong = refuted(cursor, plan.horizon.first)
        by_key = {control.pk: control for control in controls}
        if missing or found:
            _apply(cursor, by_key, missing, found, actor)
        if wrong:
            _withdraw_statements(cursor, by_key, wrong, actor)
    gone = sum(one.new is None for one in found)
    return Laid(sum(one.count for one in missing), gone + len(wrong), len(found) - gone)


@action
def _apply(
    cursor: Any, controls: dict[uuid.UUID, Control], missing: list[Missing], found: list[Difference], actor: Actor
) -> None:
    """Add, move and withdraw: one event for each control with how many rows it got, one for each row that changed."""
    if missing:
        add(cursor)
        entries = [
            Entry("controls.control", one.control_id, str(controls[one.control_id]), metadata=one.facts) for one in missing
        ]
        record_many("control.lay_out", actor=actor, entries=entries)
    for verb, wanted in _VERBS.items():
        chosen = [one for one in found if wanted(one)]
        change(cursor, chosen)
        record_many(verb, actor=actor, entries=[one.entry(controls[one.control_id].code) for one in chosen])


@action
def _withdraw_statements(cursor: Any, controls: dict[uuid.UUID, Control], wrong: list[Refuted], actor: Actor) -> None:
    refute(cursor, wrong)
    record_many(Occurrence.REFUTE.verb, actor=actor, entries=[one.entry(controls[one.control_id].code) for one in wrong])


# Which event a difference is.
_VERBS: dict[str, Callable[[Difference], bool]] = {
    Occurrence.WITHDRAW.verb: lambda one: one.new is None,
    Occurrence.EXPECT.verb: lambda one: one.new is not None and one.status == Occurrence.Status.WITHDRAWN,
    "occurrence.move": lambda one: one.new is not None and one.status == Occurrence.Status.OPEN,
}


def _expected(control: Control, plan: _Plan) -> Iterator[Expected]:
    """All that is expected of one control, as far as rows may reach."""
    horizon = plan.horizon
    changes = [Change(one.from_date, Cadence(one.cadence), one.grace_days, one.population) for one in control.cadences.all()]
    first = Change(control.in_scope_since, Cadence(control.cadence), control.grace_days, control.population)
    for span in in_force(changes or [first], control.in_scope_since, horizon.limit, control.retired_on):
        if span.cadence in INTERVALS:
            yield from plan.intervals_of(span)
        elif span.cadence == Cadence.PER_EVENT:
            yield from _of_population(span, plan)
        else:
            for period in horizon.periods:
                yield from expected_configuration(span, period.pk, period.name, period.starts_on, period.ends_on)


def _of_population(span: InForce, plan: _Plan) -> Iterator[Expected]:
    """A row for each event, and one for each quarter without, in which the owner states that there was none.

    Of a population that nothing here holds, the owner shows or states each quarter what there was.
    """
    today, first = plan.horizon.today, plan.horizon.first
    events = plan.events_of(span.population)
    yield from expected_events(span, events)
    name = name_of(span.population)
    label = f"no {name.lower()}" if population_of(span.population) else name.lower()
    yield from expected_statements(span, events, label, first, today)
