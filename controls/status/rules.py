"""The rules of the two axes: what follows from the facts of one control in one period. Pure; docs/controls.md explains them.

Taking evidence away, damaging it, losing the owner, adding a test that did not pass, or letting time pass never leads to
a higher rank: that is why a test that could not be evaluated does not wash away a failed one, why nothing at all is
judged before anything else, and why what could not be evaluated ranks as what is partly in place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from controls.models.control import Leg
from controls.models.state import Design, Operation, Reason
from controls.models.test import ControlTest

Result = ControlTest.Result
# Only `implemented` counts as ready; between the two of rank 1 there is no better.
DESIGN_RANK: dict[Design, int] = {
    Design.IMPLEMENTED: 2,
    Design.PARTIAL: 1,
    Design.NOT_EVALUABLE: 1,
    Design.MISSING: 0,
}
# What was not tested, not due or did not occur says neither good nor bad.
OPERATION_RANK: dict[Operation, int] = {
    Operation.NO_DEVIATIONS: 2,
    Operation.NOT_TESTED: 1,
    Operation.NOT_YET_DUE: 1,
    Operation.DID_NOT_OCCUR: 1,
    Operation.DEVIATIONS: 0,
}
_SHORT = {Result.FAIL, Result.PARTIAL}
_ABSENT = {
    Leg.POLICY: Reason.NO_POLICY,
    Leg.TECHNICAL: Reason.NO_TECHNICAL,
    Leg.MONITORING: Reason.NO_MONITORING,
}


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What one leg stands on: current items with good files, `fresh` and `stale`, and those with a damaged file."""

    fresh: int = 0
    stale: int = 0
    damaged: int = 0

    def __add__(self, other: "LegFacts") -> "LegFacts":
        """Both together."""
        return LegFacts(self.fresh + other.fresh, self.stale + other.stale, self.damaged + other.damaged)

    @property
    def present(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.fresh or self.stale)

    @property
    def absent(self) -> bool:
        """Whether nothing is linked."""
        return not (self.present or self.damaged)


NOTHING = LegFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The dated facts of one control in one period as of a day. Counts are of occurrences of the period."""

    owned: bool = True
    needed: frozenset[Leg] = frozenset(Leg)
    legs: Mapping[Leg, LegFacts] = field(default_factory=dict)
    on_time: int = 0
    late: int = 0
    missed: int = 0
    did_not_occur: int = 0
    fallen_due: int = 0  # their due day has passed; those that did not occur or are not applicable do not count
    last_result: str = ""  # of the latest test
    last_verdict: str = ""  # of the latest that could be evaluated
    period_result: str = ""  # the same among the tests of the period
    period_verdict: str = ""

    @property
    def expected(self) -> int:
        """Occurrences that can be judged: performed, late or missed."""
        return self.on_time + self.late + self.missed

    @property
    def required(self) -> frozenset[Leg]:
        """The legs it must stand on by now: evidence of operation is asked for once an occurrence has fallen due.

        Of a control that stands on nothing else it is asked for from the start: no leg at all would hold anything up.
        """
        return self.needed if self.fallen_due else self.needed - {Leg.OPERATION} or self.needed

    def leg(self, leg: Leg) -> LegFacts:
        """What is linked to a leg."""
        return self.legs.get(leg, NOTHING)


@dataclass(frozen=True, slots=True)
class Status:
    """Where a control stands, and every defect."""

    design: Design
    operation: Operation
    reasons: tuple[Reason, ...]


def derive(facts: Facts) -> Status:
    """The status that follows from the facts."""
    operation = operation_of(facts)
    return Status(design_of(facts), operation, tuple(_reasons(facts)))


def design_of(facts: Facts) -> Design:
    """Whether the control is in place."""
    if _missing(facts):
        return Design.MISSING
    if _not_evaluable(facts):
        return Design.NOT_EVALUABLE
    stands = all(facts.leg(leg).fresh for leg in facts.required)
    if facts.owned and stands and facts.last_verdict not in _SHORT:
        return Design.IMPLEMENTED
    return Design.PARTIAL


def operation_of(facts: Facts) -> Operation:
    """Whether it worked in the period."""
    if facts.late or facts.missed or facts.period_verdict in _SHORT:
        return Operation.DEVIATIONS
    if facts.did_not_occur and not facts.expected:
        return Operation.DID_NOT_OCCUR
    if not facts.expected and not facts.period_result:
        return Operation.NOT_YET_DUE
    return Operation.NO_DEVIATIONS if facts.period_result == Result.PASS else Operation.NOT_TESTED


def _missing(facts: Facts) -> bool:
    """Nothing at all is linked, or nobody owns it and nothing shows that it operates."""
    if all(facts.leg(leg).absent for leg in Leg):
        return True
    return not facts.owned and Leg.OPERATION in facts.required and not facts.leg(Leg.OPERATION).present


def _not_evaluable(facts: Facts) -> bool:
    """The latest test could not tell, or a leg has damaged files only."""
    if facts.last_result == Result.NOT_EVALUABLE:
        return True
    return any(facts.leg(leg).damaged and not facts.leg(leg).present for leg in facts.required)


def _reasons(facts: Facts) -> Iterator[Reason]:
    yield from _defects_of_legs(facts)
    if facts.last_verdict == Result.FAIL:
        yield Reason.FAILED_TEST
    if facts.last_verdict == Result.PARTIAL:
        yield Reason.PARTIAL_TEST
    if facts.last_result == Result.NOT_EVALUABLE:
        yield Reason.NOT_EVALUATED
    if any(facts.leg(leg).damaged for leg in Leg):
        yield Reason.FILE_DAMAGED
    yield from _defects_of_operation(facts)


def _defects_of_legs(facts: Facts) -> Iterator[Reason]:
    if not facts.owned:
        yield Reason.NO_OWNER
    absent = {leg for leg in facts.required if facts.leg(leg).absent}
    yield from (reason for leg, reason in _ABSENT.items() if leg in absent)
    if Leg.OPERATION in absent:
        designed = any(facts.leg(leg).present for leg in _ABSENT)
        yield Reason.DESIGN_ONLY if designed else Reason.NO_EVIDENCE
    if any(facts.leg(leg).stale and not facts.leg(leg).fresh for leg in facts.required):
        yield Reason.STALE


def _defects_of_operation(facts: Facts) -> Iterator[Reason]:
    if facts.missed:
        yield Reason.MISSED
    if facts.late:
        yield Reason.LATE
    if facts.expected and not facts.period_result:
        yield Reason.NOT_TESTED
