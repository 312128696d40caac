"""Readiness: implemented controls of those in scope. One figure under one name everywhere, read from the kept states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from controls.criteria import CRITERIA, FAMILIES
from controls.models import AuditPeriod, ControlCriterion, ControlState
from controls.models.control import Priority
from controls.models.state import Design, Operation
from controls.status.parts import WHOLE, Part, parts_of
from ui.values import percent_of

NO_DATA = "No controls in scope"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many. Without any there is no percentage: no data is neither 0 % nor 100 %."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """To the nearest whole, halves up; 100 only when it is all, 0 only when it is none. None of nothing."""
        return percent_of(self.part, self.whole)

    def __str__(self) -> str:
        return f"{self.part:,} of {self.whole:,} ({self.percent} %)" if self.whole else NO_DATA


@dataclass(frozen=True, slots=True)
class FamilyReadiness:
    """The controls of a period that answer to a family of criteria."""

    family: str
    title: str
    by_design: Mapping[Design, int]

    @property
    def share(self) -> Share:
        """Implemented of those in scope."""
        return Share(self.by_design[Design.IMPLEMENTED], sum(self.by_design.values()))


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where a period stands. A control that answers to several families counts once in the whole, and in each of them."""

    by_design: Mapping[Design, int]
    by_operation: Mapping[Operation, int]
    by_family: tuple[FamilyReadiness, ...]
    critical_gaps: int
    activities: Share

    @property
    def implemented(self) -> int:
        """Controls in place."""
        return self.by_design[Design.IMPLEMENTED]

    @property
    def in_scope(self) -> int:
        """All that count; what could not be evaluated is among them."""
        return sum(self.by_design.values())

    @property
    def share(self) -> Share:
        """Implemented of those in scope."""
        return Share(self.implemented, self.in_scope)

    @property
    def percent(self) -> int | None:
        """None when nothing is in scope."""
        return self.share.percent

    def __str__(self) -> str:
        return str(self.share)


# A gap: a control in scope that is not in place. A critical one has that priority.
GAP = Q(in_scope=True) & ~Q(design=Design.IMPLEMENTED)
CRITICAL_GAP = GAP & Q(control__priority=Priority.CRITICAL)


def readiness(period: AuditPeriod, part: Part | None = None) -> Readiness:
    """The figures of a period, or of a part of what it covers, from what is kept: three queries, two when the part is given."""
    chosen = part or parts_of(period)[WHOLE]
    states = ControlState.objects.filter(chosen.holds(), period=period, in_scope=True).order_by()
    counted = states.values("design", "operation").annotate(
        number=Count("pk"),
        critical=Count("pk", filter=Q(control__priority=Priority.CRITICAL)),
        on_time=Sum("on_time"),
        expected=Sum("expected"),
    )
    rows = [_Counted(**row) for row in counted]
    return Readiness(
        by_design={one: sum(row.number for row in rows if row.design == one) for one in Design},
        by_operation={one: sum(row.number for row in rows if row.operation == one) for one in Operation},
        by_family=_by_family(period, chosen.criteria),
        critical_gaps=sum(row.critical for row in rows if row.design != Design.IMPLEMENTED),
        activities=Share(sum(row.on_time for row in rows), sum(row.expected for row in rows)),
    )


class _Counted(NamedTuple):
    design: str
    operation: str
    number: int
    critical: int
    on_time: int
    expected: int


def _by_family(period: AuditPeriod, criteria: Sequence[str]) -> tuple[FamilyReadiness, ...]:
    """Each family that has criteria in scope, in their order; one without a control stands there with nothing."""
    answers = ControlCriterion.objects.filter(
        criterion__in=criteria, control__states__period=period, control__states__in_scope=True
    )
    rows = answers.order_by().values_list("criterion", "control", "control__states__design")
    designs: dict[str, dict[object, str]] = {CRITERIA[key].family: {} for key in criteria}
    for criterion, control, design in rows:
        designs[CRITERIA[criterion].family][control] = design
    return tuple(
        FamilyReadiness(family, FAMILIES[family], {one: list(found.values()).count(one) for one in Design})
        for family, found in designs.items()
    )
