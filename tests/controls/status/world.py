"""A small world of one control, and what its facts are on a day: said a second time, in plain Python."""

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from controls.models.control import Leg
from controls.status.rules import Facts, LegFacts

START, END = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
# Few days, so that much falls on the same one or on the edge of another.
DAYS = st.sampled_from([START + dt.timedelta(days=days) for days in (-60, -1, 0, 1, 20, 50, 51, 80, 120, 180, 181, 240)])
RESULTS = ("pass", "partial", "fail", "not_evaluable")


@dataclass(frozen=True)
class Item:
    """A current evidence item linked to one leg."""

    leg: Leg
    since: dt.date
    until: dt.date
    expires_on: dt.date | None = None
    damaged: bool = False


@dataclass(frozen=True)
class Expected:
    """An occurrence that ends in the period; `proof` is the place of its evidence among the items."""

    ends_on: dt.date
    grace: int = 0
    status: str = "open"
    performed_on: dt.date | None = None
    proof: Item | None = None

    @property
    def due_on(self) -> dt.date:
        return self.ends_on + dt.timedelta(days=self.grace)

    @property
    def missed_after(self) -> dt.date:
        return self.due_on + dt.timedelta(days=30)


@dataclass(frozen=True)
class Trial:
    """A test of the control."""

    on: dt.date
    result: str


@dataclass(frozen=True)
class World:
    """Everything dated that is known of one control."""

    owned: bool
    needed: frozenset[Leg]
    items: tuple[Item, ...]
    occurrences: tuple[Expected, ...]
    tests: tuple[Trial, ...]


def facts_of(world: World, day: dt.date) -> Facts:
    """The facts of the control in the period START to END, as of a day."""
    states = [_state(one, day) for one in _of_period(world)]
    tests = [one for _, one in sorted(enumerate(world.tests), key=lambda pair: (pair[1].on, pair[0])) if one.on <= day]
    inside = [one for one in tests if START <= one.on <= END]
    return Facts(
        owned=world.owned,
        needed=world.needed,
        legs={leg: _leg(world, leg, day) for leg in Leg},
        on_time=states.count("on_time"),
        late=states.count("late"),
        missed=states.count("missed"),
        did_not_occur=sum(one.status == "did_not_occur" for one in _of_period(world)),
        fallen_due=sum(one.status in {"open", "performed"} and one.due_on < day for one in _of_period(world)),
        last_result=_last(tests),
        last_verdict=_last([one for one in tests if one.result != "not_evaluable"]),
        period_result=_last(inside),
        period_verdict=_last([one for one in inside if one.result != "not_evaluable"]),
    )


def _of_period(world: World) -> list[Expected]:
    return [one for one in world.occurrences if START <= one.ends_on <= END]


def _state(one: Expected, day: dt.date) -> str:
    if one.status not in {"open", "performed"}:
        return one.status
    reached = one.performed_on or day
    if reached > one.missed_after:
        return "missed"
    if reached > one.due_on:
        return "late"
    return "on_time" if one.performed_on else "ahead"


def _leg(world: World, leg: Leg, day: dt.date) -> LegFacts:
    items = [one for one in world.items if one.leg == leg]
    if leg == Leg.OPERATION:
        items = [one for one in items if one.since <= END and one.until >= START]
    good = [one for one in items if not one.damaged]
    stale = [one for one in good if one.expires_on and one.expires_on < day]
    return LegFacts(fresh=len(good) - len(stale), stale=len(stale), damaged=len(items) - len(good))


def _last(tests: list[Trial]) -> str:
    return tests[-1].result if tests else ""


def withdrawn(world: World, place: int) -> World:
    """The same without one item; what it alone proved is open again."""
    gone = world.items[place]
    left = world.items[:place] + world.items[place + 1 :]
    reopened = [
        replace(one, status="open", performed_on=None, proof=None) if one.proof == gone and gone not in left else one
        for one in world.occurrences
    ]
    return replace(world, items=left, occurrences=tuple(reopened))


def damaged(world: World, place: int) -> World:
    """The same with the file of one item altered."""
    broken = replace(world.items[place], damaged=True)
    swapped = [replace(one, proof=broken) if one.proof == world.items[place] else one for one in world.occurrences]
    return replace(world, items=(*world.items[:place], broken, *world.items[place + 1 :]), occurrences=tuple(swapped))


@st.composite
def items(draw: st.DrawFn) -> Item:
    """An item of any leg, from before, within or after the period."""
    since = draw(DAYS)
    return Item(
        leg=draw(st.sampled_from(list(Leg))),
        since=since,
        until=since + dt.timedelta(days=draw(st.integers(0, 90))),
        expires_on=draw(st.none() | DAYS),
        damaged=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def occurrences(draw: st.DrawFn, proofs: list[Item]) -> Expected:
    """One that is open, performed with evidence, stated, excused or withdrawn."""
    ends_on = draw(DAYS)
    expected = Expected(ends_on, grace=draw(st.integers(0, 14)))
    operating = [one for one in proofs if one.leg == Leg.OPERATION]
    status = draw(st.sampled_from(["open", "performed", "did_not_occur", "not_applicable", "withdrawn"]))
    if status != "performed":
        return replace(expected, status=status)
    if not operating:
        return expected
    on = ends_on + dt.timedelta(days=draw(st.integers(-20, 60)))
    return replace(expected, status="performed", performed_on=on, proof=draw(st.sampled_from(operating)))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any control with a few items, occurrences and tests."""
    proofs = draw(st.lists(items(), max_size=5, unique=True))
    return World(
        owned=draw(st.booleans()),
        needed=frozenset(draw(st.sets(st.sampled_from(list(Leg)), min_size=1))),
        items=tuple(proofs),
        occurrences=tuple(draw(st.lists(occurrences(proofs), max_size=5))),
        tests=tuple(draw(st.lists(st.builds(Trial, DAYS, st.sampled_from(RESULTS)), max_size=4))),
    )


def latest_done(world: World) -> dt.date:
    """A day on which everything that was done has been done."""
    done = [one.performed_on for one in world.occurrences if one.performed_on]
    return max([*done, *(one.on for one in world.tests), START])
