"""Everything the description of a period says, as plain data: the page shows it, and freezing keeps it."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import F

from controls.binder.facts import facts_of
from controls.binder.sections import PARTS, SECTIONS, of_part
from controls.binder.writing import current_diagrams
from controls.criteria import CRITERIA, Category
from controls.models import (
    AuditPeriod,
    CadenceChange,
    Control,
    ControlCriterion,
    CriterionExclusion,
    DescriptionText,
    Diagram,
    Occurrence,
    SubserviceOrganization,
    SystemFlow,
    UserEntityControl,
)
from controls.periods.facts import period_facts
from controls.status.scope import criteria_of, scope_of
from inventory.models import System

Data = dict[str, Any]


def texts() -> dict[str, tuple[DescriptionText, DescriptionText | None]]:
    """By section its latest revision, and the latest that is approved; two queries."""
    rows = DescriptionText.objects.select_related("written_by__user").prefetch_related("approvals__approved_by__user")
    latest: dict[str, DescriptionText] = {}
    approved: dict[str, DescriptionText] = {}
    for row in rows.order_by("section", "-number"):
        latest.setdefault(row.section, row)
        if row.approvals.all():
            approved.setdefault(row.section, row)
    return {key: (row, approved.get(key)) for key, row in latest.items()}


def gather(period: AuditPeriod, day: dt.date) -> Data:
    """The description of a period as it stands: approved texts, what is written from the facts, and what is still open."""
    known, systems, flows = texts(), _systems(), _flows()
    criteria = _criteria(period)
    data: Data = {
        "period": {**period_facts(period), "categories": [str(Category(one).label) for one in period.categories]},
        "parts": [
            {"number": part, "title": title, "sections": [_section(one.key, known) for one in of_part(part)]}
            for part, title in PARTS.items()
        ],
        "systems": systems,
        "flows": flows,
        "diagrams": _diagrams(systems, flows),
        "criteria": criteria,
        "userEntityControls": _user_entity(),
        "subserviceOrganizations": _subservice(),
        "notRelevant": _not_relevant(period),
        "incidents": _incidents(period, day),
        "changes": _changes(period),
    }
    data["openPoints"] = open_points(data, known)
    return data


def open_points(data: Data, known: dict[str, tuple[DescriptionText, DescriptionText | None]]) -> list[str]:
    """What is missing before management can stand by it, in sentences."""
    found = []
    for section in SECTIONS.values():
        latest, approved = known.get(section.key, (None, None))
        if latest is None:
            found += [f"“{section.title}” is not written."] if section.required else []
        elif approved is None:
            found.append(f"“{section.title}” is not approved.")
        elif approved.number != latest.number:
            found.append(f"“{section.title}” has a newer revision that is not approved.")
    found += [f"There is no {one['title'].lower()} diagram." for one in data["diagrams"].values() if not one["source"]]
    without = [one["key"] for one in data["criteria"] if not one["controls"]]
    if without:
        found.append(f"No control answers {', '.join(without)}.")
    for key, words in (
        ("userEntityControls", "complementary user-entity control"),
        ("subserviceOrganizations", "subservice organization"),
    ):
        if not data[key]:
            found.append(f"No {words} is named.")
    return found


def _section(key: str, known: dict[str, tuple[DescriptionText, DescriptionText | None]]) -> Data:
    section = SECTIONS[key]
    approved = known[key][1] if key in known else None
    data: Data = {"key": key, "title": section.title, "generated": section.generated, "text": ""}
    if approved is not None:
        approval = approved.approvals.all()[0]
        data |= {
            "text": approved.text,
            "revision": approved.number,
            "writtenBy": approved.written_by.name if approved.written_by else "Plumbline",
            "writtenAt": _utc(approved.written_at),
            "approvedBy": approval.approved_by.name,
            "approvedAt": _utc(approval.approved_at),
        }
    return data


def _systems() -> list[Data]:
    rows = System.objects.filter(status=System.Status.ACTIVE).select_related("owner").order_by("name")
    return [
        {
            "id": str(one.pk),
            "name": one.name,
            "kind": one.kind,
            "kindName": one.get_kind_display(),
            "criticality": one.get_criticality_display(),
            "owner": one.owner.name if one.owner else "",
            "meaning": one.account_meaning,
        }
        for one in rows
    ]


def _flows() -> list[Data]:
    rows = SystemFlow.objects.filter(status=SystemFlow.Status.ACTIVE).select_related("source", "target").order_by("pk")
    return [
        {
            "id": str(one.pk),
            "from": one.start,
            "to": one.end,
            "outside": one.outside,
            "kind": one.kind,
            "carries": one.carries,
            "protection": one.protection,
        }
        for one in rows
    ]


def _diagrams(systems: list[Data], flows: list[Data]) -> dict[str, Data]:
    """By kind where each comes from: a file that somebody gave, else drawn from the systems and flows, else nowhere."""
    given = current_diagrams()
    kinds = {one["kind"] for one in flows}
    drawable = {
        Diagram.Kind.ARCHITECTURE: bool(systems),
        Diagram.Kind.DATA_FLOW: SystemFlow.Kind.DATA in kinds,
        Diagram.Kind.INTEGRATION: bool(kinds & {SystemFlow.Kind.ACCESS, SystemFlow.Kind.INTEGRATION}),
    }
    found: dict[str, Data] = {}
    for kind in Diagram.Kind:
        data: Data = {"title": str(kind.label), "source": "drawn" if drawable[kind] else ""}
        if one := given.get(kind.value):
            data |= {
                "source": "file",
                "alternative": one.alternative,
                "evidence": one.evidence.reference,
                "file": str(one.evidence.file_id),
                "sha256": one.evidence.file.sha256,
            }
        found[kind.value] = data
    return found


def _criteria(period: AuditPeriod) -> list[Data]:
    """The criteria in scope, each with the controls in scope that answer it, and how."""
    keys = criteria_of(period)
    rows = ControlCriterion.objects.filter(criterion__in=keys, control__in=Control.objects.filter(scope_of(period)))
    by_key: dict[str, list[Data]] = defaultdict(list)
    for one in rows.select_related("control").order_by("control__code"):
        by_key[one.criterion].append({"code": one.control.code, "title": one.control.title, "answer": one.note})
    return [{"key": key, "title": CRITERIA[key].title, "controls": by_key.get(key, [])} for key in keys]


def _user_entity() -> list[Data]:
    rows = UserEntityControl.objects.filter(status=UserEntityControl.Status.ACTIVE)
    return [{"id": str(one.pk), "title": one.title, "criteria": list(one.criteria)} for one in rows]


def _subservice() -> list[Data]:
    rows = SubserviceOrganization.objects.filter(status=SubserviceOrganization.Status.ACTIVE)
    return [
        {
            "id": str(one.pk),
            "name": one.name,
            "service": one.service,
            "method": one.get_method_display().partition(":")[0],
            "expected": one.expected,
            "criteria": list(one.criteria),
            "report": one.report,
            "reportUntil": one.report_until.isoformat() if one.report_until else "",
        }
        for one in rows
    ]


def _not_relevant(period: AuditPeriod) -> list[Data]:
    rows = CriterionExclusion.objects.filter(period=period)
    return [{"key": one.criterion, "title": CRITERIA[one.criterion].title, "reason": one.reason} for one in rows]


def _incidents(period: AuditPeriod, day: dt.date) -> list[str]:
    """What areas know of incidents, and what owners stated."""
    said = [fact.sentence for fact in facts_of("incidents", period, day)]
    stated = Occurrence.objects.filter(
        control__population="incidents",
        status=Occurrence.Status.DID_NOT_OCCUR,
        ends_on__range=(period.starts_on, period.ends_on),
    ).select_related("control", "stated_by__user")
    for one in stated.order_by("ends_on", "control__code"):
        by = one.stated_by.name if one.stated_by else "its owner"
        said.append(f"{one.starts_on:%-d %b %Y} to {one.ends_on:%-d %b %Y}: no incident, stated by {by} for {one.control.code}.")
    return said


def _changes(period: AuditPeriod) -> list[Data]:
    """Dated changes of controls within the period: begun, retired, performed at another rhythm."""
    inside = (period.starts_on, period.ends_on)
    began = Control.objects.filter(in_scope_since__range=inside).exclude(in_scope_since=period.starts_on)
    retired = Control.objects.filter(retired_on__range=inside)
    changed = CadenceChange.objects.filter(from_date__range=inside).exclude(from_date=F("control__in_scope_since"))
    found = [(one.in_scope_since, f"{one} came into service.") for one in began]
    found += [(one.retired_on, f"{one} was retired.") for one in retired if one.retired_on]
    found += [
        (one.from_date, f"{one.control} is performed {one.get_cadence_display().lower()} from this day.")
        for one in changed.select_related("control")
    ]
    return [{"on": day.isoformat(), "what": what} for day, what in sorted(found)]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
