"""A whole change as plain values: kept as evidence, and printed. Instants are ISO 8601 in UTC, "" is none."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch

from audit.record import canonical
from changes.calendar.freezes import beside_window
from changes.drafting.risk import Assessment, assess, said_of
from changes.lifecycle.ending import standing_of_review
from changes.models import Approval, Change, ChangeEvidence, ChangeFreezeOverride, Deployment

FORMAT = "plumbline.change/1"
_TEXTS = (
    "description", "impact", "rollback_plan", "abort_criteria", "test_plan", "testing_evidence", "emergency_reason", "objection",
    "effect", "lessons",
)  # fmt: skip
_INSTANTS = (
    "raised_at", "submitted_at", "approved_at", "approved_until", "window_from", "window_until", "implemented_at", "ended_at",
    "agreed_at", "objected_at", "written_due_at", "written_at", "reviewed_at", "merged_at",
)  # fmt: skip
_PEOPLE = ("requester", "raised_by", "implementer", "verifier", "agreed_by", "objected_by", "reviewed_by")
Record = dict[str, Any]


def loaded(keys: Collection[uuid.UUID]) -> list[Change]:
    """These changes with all that belongs to them, by number; a dozen queries for any number of them."""
    given = Approval.objects.select_related("approver__user", "approver_person", "version").prefetch_related("counted_for")
    proofs = ChangeEvidence.objects.filter(status=ChangeEvidence.Status.LINKED).select_related("evidence__file")
    overrides = ChangeFreezeOverride.objects.filter(status=ChangeFreezeOverride.Status.GIVEN)
    rows = Change.objects.filter(pk__in=keys).select_related(
        *("requester", "implementer", "verifier", "agreed_by", "objected_by", "raised_by__user", "reviewed_by__user"),
        "template__approved_by__user",
    )
    return list(
        rows.order_by("reference").prefetch_related(
            "systems__system",
            "links",
            "commits__person",
            "versions__made_by__user",
            Prefetch("approvals", given),
            Prefetch("proofs", proofs),
            Prefetch("deployments", Deployment.objects.order_by("deployed_at", "pk")),
            Prefetch("freeze_overrides", overrides.select_related("freeze", "given_by__user")),
        )
    )


def line_of(record: Record) -> tuple[bytes, str]:
    """A record as a line of canonical JSON, and the SHA-256 of that line with its line feed."""
    line = f"{canonical(record)}\n".encode()
    return line, hashlib.sha256(line).hexdigest()


def record_of(change: Change) -> Record:
    """Everything that is kept of a change; load it by `loaded`."""
    judged = assess(change.answers, change.kind)
    return {
        "format": FORMAT,
        "id": str(change.pk),
        "reference": change.reference,
        "title": change.title,
        "status": change.status,
        "type": change.type,
        "kind": change.kind,
        "priority": change.priority,
        "risk": change.risk,
        "riskReasons": list(judged.reasons),
        "questionnaire": _questionnaire(change, judged),
        "outcome": change.outcome,
        "disputed": change.is_disputed,
        "contentHash": change.content_hash,
        "environments": sorted(change.environments),
        "systems": sorted(row.system.name for row in change.systems.all()),
        "texts": {name: getattr(change, name) for name in _TEXTS},
        "at": {name: instant(getattr(change, name)) for name in _INSTANTS},
        "besideWindow": beside_window(change),
        "reviewIs": standing_of_review(change),
        "reviewDueOn": change.review_due_on.isoformat() if change.review_due_on else "",
        "people": {name: _name(getattr(change, name)) for name in _PEOPLE},
        "template": _template(change),
        "request": _request(change),
        "links": [{"kind": row.kind, "url": row.url, "label": row.label} for row in change.links.all()],
        "versions": [
            {"number": row.number, "hash": row.content_hash, "by": _name(row.made_by), "at": instant(row.made_at)}
            for row in change.versions.all()
        ],
        "approvals": [_approval(row) for row in change.approvals.all()],
        "overrides": [
            {"freeze": row.freeze.name, "reason": row.reason, "by": _name(row.given_by)} for row in change.freeze_overrides.all()
        ],
        "evidence": [_proof(row) for row in change.proofs.all()],
        "deployments": [_deployment(row) for row in change.deployments.all()],
    }


def instant(value: dt.datetime | None) -> str:
    """2026-10-30T14:05:00Z"""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def approvers_of(change: Change) -> list[str]:
    """Who approved what it says now, by name: of a standard change whoever approved its template."""
    if change.type == Change.Type.STANDARD:
        return [_name(change.template.approved_by)] if change.template and change.approved_at else []
    return [_approver(row) for row in change.approvals.all() if _counts(row, change)]


def _counts(row: Approval, change: Change) -> bool:
    given = row.status == Approval.Status.GIVEN and row.answer == Approval.Answer.APPROVED
    return given and row.content_hash == change.content_hash


def _name(somebody: Any) -> str:
    return str(somebody.name) if somebody else ""


def _approver(row: Approval) -> str:
    return _name(row.approver_person or row.approver)


def _questionnaire(change: Change, judged: Assessment) -> Record:
    """The questions about its risk with their answers, what each counts, and how the level follows; {} where none is answered."""
    said = said_of(change.answers, change.kind)
    if not any(answer for _, answer in said):
        return {}
    rows = [
        {"question": question.text, "answer": answer.label if answer else "", "points": answer.points if answer else 0}
        for question, answer in said
    ]
    return {"answers": rows, "points": judged.points, "rule": judged.rule}


def _template(change: Change) -> Record:
    template = change.template
    if template is None:
        return {}
    return {
        "title": template.title,
        "approvedBy": _name(template.approved_by),
        "approvedAt": instant(template.approved_at),
        "hash": template.approved_hash,
        "expiresOn": template.expires_on.isoformat(),
    }


def _request(change: Change) -> Record:
    """The pull or merge request that it is."""
    if not change.repository:
        return {}
    return {
        "source": change.source,
        "repository": change.repository,
        "number": change.number,
        "headCommit": change.head_sha,
        "mergeCommit": change.merge_sha,
        "mergedBy": change.merged_by,
        "checks": [{"name": one.get("name", ""), "outcome": one.get("outcome", "")} for one in change.checks],
        "commits": [
            {"commit": row.sha, "author": row.author, "person": _name(row.person), "bot": row.is_bot, "message": row.message}
            for row in change.commits.all()
        ],
    }


def _approval(row: Approval) -> Record:
    return {
        "answer": row.answer,
        "status": row.status,
        "by": _approver(row),
        "roles": list(row.roles),
        "factor": row.factor,
        "factorAt": instant(row.factor_at),
        "source": row.source,
        "at": instant(row.given_at),
        "version": row.version.number,
        "hash": row.content_hash,
        "wroteSome": row.is_author,
        "rules": sorted(one.name for one in row.counted_for.all()),
        "saw": [one.get("label", "") for one in row.difference],
        "note": row.note,
        "voidedAt": instant(row.voided_at),
        "voidReason": row.void_reason,
    }


def _proof(row: ChangeEvidence) -> Record:
    item = row.evidence
    return {"reference": item.reference, "title": item.title, "use": row.use, "sha256": item.file.sha256, "size": item.file.size}


def _deployment(row: Deployment) -> Record:
    return {
        "id": row.external_id,
        "source": row.source,
        "environment": row.environment,
        "service": row.service,
        "commit": row.commit,
        "at": instant(row.deployed_at),
        "by": row.deployed_by,
        "outcome": row.outcome,
        "class": row.classification,
        "reason": row.reason,
        "notes": list(row.notes),
    }
