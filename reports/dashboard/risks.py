"""Incidents, checks, vulnerabilities and processing in short: asked for beside what waits, in the same query."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, DateField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import Member
from incidents.models.incident import ONGOING
from incidents.rights import visible_to
from monitoring.models import Check, known_at
from processing.models import Outcome, ProcessingRecord
from processing.records.figures import HOURS, percent
from reports.dashboard.waiting import Waiting, gathered
from tenancy.scope import now
from vulnerabilities.models import PENDING, Vulnerability

INCIDENTS, CHECKS, WEAKNESSES, PROCESSED = "incidents", "checks", "vulnerabilities", "processing"


Numbers = dict[str, int | float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """An area: what, a number of a whole in words, what is wrong with it, where it leads, and the same as numbers.

    One that is not `told` has nothing to say on a page: nothing is watched, or nothing was processed.
    """

    key: str
    label: str
    words: str
    wrong: str
    url: str
    numbers: Numbers
    told: bool = True


def risk_rows(reader: Member | None, today: dt.date) -> list[QuerySet[Any]]:
    """Rows for reports.dashboard.waiting, of what the reader may see: what, number, late, oldest, critical."""
    if reader is None:
        return []
    moment = now()
    found: list[QuerySet[Any]] = []
    if reader.can("incidents.read"):
        late = Q(acknowledged_at=None, acknowledge_due_at__lt=moment)
        incidents = visible_to(reader).filter(status__in=ONGOING)
        found.append(counted(incidents, INCIDENTS, late=late, critical=Q(severity="critical")))
    if reader.can("monitoring.read"):
        known = known_at(moment)
        checks = Check.objects.filter(status=Check.Status.ACTIVE)
        found.append(counted(checks, CHECKS, late=known & Q(health="down"), critical=~known | Q(health="unknown")))
    if reader.can("vulnerabilities.read"):
        pending = Vulnerability.objects.filter(status__in=PENDING)
        found.append(counted(pending, WEAKNESSES, late=Q(due_on__lt=today), critical=Q(severity="critical")))
    if reader.can("processing.read"):
        records = ProcessingRecord.objects.filter(occurred_at__gt=moment - dt.timedelta(hours=HOURS))
        good, bad = Q(outcome=Outcome.SUCCESS), Q(outcome=Outcome.FAILURE)
        found.append(counted(records, PROCESSED, late=bad, critical=good))
    return found


def risks_of(found: Mapping[str, Waiting], reader: Member | None) -> list[Line]:
    """A line for each area that the reader may see."""
    if reader is None:
        return []
    return [line(found[key]) for key, (permission, line) in _LINES.items() if reader.can(permission)]


def risks_alone(reader: Member | None, today: dt.date) -> list[Line]:
    """The same in a query of its own, where there is no period whose work would be asked for beside it."""
    return risks_of(gathered(risk_rows(reader, today)), reader)


def risk_numbers(lines: Iterable[Line]) -> dict[str, Numbers | None]:
    """By area, for programs; null where the reader may not see it."""
    return {**dict.fromkeys(_LINES), **{one.key: one.numbers for one in lines}}


def _incidents(one: Waiting) -> Line:
    among = f", {one.critical:,} critical" if one.critical else ""
    wrong = f"{one.late:,} not acknowledged in time" if one.late else ""
    words = f"{one.number:,} ongoing{among}" if one.number else "None is ongoing"
    numbers: Numbers = {"ongoing": one.number, "critical": one.critical, "notAcknowledgedInTime": one.late}
    return Line(INCIDENTS, "Incidents", words, wrong, reverse("incidents:list"), numbers)


def _checks(one: Waiting) -> Line:
    wrong = [f"{one.late:,} down"] if one.late else []
    wrong += [f"{one.critical:,} not known"] if one.critical else []
    up = one.number - one.late - one.critical
    numbers: Numbers = {"watched": one.number, "up": up, "down": one.late, "unknown": one.critical}
    words = f"{up:,} of {one.number:,} up"
    return Line(CHECKS, "Checks", words, ", ".join(wrong), reverse("monitoring:list"), numbers, told=bool(one.number))


def _weaknesses(one: Waiting) -> Line:
    among = f", {one.critical:,} critical" if one.critical else ""
    words = f"{one.number:,} open{among}" if one.number else "None is open"
    wrong = f"{one.late:,} past due" if one.late else ""
    numbers: Numbers = {"open": one.number, "critical": one.critical, "overdue": one.late}
    return Line(WEAKNESSES, "Vulnerabilities", words, wrong, reverse("vulnerabilities:list"), numbers)


def _processed(one: Waiting) -> Line:
    words = f"{percent(one.critical, one.number)} of {one.number:,} documents in 24 hours succeeded"
    wrong = f"{one.late:,} failed" if one.late else ""
    rate = one.critical * 1000 // one.number / 10 if one.number else None  # cut, as on the page
    numbers: Numbers = {
        "hours": HOURS, "documents": one.number, "succeeded": one.critical, "failed": one.late, "successRate": rate,
    }  # fmt: skip
    return Line(PROCESSED, "Processing", words, wrong, reverse("processing:figures"), numbers, told=bool(one.number))


_LINES: dict[str, tuple[str, Callable[[Waiting], Line]]] = {
    INCIDENTS: ("incidents.read", _incidents),
    CHECKS: ("monitoring.read", _checks),
    WEAKNESSES: ("vulnerabilities.read", _weaknesses),
    PROCESSED: ("processing.read", _processed),
}


def counted(rows: QuerySet[Any], what: str, *, late: Q, critical: Q) -> QuerySet[Any]:
    """A row of the number of all, of those that are late and of those that are critical."""
    named: Any = rows.order_by().values(what=Value(what, output_field=CharField()))
    found: QuerySet[Any] = named.annotate(
        number=Count("pk"),
        late=Count("pk", filter=late),
        oldest=Min(Cast(Value(None), DateField())),
        critical=Count("pk", filter=critical),
    )
    return found
