"""The figures as data, for programs: the same as the page's, under the names that S4 gives them."""

from typing import Any

from accounts.models import Member
from controls.models import AuditPeriod, ControlState
from controls.models.state import Design, Operation
from controls.status.parts import WHOLE, parts_of
from reports.dashboard.figures import Figures, figures_of, states_of
from reports.dashboard.programme import area_numbers, areas_alone
from reports.dashboard.risks import risk_numbers, risks_alone
from reports.dashboard.waiting import findings_waiting
from tenancy.models import Organization


def dashboard_data(
    period: AuditPeriod | None, organization: Organization, scope: str = WHOLE, reader: Member | None = None
) -> dict[str, Any]:
    """The dashboard of a period as JSON: dates are ISO, what was not measured is null, never 0 or 100.

    `scope` is a part of what the period covers: a category or a family such as "CC6"; KeyError when it has no such part.
    Incidents, checks and the like are told as far as the reader sees them, and belong to no period.
    """
    today = organization.today()
    if period is None:
        risks = {**risk_numbers(risks_alone(reader, today)), **area_numbers(areas_alone(reader, today))}
        metrics = _nothing(findings_waiting(today).critical)
        known = {"asOf": today.isoformat(), "metrics": metrics, "risks": risks}
        return {"period": None, "scope": scope, **known, "controls": []}
    figures = figures_of(period, parts_of(period)[scope], organization, reader)
    return {
        "period": {
            "id": str(period.pk),
            "name": period.name,
            "type": period.kind,
            "from": period.starts_on.isoformat(),
            "to": period.ends_on.isoformat(),
            "categories": list(period.categories),
        },
        "scope": scope,
        "asOf": today.isoformat(),
        "metrics": _metrics(figures),
        "risks": {**risk_numbers(figures.risks), **area_numbers(figures.areas)},
        "controls": [_control(state) for state in states_of(period, figures.part)],
    }


def _nothing(findings: int) -> dict[str, Any]:
    nulls = ("overallCompliance", "implemented", "inScope", "criticalGaps", "overdue")
    return {
        **dict.fromkeys(nulls),
        "controlsByStatus": [],
        "controlsByOperation": [],
        "evidenceTrend": [],
        "criticalFindings": findings,
    }


def _metrics(figures: Figures) -> dict[str, Any]:
    found = figures.readiness
    if not found.in_scope:
        return _nothing(figures.findings.critical)
    return {
        "overallCompliance": found.percent,
        "implemented": found.implemented,
        "inScope": found.in_scope,
        "criticalGaps": found.critical_gaps,
        "overdue": figures.work.late,
        "criticalFindings": figures.findings.critical,
        "controlsByStatus": [{"name": one.label, "value": found.by_design[one]} for one in Design],
        "controlsByOperation": [{"name": one.label, "value": found.by_operation[one]} for one in Operation],
        "evidenceTrend": [
            {"month": one.month.key, "collected": one.number} for one in figures.collected if one.number is not None
        ],
    }


def _control(state: ControlState) -> dict[str, Any]:
    return {
        "id": str(state.control_id),
        "code": state.control.code,
        "title": state.control.title,
        "owner": state.control.owner.name if state.control.owner else None,
        "status": state.design,
        "operation": state.operation,
        "reasons": list(state.reasons),
        "evidenceCount": state.evidence_count,
        "lastTested": state.last_tested_on.isoformat() if state.last_tested_on else None,
        "nextReview": state.next_due_on.isoformat() if state.next_due_on else None,
    }
