"""Taking the figures of a span: what every area says, set beside the month before, as one snapshot."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from controls.criteria import CRITERIA, Category
from controls.models import AuditPeriod
from controls.periods.current import usual
from controls.status.readiness import Share
from controls.status.scope import criteria_of
from evidence.files import open_file
from evidence.models import StoredFile
from reports.models import MonthlyReport
from reports.monthly.areas.controls import others
from reports.monthly.data import Decision, Figure, Matter, Point, Snapshot, Table
from reports.monthly.front import READINESS, sentence
from reports.monthly.register import SHOWN, cut, too_long, workbook
from reports.monthly.registry import areas_of
from reports.monthly.span import Span, key_of, month_before, month_end, name_of, short_name
from tenancy.models import Organization
from ui.refusals import ActionRefused

TREND = 12  # months, this one included
ALTERED = "The data of {} does not match the hash under which it was kept. Tell your administrator: it is not shown."


@dataclass(frozen=True, slots=True)
class Taken:
    """What is frozen: the snapshot, and the workbook of what paper has no room for; empty where it shows everything."""

    snapshot: Snapshot
    register: bytes


def snapshot_of(report: MonthlyReport) -> Snapshot:
    """What was frozen. Load the report with its snapshot. Raises ActionRefused when the file is missing or altered."""
    if report.snapshot is None:
        raise ActionRefused(f"The figures of {report.reference} have not been taken yet.")
    return Snapshot.from_json(_content(report.snapshot, report))


def taken_of(report: MonthlyReport) -> Taken:
    """What was frozen, with its register. Raises ActionRefused as `snapshot_of` does."""
    return Taken(snapshot_of(report), _content(report.register, report) if report.register else b"")


def _content(stored: StoredFile, report: MonthlyReport) -> bytes:
    with open_file(stored) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise ActionRefused(ALTERED.format(report.reference))
    return content


def take(report: MonthlyReport, organization: Organization, moment: dt.datetime) -> Taken:
    """The figures of a report as of a moment. Reads only."""
    period = period_at(report.ends_on)
    span = Span(organization, report.starts_on, report.ends_on, moment, period)
    earlier = earlier_points(report)
    before = _before(report.starts_on, earlier)
    areas = areas_of(span)
    figures = [figure for area in areas for figure in area.figures]
    matters: list[Matter] = sorted((one for area in areas for one in area.matters), key=lambda one: one.rank)
    decisions: list[Decision] = sorted((one for area in areas for one in area.decisions), key=lambda one: (one.rank, one.by))
    sections = [section for area in areas for section in area.sections]
    about = _period(period) if period else {}
    was = before.get("figures", {}).get(READINESS)
    snapshot = Snapshot(
        reference=report.reference,
        organization=organization.name,
        zone=organization.zone,
        kind=report.kind,
        month=report.month,
        first=report.starts_on.isoformat(),
        last=report.ends_on.isoformat(),
        name=name_of(report.starts_on, report.ends_on),
        short=short_name(report.starts_on, report.ends_on),
        as_of=moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        asked_by=report.asked_by.name if report.asked_by else "",
        period=about,
        sentence=sentence(_readiness(figures), Share(*was) if was else None, about, report.ends_on, matters),
        others=others(span.controls),
        figures=figures,
        before=before,
        matters=matters[:SHOWN],
        decisions=decisions[:SHOWN],
        sections=[cut(section) for section in sections],
        definitions=[one for area in areas for one in area.definitions],
        trend=[*earlier[-(TREND - 1) :], _own(report, figures)],
        more_matters=max(0, len(matters) - SHOWN),
        more_decisions=max(0, len(decisions) - SHOWN),
    )
    return _with_register(snapshot, too_long(sections, matters, decisions), moment)


def _with_register(snapshot: Snapshot, tables: Sequence[Table], moment: dt.datetime) -> Taken:
    """The snapshot names the workbook by its hash, so that what is printed from the one has the other beside it."""
    if not tables:
        return Taken(snapshot, b"")
    title = f"{snapshot.reference} register: report of {snapshot.name}"
    content = workbook(tables, title=title, author=snapshot.organization, moment=moment)
    register = {"name": f"{snapshot.reference}-register.xlsx", "sha256": hashlib.sha256(content).hexdigest()}
    return Taken(dataclasses.replace(snapshot, register=register), content)


def period_at(day: dt.date) -> AuditPeriod | None:
    """The audit period that a report up to a day speaks of: the open one around it, else the latest that had begun."""
    begun = list(AuditPeriod.objects.filter(starts_on__lte=day))
    return usual(begun, day) or usual(list(AuditPeriod.objects.all()), day)


def earlier_points(report: MonthlyReport) -> list[Point]:
    """The figures of the monthly reports before this one, oldest first; one whose file cannot be read is left out."""
    rows = MonthlyReport.objects.filter(
        kind=MonthlyReport.Kind.MONTHLY, snapshot__isnull=False, ends_on__lt=report.starts_on
    ).select_related("snapshot")
    found = []
    for row in reversed(rows.order_by("-ends_on")[:TREND]):
        try:
            found.append(_own(row, snapshot_of(row).figures))
        except (ActionRefused, ValueError):
            continue
    return found


def _own(report: MonthlyReport, figures: Iterable[Figure]) -> Point:
    values: dict[str, list[int] | None] = {one.key: [one.part, one.whole] if one.measured else None for one in figures}
    return Point(month=key_of(report.starts_on), reference=report.reference, values=values)


def _before(first: dt.date, earlier: Sequence[Point]) -> dict[str, Any]:
    """The month before the span: its name, and what its report said where there is one."""
    month = month_before(first)
    names = {"name": name_of(month, month_end(month)), "short": short_name(month, month_end(month))}
    found = next((point for point in earlier if point.month == key_of(month)), None)
    return {**names, "reference": found.reference if found else "", "figures": found.values if found else {}}


def _readiness(figures: Iterable[Figure]) -> Share:
    return next((one.share for one in figures if one.key == READINESS), Share(0, 0))


def _period(period: AuditPeriod) -> dict[str, Any]:
    left_out = period.exclusions.values_list("criterion", "reason")
    return {
        "id": str(period.pk),
        "name": period.name,
        "type": str(period.get_kind_display()),
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
        "status": period.status,
        "categories": [str(Category(one).label) for one in period.categories],
        "criteria": criteria_of(period),
        "notRelevant": [{"criterion": key, "title": CRITERIA[key].title, "reason": reason} for key, reason in left_out],
    }


def digest_of(snapshot: Snapshot) -> str:
    """SHA-256 of the snapshot's file."""
    return hashlib.sha256(snapshot.to_json()).hexdigest()
