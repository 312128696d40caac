"""What waits to be done: occurrences of controls in scope, and findings of the whole organization. One query for both."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Min, Q, QuerySet, Value
from django.urls import reverse

from controls.models import AuditPeriod, Finding, Occurrence
from controls.models.control import Priority
from controls.models.finding import PENDING
from controls.occurrences.states import OPEN, asked_for, of_period
from controls.status.parts import Part, covered


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, how many of them are past their day and since when the oldest, and how many are critical."""

    number: int = 0
    late: int = 0
    oldest: dt.date | None = None
    critical: int = 0


def occurrences_of(period: AuditPeriod, part: Part) -> QuerySet[Occurrence]:
    """Occurrences of the period of controls in scope."""
    return Occurrence.objects.filter(covered(period, part), of_period(period))


def waiting(period: AuditPeriod, part: Part, today: dt.date, *beside: QuerySet[Any]) -> dict[str, Waiting]:
    """ "occurrences" that are asked for by a day, and "findings" that are not over. Only findings tell what is critical.

    `beside` are further rows of what, number, late, oldest and critical, asked for in the same query.
    """
    asked = occurrences_of(period, part).filter(asked_for(today))
    return gathered([_counted(asked, "occurrences", today, Q(pk__isnull=True)), _findings(today), *beside])


def gathered(asked: Sequence[QuerySet[Any]]) -> dict[str, Waiting]:
    """Rows of what, number, late, oldest and critical by what they are of, in one query; none for what has no row."""
    if not asked:
        return defaultdict(Waiting)
    rows = asked[0].union(*asked[1:], all=True)
    return defaultdict(Waiting, {row.pop("what"): Waiting(**row) for row in rows})


def findings_waiting(today: dt.date) -> Waiting:
    """Findings alone: they belong to no period."""
    return next(
        (Waiting(**{name: value for name, value in row.items() if name != "what"}) for row in _findings(today)), Waiting()
    )


def upcoming(period: AuditPeriod, part: Part, today: dt.date) -> QuerySet[Occurrence]:
    """What is due next of each control, soonest first: a daily one does not stand before all others."""
    ahead = occurrences_of(period, part).filter(OPEN, due_on__gte=today)
    first = ahead.order_by("control_id", "due_on", "pk").distinct("control_id").values("pk")
    shown = ("label", "due_on", "control__code", "control__title", "control__owner__name")
    rows = Occurrence.objects.filter(pk__in=first).select_related("control__owner").only(*shown)
    return rows.order_by("due_on", "control__code", "pk")


def finding_urls() -> dict[str, str]:
    """Where the numbers of findings lead."""
    base = reverse("controls:finding-list")
    return {
        "number": f"{base}?state=pending",
        "late": f"{base}?due=late",
        "critical": f"{base}?state=pending&severity=critical",
    }


def _findings(today: dt.date) -> QuerySet[Any]:
    return _counted(Finding.objects.filter(status__in=PENDING), "findings", today, Q(severity=Priority.CRITICAL))


def _counted(rows: QuerySet[Any], what: str, today: dt.date, critical: Q) -> QuerySet[Any]:
    late = Q(due_on__lt=today)
    counted: QuerySet[Any] = (
        rows.order_by()
        .values(what=Value(what, output_field=CharField()))
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=late),
            oldest=Min("due_on", filter=late),
            critical=Count("pk", filter=critical),
        )
    )
    return counted
