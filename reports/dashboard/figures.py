"""The figures of the dashboard: read from what is kept of each control, never computed a second way."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import Member
from controls.models import AuditPeriod, ControlState
from controls.models.control import Priority
from controls.models.state import Design, Operation
from controls.status.parts import Part
from controls.status.readiness import Readiness, readiness
from reports.dashboard.changes import Changes, changes_of, deployed_since
from reports.dashboard.months import Collected, by_month, months_of
from reports.dashboard.programme import Area, areas_of, programme_rows
from reports.dashboard.risks import Line, risk_rows, risks_of
from reports.dashboard.waiting import Waiting, waiting
from tenancy.models import Organization

SHOWN_CONTROLS = 15
SHOWN_GAPS = 5
# What is shown of a state; the long texts of controls stay where they are.
SHOWN = (
    "design", "operation", "reasons", "evidence_count", "last_tested_on", "next_due_on", "control__code", "control__title",
    "control__priority", "control__owner__name",
)  # fmt: skip
SHOWN_NEXT = 6
# Worst first: what is missing, then what nobody could tell, then what is partly there.
ORDER = [Design.MISSING, Design.NOT_EVALUABLE, Design.PARTIAL, Design.IMPLEMENTED]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that page and JSON say of one part of one period, as of a day."""

    period: AuditPeriod
    part: Part
    today: dt.date
    readiness: Readiness
    collected: Sequence[Collected]
    work: Waiting
    findings: Waiting
    deployed: Changes
    risks: Sequence[Line]
    areas: Sequence[Area]

    @property
    def gaps(self) -> int:
        """Controls in scope that are not in place."""
        return self.readiness.in_scope - self.readiness.implemented

    @property
    def has_evidence(self) -> bool:
        """Whether any evidence was collected at all."""
        return any(one.number for one in self.collected)


def figures_of(period: AuditPeriod, part: Part, organization: Organization, reader: Member | None = None) -> Figures:
    """All figures, in four queries; incidents, checks and the like as far as the reader sees them."""
    today, months = organization.today(), months_of(period, organization)
    found = waiting(period, part, today, *deployed_since(organization), *risk_rows(reader, today), *programme_rows(reader, today))
    return Figures(
        period=period,
        part=part,
        today=today,
        readiness=readiness(period, part),
        collected=by_month(period, part, months, today),
        work=found["occurrences"],
        findings=found["findings"],
        deployed=changes_of(organization, found),
        risks=risks_of(found, reader),
        areas=areas_of(found, reader, today),
    )


def states_of(period: AuditPeriod, part: Part) -> QuerySet[ControlState]:
    """The controls in scope with their state: what needs something before what does not, critical first, then the worst."""
    states = ControlState.objects.filter(part.holds(), period=period, in_scope=True).select_related("control__owner").only(*SHOWN)
    deviating = Case(When(operation=Operation.DEVIATIONS, then=Value(0)), default=Value(1), output_field=IntegerField())
    fine = Q(design=Design.IMPLEMENTED) & ~Q(operation=Operation.DEVIATIONS)
    needs = Case(When(fine, then=Value(1)), default=Value(0), output_field=IntegerField())
    return states.order_by(needs, _rank("control__priority", Priority), _rank("design", ORDER), deviating, "control__code")


def critical_gaps(period: AuditPeriod, part: Part) -> QuerySet[ControlState]:
    """Those of the highest priority that are not in place."""
    return states_of(period, part).filter(~Q(design=Design.IMPLEMENTED), control__priority=Priority.CRITICAL)


def _rank(field: str, values: Sequence[str] | type[Priority]) -> Case:
    whens = [When(**{field: str(value), "then": Value(place)}) for place, value in enumerate(values)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())
