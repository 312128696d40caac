"""Which occurrences the cadence of a control leads one to expect. Pure: dates in, dates out.

The rules are those of docs/controls.md. They follow audit practice: a control has to work in each interval of its cadence, an
occurrence belongs to the audit period in which its interval ends, and one that is not done by the time the next is due is missed.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from controls.models.control import Cadence
from controls.models.occurrence import Occurrence
from controls.occurrences.calendar import DAY, INTERVALS, Interval, interval_of, intervals, spelled
from inventory.removals.due import add_business_days

Kind = Occurrence.Kind
# How many days before it is due an occurrence is asked for.
LEAD = {
    Cadence.DAILY: 0,
    Cadence.WEEKLY: 6,
    Cadence.MONTHLY: 14,
    Cadence.QUARTERLY: 30,
    Cadence.HALF_YEARLY: 45,
    Cadence.YEARLY: 60,
}
STATEMENT_DAYS = 10  # after the quarter
EVENT_BUSINESS_DAYS = 1
EVENT_MISSED_DAYS = 30
CONFIGURATION_MISSED_DAYS = 30
CHANGE_DAYS = 30  # to test what was changed


@dataclass(frozen=True, slots=True)
class InForce:
    """A cadence, and the first and last day on which it holds."""

    cadence: Cadence
    first: dt.date
    last: dt.date
    grace_days: int = 0
    population: str = ""
    began: dt.date | None = None  # when the same cadence already held before `first`

    @property
    def since(self) -> dt.date:
        """The first day of the cadence, whatever its days of grace were."""
        return self.began or self.first


@dataclass(frozen=True, slots=True)
class Change:
    """From which day a control has which cadence."""

    from_date: dt.date
    cadence: Cadence
    grace_days: int = 0
    population: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for which a control has to work. `key` is unique among the events of its kind."""

    key: str
    label: str
    on: dt.date
    subject_kind: str = ""
    subject_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """An occurrence as it is expected."""

    kind: str
    key: str
    label: str
    starts_on: dt.date
    ends_on: dt.date
    opens_on: dt.date
    due_on: dt.date
    missed_after: dt.date
    subject_kind: str = ""
    subject_id: uuid.UUID | None = None


def in_force(changes: Sequence[Change], since: dt.date, until: dt.date, retired_on: dt.date | None = None) -> list[InForce]:
    """The cadences of a control from the day it came into scope, each with its first and last day.

    A control that is retired on a day is out of scope from that day on. A row that changes nothing but days of grace goes on
    with the cadence before it.
    """
    last = min(until, retired_on - DAY) if retired_on else until
    ordered = sorted(changes, key=lambda change: change.from_date)
    # What began before the control came into scope holds from then on; of several the latest.
    starts = {max(change.from_date, since): change for change in ordered}
    spans = [*starts.items(), (last + DAY, ordered[-1])] if ordered else []
    found: list[InForce] = []
    for (first, change), (following, _) in pairwise(spans):
        if first > last:
            break
        before = found[-1] if found else None
        same = before is not None and (before.cadence, before.population) == (change.cadence, change.population)
        began = before.since if before and same else None
        found.append(InForce(change.cadence, first, min(following - DAY, last), change.grace_days, change.population, began))
    return found


def expected_intervals(span: InForce, first: dt.date) -> Iterator[Expected]:
    """The occurrences whose interval ends while the cadence holds, from `first`; none for a cadence without intervals.

    Of the interval in which the cadence begins at least half of the days must lie on or after its first day.
    """
    if span.cadence not in INTERVALS:
        return
    for interval in intervals(span.cadence, max(first, span.first), span.last):
        if _mostly_since(interval, span.since):
            yield _of_interval(interval, span)


def _mostly_since(interval: Interval, first: dt.date) -> bool:
    return interval.first >= first or 2 * ((interval.last - first).days + 1) >= interval.days


def _of_interval(interval: Interval, span: InForce) -> Expected:
    grace = dt.timedelta(days=span.grace_days)
    due = interval.last + grace
    starts = max(interval.first, span.since)
    return Expected(
        kind=Kind.INTERVAL.value,
        key=interval.key,
        label=interval.label,
        starts_on=starts,
        ends_on=interval.last,
        opens_on=max(starts, due - dt.timedelta(days=LEAD[interval.cadence])),
        due_on=due,
        missed_after=interval.next().last + grace,
    )


def expected_events(span: InForce, events: Iterable[Event]) -> Iterator[Expected]:
    """One for each event of the population that happened while the control ran per event."""
    for event in events:
        if span.first <= event.on <= span.last:
            due = add_business_days(event.on, span.grace_days or EVENT_BUSINESS_DAYS)
            yield Expected(
                kind=Kind.EVENT.value,
                key=f"{span.population}:{event.key}"[:80],
                label=event.label[:200],
                starts_on=event.on,
                ends_on=event.on,
                opens_on=event.on,
                due_on=due,
                missed_after=due + dt.timedelta(days=EVENT_MISSED_DAYS),
                subject_kind=event.subject_kind,
                subject_id=event.subject_id,
            )


def expected_statements(span: InForce, events: Iterable[Event], name: str, first: dt.date, today: dt.date) -> Iterator[Expected]:
    """One for each quarter that is over and had no event: `name` says of what there was none, such as "no joiners".

    A quarter in which the control began to run per event counts as one of a quarterly cadence would.
    """
    days = sorted(event.on for event in events)
    quarterly = replace(span, cadence=Cadence.QUARTERLY, grace_days=0, last=min(span.last, today - DAY))
    for quarter in expected_intervals(quarterly, first):
        if not any(quarter.starts_on <= day <= quarter.ends_on for day in days):
            due = quarter.ends_on + dt.timedelta(days=STATEMENT_DAYS)
            yield replace(
                quarter,
                kind=Kind.STATEMENT.value,
                key=f"none:{span.population}:{quarter.key}",
                label=f"{quarter.label}: {name}"[:200],
                opens_on=quarter.ends_on + DAY,
                due_on=due,
                missed_after=interval_of(Cadence.QUARTERLY, quarter.ends_on + DAY).last + dt.timedelta(days=STATEMENT_DAYS),
            )


def expected_configuration(span: InForce, period_id: uuid.UUID, name: str, first: dt.date, last: dt.date) -> Iterator[Expected]:
    """The one test of the configuration that an audit period wants of a continuous control; it is in scope at its end."""
    if span.cadence != Cadence.CONTINUOUS or not span.first <= last <= span.last:
        return
    due = last + dt.timedelta(days=span.grace_days)
    starts = max(first, span.since)
    yield Expected(
        kind=Kind.CONFIGURATION.value,
        key=f"period:{period_id}",
        label=f"Test of the configuration, {name}"[:200],
        starts_on=starts,
        ends_on=last,
        opens_on=max(starts, due - dt.timedelta(days=LEAD[Cadence.YEARLY])),
        due_on=due,
        missed_after=due + dt.timedelta(days=CONFIGURATION_MISSED_DAYS),
    )


def expected_after_change(on: dt.date) -> Expected:
    """The test that a change of the configuration asks for."""
    due = on + dt.timedelta(days=CHANGE_DAYS)
    return Expected(
        kind=Kind.CONFIGURATION.value,
        key=f"change:{on.isoformat()}",
        label=f"Test after the change of {spelled(on)}",
        starts_on=on,
        ends_on=on,
        opens_on=on,
        due_on=due,
        missed_after=due + dt.timedelta(days=CONFIGURATION_MISSED_DAYS),
    )
