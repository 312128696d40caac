"""Making a gap analysis: judged from the facts of now, kept as a file that is evidence."""

import datetime as dt
import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.criteria import CRITERIA
from controls.gaps.data import FORMAT, ControlRow, Gap, Snapshot
from controls.gaps.inputs import digest_of, rows_of
from controls.gaps.kept import keep
from controls.gaps.records import records_of
from controls.gaps.rules import deviations_of, gaps_of, recommendations
from controls.gaps.tasks import make_gap_report
from controls.models import AuditPeriod, Control, Finding, GapRun
from controls.models.control import Priority
from controls.models.finding import PENDING
from controls.periods.facts import period_facts
from controls.status.keep import refresh_daily
from controls.status.readiness import Readiness, readiness
from controls.status.scope import criteria_of
from evidence.files import store
from tenancy.models import Organization, current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.references import next_reference


@action
def take_run(period: AuditPeriod, *, actor: Actor, quarter: str = "") -> GapRun:
    """Analyse a period as of today (a closed one as it was kept), and keep the result. Its PDF follows from a worker.

    Raises ActionRefused before the period has begun to have states.
    """
    organization, moment = current_organization(), now()
    list(Control.objects.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    if period.status == AuditPeriod.Status.OPEN:
        refresh_daily(organization, moment)
    snapshot = _snapshot(period, organization, moment, actor)
    if not snapshot.controls:
        raise ActionRefused("No control is in scope of this period yet: there is nothing to analyse.")
    content = snapshot.to_json()
    run = GapRun(
        reference=snapshot.reference,
        period=period,
        as_of=dt.date.fromisoformat(snapshot.as_of),
        quarter=quarter,
        implemented=snapshot.figures["readiness"]["implemented"],
        in_scope=snapshot.figures["readiness"]["inScope"],
        gaps=len(snapshot.gaps),
        critical_gaps=snapshot.figures["criticalGaps"],
        inputs_digest=snapshot.inputs_digest,
        file=store(io.BytesIO(content), f"{snapshot.reference}.json"),
        made_by=actor if isinstance(actor, Member) else None,
        made_at=moment,
    )
    run.evidence = keep(run, run.file, form="JSON", actor=actor)
    run.save(force_insert=True)
    figures = {"readiness": snapshot.readiness, "gaps": run.gaps, "critical_gaps": run.critical_gaps, "as_of": run.as_of}
    shas = {"sha256": hashlib.sha256(content).hexdigest(), "inputs_sha256": run.inputs_digest}
    record("gap_run.take", run, actor=actor, after={"period": period.name, **figures, **shas})
    make_gap_report.delay_on_commit(str(run.pk))
    return run


def _snapshot(period: AuditPeriod, organization: Organization, moment: dt.datetime, actor: Actor) -> Snapshot:
    as_of = min(organization.today(), period.ends_on) if period.status == AuditPeriod.Status.CLOSED else organization.today()
    criteria = criteria_of(period)
    rows = rows_of(period, as_of, criteria)
    answered = {key for row in rows for key in row.criteria}
    unanswered = [key for key in criteria if key not in answered]
    gaps, figure = gaps_of(rows, unanswered), readiness(period)
    records = records_of(period, as_of) if rows else []
    return Snapshot(
        format=FORMAT,
        reference=next_reference("GAP", str(as_of.year)) if rows else "",
        organization=organization.name,
        zone=organization.zone,
        as_of=as_of.isoformat(),
        made_at=moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        made_by=actor.name,
        period=_period(period),
        figures=_figures(figure, rows, gaps, {"inScope": len(criteria), "withoutControl": unanswered}, as_of),
        recommendations=recommendations(rows, gaps, figure.percent, records),
        gaps=gaps,
        deviations=deviations_of(rows),
        controls=rows,
        inputs_digest=digest_of(rows, records),
        records=records,
    )


def _period(period: AuditPeriod) -> dict[str, Any]:
    left_out = period.exclusions.values_list("criterion", "reason")
    return {
        **period_facts(period),
        "categories": list(period.categories),
        "notRelevant": [{"criterion": key, "title": CRITERIA[key].title, "reason": reason} for key, reason in left_out],
    }


def _figures(
    figure: Readiness, rows: Sequence[ControlRow], gaps: Sequence[Gap], criteria: Mapping[str, Any], as_of: dt.date
) -> dict[str, Any]:
    """`overallCompliance` is the name in JSON of what is called readiness everywhere else."""
    priorities = Counter(gap.priority for gap in gaps)
    pending = _pending()
    return {
        "overallCompliance": figure.percent,
        "readiness": {"implemented": figure.implemented, "inScope": figure.in_scope, "sentence": str(figure)},
        "criticalGaps": figure.critical_gaps,
        "gapsByPriority": {priority: priorities[priority] for priority in Priority.values},
        "controlsByDesign": {state.value: count for state, count in figure.by_design.items()},
        "controlsByOperation": {state.value: count for state, count in figure.by_operation.items()},
        "activities": {"onTime": figure.activities.part, "expected": figure.activities.whole},
        "families": [
            {"family": one.family, "title": one.title, "implemented": one.share.part, "inScope": one.share.whole}
            for one in figure.by_family
        ],
        "criteria": criteria,
        "evidence": {"items": sum(row.evidence for row in rows), "byHand": sum(row.by_hand for row in rows)},
        "findings": {
            "pending": len(pending),
            "overdue": sum(1 for one in pending if one["due"] < as_of.isoformat()),
            "open": pending,
        },
    }


def _pending() -> list[dict[str, str]]:
    """The findings that are not over, as they stand; without their titles, which not everybody who reads an analysis may see."""
    rows = Finding.objects.filter(status__in=PENDING).order_by("due_on", "reference")
    return [
        {"id": str(key), "reference": reference, "severity": severity, "due": due.isoformat()}
        for key, reference, severity, due in rows.values_list("pk", "reference", "severity", "due_on").iterator()
    ]
