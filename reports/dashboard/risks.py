"""Incidents, checks, vulnerabilities and processing in short: asked for beside what waits, in the same query."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, DateField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import Member
from incidents.models.incident import ONGOING
from incidents.rights import visible_to
from monitoring.models import Check
from processing.models import Outcome, ProcessingRecord
from processing.records.figures import HOURS, percent
from reports.dashboard.waiting import Waiting
from tenancy.scope import now
from vulnerabilities.models import PENDING, Vulnerability

INCIDENTS, CHECKS, WEAKNESSES, PROCESSED = "incidents", "checks", "weaknesses", "processed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the section: what, a number of a whole in words, what is wrong with it, and where it leads."""

    label: str
    words: str
    wrong: str
    url: str


def risk_rows(reader: Member | None, today: dt.date) -> list[QuerySet[Any]]:
    """Rows for reports.dashboard.waiting, of what the reader may see: what, number, late, oldest, critical."""
    if reader is None:
        return []
    moment = now()
    found: list[QuerySet[Any]] = []
    if reader.can("incidents.read"):
        late = Q(acknowledged_at=None, acknowledge_due_at__lt=moment)
        incidents = visible_to(reader).filter(status__in=ONGOING)
        found.append(_counted(incidents, INCIDENTS, late=late, critical=Q(severity="critical")))
    if reader.can("monitoring.read"):
        known = Q(covered_until__gte=moment)
        checks = Check.objects.filter(status=Check.Status.ACTIVE)
        found.append(_counted(checks, CHECKS, late=known & Q(health="down"), critical=~known | Q(covered_until=None)))
    if reader.can("vulnerabilities.read"):
        pending = Vulnerability.objects.filter(status__in=PENDING)
        found.append(_counted(pending, WEAKNESSES, late=Q(due_on__lt=today), critical=Q(severity="critical")))
    if reader.can("processing.read"):
        records = ProcessingRecord.objects.filter(occurred_at__gt=moment - dt.timedelta(hours=HOURS))
        good, bad = Q(outcome=Outcome.SUCCESS), Q(outcome=Outcome.FAILURE)
        found.append(_counted(records, PROCESSED, late=bad, critical=good))
    return found


def risks_of(found: Mapping[str, Waiting], reader: Member | None) -> list[Line]:
    """A line for each area that the reader may see and of which there is something to say."""
    if reader is None:
        return []
    lines = []
    if reader.can("incidents.read"):
        lines.append(_incidents(found[INCIDENTS]))
    if reader.can("monitoring.read") and found[CHECKS].number:
        lines.append(_checks(found[CHECKS]))
    if reader.can("vulnerabilities.read"):
        lines.append(_weaknesses(found[WEAKNESSES]))
    if reader.can("processing.read") and found[PROCESSED].number:
        lines.append(_processed(found[PROCESSED]))
    return lines


def _incidents(one: Waiting) -> Line:
    among = f", {one.critical:,} critical" if one.critical else ""
    wrong = f"{one.late:,} not acknowledged in time" if one.late else ""
    words = f"{one.number:,} ongoing{among}" if one.number else "None is ongoing"
    return Line("Incidents", words, wrong, reverse("incidents:list"))


def _checks(one: Waiting) -> Line:
    wrong = [f"{one.late:,} down"] if one.late else []
    wrong += [f"{one.critical:,} not known"] if one.critical else []
    up = one.number - one.late - one.critical
    return Line("Checks", f"{up:,} of {one.number:,} up", ", ".join(wrong), reverse("monitoring:list"))


def _weaknesses(one: Waiting) -> Line:
    among = f", {one.critical:,} critical" if one.critical else ""
    words = f"{one.number:,} open{among}" if one.number else "None is open"
    return Line("Vulnerabilities", words, f"{one.late:,} past due" if one.late else "", reverse("vulnerabilities:list"))


def _processed(one: Waiting) -> Line:
    words = f"{percent(one.critical, one.number)} of {one.number:,} documents in 24 hours succeeded"
    return Line("Processing", words, f"{one.late:,} failed" if one.late else "", reverse("processing:figures"))


def _counted(rows: QuerySet[Any], what: str, *, late: Q, critical: Q) -> QuerySet[Any]:
    named: Any = rows.order_by().values(what=Value(what, output_field=CharField()))
    found: QuerySet[Any] = named.annotate(
        number=Count("pk"),
        late=Count("pk", filter=late),
        oldest=Min(Cast(Value(None), DateField())),
        critical=Count("pk", filter=critical),
    )
    return found
