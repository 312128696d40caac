"""The two axes: single rules by example, and what may never raise a figure as properties of any world."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controls.models.control import Leg
from controls.models.state import Design, Operation, Reason
from controls.status.rules import DESIGN_RANK, OPERATION_RANK, Facts, LegFacts, derive
from tests.controls.status.world import (
    DAYS,
    Trial,
    World,
    damaged,
    facts_of,
    latest_done,
    withdrawn,
    worlds,
)

FRESH, STALE, DAMAGED = LegFacts(fresh=1), LegFacts(stale=1), LegFacts(damaged=1)
ALL = dict.fromkeys(Leg, FRESH)
DESIGNED: dict[Leg, LegFacts] = {leg: FRESH for leg in Leg if leg != Leg.OPERATION}
# Performed once, when it was due.
GOOD = Facts(legs=ALL, on_time=1, fallen_due=1)
# Stands on nothing but its operation, of which nothing was due yet.
ONLY_OPERATION = Facts(needed=frozenset({Leg.OPERATION}))


def without(leg: Leg) -> dict[Leg, LegFacts]:
    return {one: facts for one, facts in ALL.items() if one != leg}


def after_test(facts: Facts, latest: str, verdict: str = "") -> Facts:
    """The same after a test in the period; `verdict` is of an earlier one when the latest could tell nothing."""
    verdict = verdict or ("" if latest == "not_evaluable" else latest)
    return replace(facts, last_result=latest, last_verdict=verdict, period_result=latest, period_verdict=verdict)


def legs(**changed: LegFacts) -> dict[Leg, LegFacts]:
    return {**ALL, **{Leg(name): facts for name, facts in changed.items()}}


NO_DESIGN = "no_policy no_technical no_monitoring"
# What is known, and what must follow, worked out by hand from docs/controls.md.
BY_HAND = [
    (GOOD, "implemented", "not_tested", "not_tested"),
    (after_test(GOOD, "pass"), "implemented", "no_deviations", ""),
    (replace(GOOD, last_result="pass", last_verdict="pass"), "implemented", "not_tested", "not_tested"),
    (Facts(legs=DESIGNED), "implemented", "not_yet_due", ""),
    (Facts(legs=DESIGNED, did_not_occur=2), "implemented", "did_not_occur", ""),
    (after_test(Facts(legs=DESIGNED, did_not_occur=2), "pass"), "implemented", "did_not_occur", ""),
    (Facts(legs=DESIGNED, fallen_due=1, late=1), "partial", "deviations", "design_only late not_tested"),
    (Facts(legs=DESIGNED, needed=frozenset(DESIGNED), fallen_due=1, missed=1), "implemented", "deviations", "missed not_tested"),
    (replace(ONLY_OPERATION, legs={Leg.OPERATION: FRESH}), "implemented", "not_yet_due", ""),
    (replace(ONLY_OPERATION, legs={Leg.OPERATION: STALE}), "partial", "not_yet_due", "stale"),
    (replace(ONLY_OPERATION, legs={Leg.OPERATION: DAMAGED}), "not_evaluable", "not_yet_due", "file_damaged"),
    (replace(ONLY_OPERATION, legs={Leg.POLICY: FRESH}), "partial", "not_yet_due", "design_only"),
    (replace(GOOD, owned=False), "partial", "not_tested", "no_owner not_tested"),
    (replace(GOOD, legs=without(Leg.POLICY)), "partial", "not_tested", "no_policy not_tested"),
    (replace(GOOD, legs=without(Leg.TECHNICAL)), "partial", "not_tested", "no_technical not_tested"),
    (replace(GOOD, legs=without(Leg.MONITORING)), "partial", "not_tested", "no_monitoring not_tested"),
    (replace(GOOD, legs=without(Leg.OPERATION)), "partial", "not_tested", "design_only not_tested"),
    (replace(GOOD, legs=legs(policy=STALE)), "partial", "not_tested", "stale not_tested"),
    (replace(GOOD, legs=legs(policy=LegFacts(fresh=1, stale=3))), "implemented", "not_tested", "not_tested"),
    (replace(GOOD, legs=legs(policy=DAMAGED)), "not_evaluable", "not_tested", "file_damaged not_tested"),
    (replace(GOOD, legs=legs(policy=LegFacts(fresh=1, damaged=1))), "implemented", "not_tested", "file_damaged not_tested"),
    (after_test(GOOD, "fail"), "partial", "deviations", "failed_test"),
    (after_test(GOOD, "partial"), "partial", "deviations", "partial_test"),
    (after_test(GOOD, "not_evaluable"), "not_evaluable", "not_tested", "not_evaluated"),
    (after_test(GOOD, "not_evaluable", "fail"), "not_evaluable", "deviations", "failed_test not_evaluated"),
    (Facts(), "missing", "not_yet_due", NO_DESIGN),
    (Facts(fallen_due=1, missed=1), "missing", "deviations", f"{NO_DESIGN} no_evidence missed not_tested"),
    (after_test(Facts(), "not_evaluable"), "missing", "not_tested", f"{NO_DESIGN} not_evaluated"),
    (
        Facts(owned=False, legs=DESIGNED, fallen_due=1, missed=1),
        "missing",
        "deviations",
        "no_owner design_only missed not_tested",
    ),
    (Facts(owned=False, legs=DESIGNED), "partial", "not_yet_due", "no_owner"),
    (Facts(legs={Leg.POLICY: DAMAGED}), "not_evaluable", "not_yet_due", "no_technical no_monitoring file_damaged"),
    # Performed before it was due, with evidence that is stale by now: nothing has fallen due, so none is asked for yet.
    (Facts(legs=legs(operation=STALE), on_time=1), "implemented", "not_tested", "not_tested"),
    (Facts(legs={Leg.OPERATION: FRESH}), "partial", "not_yet_due", NO_DESIGN),
]


@pytest.mark.parametrize(("facts", "design", "operation", "reasons"), BY_HAND)
def test_the_status_is_what_was_worked_out_by_hand(facts, design, operation, reasons):
    status = derive(facts)
    assert (status.design, status.operation) == (design, operation)
    assert sorted(status.reasons) == sorted(reasons.split())


def test_every_status_and_every_reason_is_worked_out_by_hand():
    assert {design for _, design, _, _ in BY_HAND} == set(Design)
    assert {operation for _, _, operation, _ in BY_HAND} == set(Operation)
    assert {reason for *_, reasons in BY_HAND for reason in reasons.split()} == set(Reason)


MANY = settings(max_examples=400, deadline=None)


def ranks(world: World, day: dt.date) -> tuple[int, int, bool, int]:
    """Everything that may not rise: both ranks, readiness, and how many were on time."""
    facts = facts_of(world, day)
    status = derive(facts)
    return (
        DESIGN_RANK[status.design],
        OPERATION_RANK[status.operation],
        status.design == Design.IMPLEMENTED,
        facts.on_time,
    )


def never_rises(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return all(new <= old for old, new in zip(before, after, strict=True))


def share(world: World, day: dt.date) -> float | None:
    """The part that was on time; None when nothing can be judged."""
    facts = facts_of(world, day)
    return facts.on_time / facts.expected if facts.expected else None


@MANY
@given(worlds(), DAYS, st.data())
def test_withdrawing_evidence_never_raises_a_figure(world, day, data):
    if not world.items:
        return
    day = max(day, latest_done(world))
    poorer = withdrawn(world, data.draw(st.integers(0, len(world.items) - 1)))
    assert never_rises(ranks(world, day), ranks(poorer, day))
    old, new = share(world, day), share(poorer, day)
    assert old is None or new is None or new <= old


@MANY
@given(worlds(), DAYS, st.data())
def test_a_damaged_file_never_raises_a_figure(world, day, data):
    if not world.items:
        return
    poorer = damaged(world, data.draw(st.integers(0, len(world.items) - 1)))
    assert never_rises(ranks(world, day), ranks(poorer, day))


@MANY
@given(worlds(), DAYS)
def test_losing_the_owner_never_raises_a_figure(world, day):
    assert never_rises(ranks(world, day), ranks(replace(world, owned=False), day))


@MANY
@given(worlds(), DAYS, DAYS, st.sampled_from(["fail", "not_evaluable"]))
def test_a_test_that_did_not_pass_never_raises_a_figure(world, day, on, result):
    worse = replace(world, tests=(*world.tests, Trial(on, result)))
    assert never_rises(ranks(world, day), ranks(worse, day))


@MANY
@given(worlds(), st.integers(0, 400))
def test_time_without_evidence_never_raises_a_figure(world, days):
    today = latest_done(world)
    assert never_rises(ranks(world, today), ranks(world, today + dt.timedelta(days=days)))


@MANY
@given(worlds(), DAYS)
def test_what_did_not_occur_is_never_a_pass(world, day):
    """However well designed and tested: a period in which nothing occurred has no operation to praise."""
    facts = facts_of(world, day)
    if facts.did_not_occur and not facts.expected:
        assert derive(facts).operation in {Operation.DID_NOT_OCCUR, Operation.DEVIATIONS}
