"""What was tested in an audit period and with which result, and what evidence was collected in it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField, When
from django.db.models.functions import Coalesce

from controls.models import AuditPeriod, Control, ControlTest
from controls.status.facts import LATEST, tests_of
from controls.status.readiness import Share
from controls.status.scope import scope_of
from evidence.models import Evidence
from tenancy.models import Organization

DAY = dt.timedelta(days=1)
_FAILED = (ControlTest.Result.FAIL, ControlTest.Result.PARTIAL)


@dataclass(frozen=True, slots=True)
class Tested:
    """The controls in scope of a period by the result of the test of it that counts; how many tests, and items of evidence."""

    controls: int
    by_result: Mapping[str, int]
    tests: int
    evidence: int

    @property
    def share(self) -> Share:
        """Tested of those in scope."""
        return Share(sum(self.by_result.values()), self.controls)

    @property
    def untested(self) -> int:
        """How many have no test in the period yet."""
        return self.controls - self.share.part


def with_results(controls: QuerySet[Any], period: AuditPeriod, day: dt.date) -> QuerySet[Any]:
    """Each control with the test of the period that counts (`counting` is its id), and how many (`tests_made`).

    The last one counts; but one that could not be evaluated takes away a pass, and no failure.
    """
    own = tests_of(period, day).filter(control=OuterRef("pk"))
    evaluated = own.exclude(result=ControlTest.Result.NOT_EVALUABLE).order_by(*LATEST)
    counted = own.order_by().values("control").annotate(count=Count("pk")).values("count")
    one = ControlTest.objects.filter(pk=OuterRef("counting"))
    chosen = controls.alias(
        verdict=Subquery(evaluated.values("result")[:1]),
    ).annotate(
        counting=Case(
            When(verdict__in=_FAILED, then=Subquery(evaluated.values("pk")[:1])),
            default=Subquery(own.order_by(*LATEST).values("pk")[:1]),
            output_field=UUIDField(null=True),
        ),
    )
    told: QuerySet[Any] = chosen.annotate(
        tested_on=Subquery(one.values("tested_on")),
        result=Subquery(one.values("result")),
        tester_name=Subquery(one.values(name=Coalesce("tester_person__name", "tester__user__name"))),
        tests_made=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )
    return told


def results_of(period: AuditPeriod, day: dt.date, items: QuerySet[Evidence], organization: Organization) -> Tested:
    """The figures of a period as of a day; two queries. `items` is the evidence to count from."""
    rows = with_results(Control.objects.filter(scope_of(period)), period, day).order_by()
    by_result = {value: Count("pk", filter=Q(result=value)) for value in ControlTest.Result.values}
    found = rows.aggregate(controls_count=Count("pk"), tests_count=Sum("tests_made"), **by_result)
    return Tested(
        controls=found["controls_count"],
        by_result={value: found[value] for value in ControlTest.Result.values},
        tests=found["tests_count"] or 0,
        evidence=collected_in(period, day, items, organization).count(),
    )


def collected_in(period: AuditPeriod, day: dt.date, items: QuerySet[Evidence], organization: Organization) -> QuerySet[Evidence]:
    """The items collected in a period until a day, without those that were withdrawn."""
    begin = organization.end_of(period.starts_on - DAY)
    end = organization.end_of(min(day, period.ends_on))
    return items.filter(collected_at__gte=begin, collected_at__lt=end).exclude(status=Evidence.Status.WITHDRAWN)
