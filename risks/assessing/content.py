"""What an assessment freezes: the scale and every risk that is not closed, with controls, tasks and acceptances.

Its hash is that of workflow.binding, as for changes: the same content has the same hash, any difference another.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Max, Q

from risks.models import Category, Risk, RiskAssessment, RiskControl, RiskScale, RiskTask
from risks.models.scale import Rated
from risks.scales.standing import scale_in_force
from tenancy.models import Organization, current_organization
from ui.refusals import ActionRefused
from ui.values import spelled

FORMAT = "plumbline.risk-assessment/1"
TEXTS = ("objectives", "method", "participants", "conclusion")
NEEDED = {Category.FRAUD: "at least one risk of fraud", Category.VENDOR: "at least one risk of a vendor"}
Content = dict[str, Any]


def content_of(assessment: RiskAssessment, day: dt.date) -> Content:
    """Everything as it stands now, spoken of as of `day`, each a JSON value; five queries.

    Risks by their number: no row of theirs is left out of the hash.
    """
    organization = current_organization()
    scale = scale_in_force()
    return {
        "format": FORMAT,
        "organization": organization.name,
        "zone": organization.zone,
        "reference": assessment.reference,
        "year": assessment.year,
        "asOf": day.isoformat(),
        **{name: getattr(assessment, name) for name in TEXTS},
        "previous": assessment.previous.reference if assessment.previous else "",
        "scale": _scale(scale),
        "risks": _risks(organization),
    }


def _scale(scale: RiskScale) -> dict[str, Any]:
    facts = {name: getattr(scale, name) for name in ("likelihood", "impact", "levels", "generation")}
    return {"version": scale.number, **facts}


def _risks(organization: Organization) -> dict[str, dict[str, Any]]:
    codes: dict[Any, list[str]] = defaultdict(list)
    for key, code in RiskControl.objects.order_by("control__code").values_list("risk", "control__code"):
        codes[key].append(code)
    tasks: dict[Any, list[dict[str, str]]] = defaultdict(list)
    for task in RiskTask.objects.exclude(status=RiskTask.Status.CANCELLED).select_related("owner").order_by("due_on", "pk"):
        facts = {"title": task.title, "owner": task.owner.name, "due": task.due_on.isoformat(), "state": task.status}
        tasks[task.risk_id].append(facts)
    rows = Risk.objects.exclude(status=Risk.Status.CLOSED).select_related("owner", "scale", "accepted_by__user")
    return {
        one.reference: {**_risk(one, organization), "controls": codes[one.pk], "tasks": tasks[one.pk]}
        for one in rows.order_by("reference").iterator(chunk_size=2000)
    }


def _risk(risk: Risk, organization: Organization) -> dict[str, Any]:
    accepted = risk.status == Risk.Status.ACCEPTED
    on = organization.day_of(risk.accepted_at).isoformat() if accepted and risk.accepted_at else ""
    return {
        "statement": risk.statement,
        "cause": risk.cause,
        "consequence": risk.consequence,
        "category": risk.category,
        "owner": risk.owner.name,
        "state": risk.status,
        "inherent": _rated(risk.inherent),
        "residual": _rated(risk.residual),
        "target": _rated(risk.target),
        "scaleVersion": risk.scale.number if risk.scale else None,
        "reasoning": risk.reasoning,
        "ratedOn": risk.rated_on.isoformat() if risk.rated_on else "",
        "treatment": risk.treatment,
        "plan": risk.plan,
        "acceptedBy": risk.accepted_by.name if accepted and risk.accepted_by else "",
        "acceptedOn": on,
        "acceptedUntil": risk.accepted_until.isoformat() if accepted and risk.accepted_until else "",
        "acceptedReason": risk.accepted_reason if accepted else "",
        "nextReviewOn": risk.next_review_on.isoformat(),
    }


def _rated(rated: Rated | None) -> dict[str, Any] | None:
    if rated is None:
        return None
    facts = {name: getattr(rated, name) for name in ("likelihood", "impact", "score", "level", "words")}
    return {**facts, "word": rated.word}


def refuse_later(content: Content, day: dt.date) -> None:
    """Raise ActionRefused where the register holds what was not so yet on `day`: a later rating, acceptance or closing."""
    said = [
        (risk[key], f"{reference} was {verb}")
        for reference, risk in content["risks"].items()
        for key, verb in (("ratedOn", "rated"), ("acceptedOn", "accepted"))
    ]
    closed = Risk.objects.filter(status=Risk.Status.CLOSED).aggregate(last=Max("closed_at"))["last"]
    if closed is not None:
        said.append((current_organization().day_of(closed).isoformat(), "A risk was closed"))
    latest, what = max(said, default=("", ""))
    if latest > day.isoformat():
        last = dt.date.fromisoformat(latest)
        sentence = f"{what} on {spelled(last)}: the register of {spelled(day)} was another. Choose {spelled(last)} or later."
        raise ActionRefused(sentence, field="as_of")


def missing() -> list[str]:
    """What an assessment of the register as it stands would lack, as sentences; empty when nothing. Four queries."""
    scale = scale_in_force()
    pending = Risk.objects.exclude(status=Risk.Status.CLOSED)
    there = set(pending.order_by().values_list("category", flat=True).distinct())
    found = [f"The register needs {words}." for category, words in NEEDED.items() if category not in there]
    stale = pending.filter(scale__isnull=False).exclude(scale__generation=scale.generation)
    grave = Q(residual_level__in=["high", "critical"], treatment="")
    for rows, words in (
        (pending.filter(residual_score=0), "to be rated"),
        (stale, "to be rated on the scale in force"),
        (pending.filter(grave), "high or critical and without a treatment"),
    ):
        if named := list(rows.order_by("reference").values_list("reference", flat=True)[:4]):
            found.append(_sentence(named, rows.count() if len(named) > 3 else len(named), words))
    return found


def _sentence(named: list[str], count: int, words: str) -> str:
    shown = ", ".join(named[:3])
    more = f" and {count - 3:,} more" if count > 3 else ""
    return f"{shown}{more} {'is' if count == 1 else 'are'} {words}."


def noticed() -> list[str]:
    """What an approver should know though it holds nothing up: reviews and tasks that are late."""
    today = current_organization().today()
    late = Risk.objects.exclude(status=Risk.Status.CLOSED).filter(next_review_on__lt=today).count()
    tasks = RiskTask.objects.filter(status=RiskTask.Status.OPEN, due_on__lt=today).count()
    found = [f"{late:,} {'review is' if late == 1 else 'reviews are'} overdue."] if late else []
    return found + ([f"{tasks:,} {'task is' if tasks == 1 else 'tasks are'} overdue."] if tasks else [])
