"""What a gap analysis rests on, in five queries for any number of controls, each input with its SHA-256."""

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from audit.record import canonical
from controls.gaps.data import ControlRow, Said
from controls.models import AuditPeriod, ControlCriterion, ControlState
from tenancy.scope import current_tenant_id

_NOTHING = hashlib.sha256(b"").hexdigest()
# One line for each fact, ordered, hashed by the database: 100,000 items never leave it.
_LINE = "convert_to(concat_ws(' ', {}), 'UTF8')"
_DIGEST = "encode(sha256(string_agg({line}, '\\x0a'::bytea ORDER BY {order})), 'hex')"
_EVIDENCE = f"""
SELECT p.control_id,
  {
    _DIGEST.format(
        line=_LINE.format(
            "e.reference, e.revision, f.sha256, e.expires_on, p.leg, p.occurrence_id, coalesce(k.result, 'not checked')"
        ),
        order="e.reference, p.leg, p.occurrence_id",
    )
},
  count(DISTINCT e.id), count(DISTINCT e.id) FILTER (WHERE e.method = 'manual')
FROM controls_controlevidence p
JOIN evidence_evidence e ON e.tenant_id = p.tenant_id AND e.id = p.evidence_id AND e.status = 'current'
JOIN evidence_storedfile f ON f.tenant_id = e.tenant_id AND f.id = e.file_id
LEFT JOIN evidence_filecheck k ON k.tenant_id = f.tenant_id AND k.file_id = f.id
WHERE p.tenant_id = %s AND p.status = 'linked' GROUP BY p.control_id
"""  # noqa: S608 - our own words only
_TESTS = f"""
SELECT t.control_id, {
    _DIGEST.format(
        line=_LINE.format("t.id, t.tested_on, t.result, t.status, t.population_id, t.sample_id"), order="t.tested_on, t.id"
    )
}
FROM controls_controltest t WHERE t.tenant_id = %s AND t.tested_on <= %s GROUP BY t.control_id
"""  # noqa: S608 - our own words only
_DATES = _LINE.format("o.key, o.due_on, o.missed_after, o.status, o.performed_on, o.counts_on")
_OCCURRENCES = f"""
SELECT o.control_id, {_DIGEST.format(line=_DATES, order="o.key")}
FROM controls_occurrence o
WHERE o.tenant_id = %s AND o.ends_on BETWEEN %s AND %s AND o.status <> 'withdrawn' GROUP BY o.control_id
"""  # noqa: S608 - our own words only


def rows_of(period: AuditPeriod, as_of: dt.date, criteria: Sequence[str]) -> list[ControlRow]:
    """The controls in scope of a period as their kept states say, with what lies behind each, by code."""
    evidence, tests, occurrences = (_asked(*one) for one in statements(current_tenant_id(), period, as_of))
    answers: dict[uuid.UUID, list[str]] = defaultdict(list)
    of_period = ControlCriterion.objects.filter(criterion__in=criteria).order_by("criterion")
    for control, criterion in of_period.values_list("control", "criterion"):
        answers[control].append(criterion)
    states = ControlState.objects.filter(period=period, in_scope=True).select_related("control__owner").order_by("control__code")
    return [
        _row(state, answers[state.control_id], evidence.get(state.control_id), tests, occurrences) for state in states.iterator()
    ]


def statements(tenant: uuid.UUID, period: AuditPeriod, as_of: dt.date) -> list[tuple[str, tuple[Any, ...]]]:
    """What is asked of evidence, tests and occurrences, with its parameters."""
    return [
        (_EVIDENCE, (tenant,)),
        (_TESTS, (tenant, as_of)),
        (_OCCURRENCES, (tenant, period.starts_on, period.ends_on)),
    ]


def digest_of(rows: Sequence[ControlRow], records: Sequence[Said]) -> str:
    """SHA-256 over what each control was judged by, and what records say against them."""
    facts: list[Any] = [[row.id, row.design, row.operation, row.reasons, row.expected, row.on_time, row.inputs] for row in rows]
    facts += [[one.key, one.controls, one.outcome, one.sentence] for one in records]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def _row(
    state: ControlState,
    criteria: list[str],
    evidence: tuple[Any, ...] | None,
    tests: dict[uuid.UUID, tuple[Any, ...]],
    occurrences: dict[uuid.UUID, tuple[Any, ...]],
) -> ControlRow:
    control, owner = state.control, state.control.owner
    proof, _, by_hand = evidence or (_NOTHING, 0, 0)
    return ControlRow(
        id=str(control.pk),
        code=control.code,
        title=control.title,
        owner=owner.name if owner else "",
        owner_id=str(owner.pk) if owner else "",
        priority=control.priority,
        cadence=control.cadence,
        library_key=control.library_key,
        criteria=criteria,
        design=state.design,
        operation=state.operation,
        reasons=list(state.reasons),
        evidence=evidence[1] if evidence else 0,
        by_hand=by_hand,
        expected=state.expected,
        on_time=state.on_time,
        last_tested_on=_iso(state.last_tested_on),
        next_due_on=_iso(state.next_due_on),
        inputs={
            "evidence": proof,
            "tests": tests.get(control.pk, (_NOTHING,))[0],
            "occurrences": occurrences.get(control.pk, (_NOTHING,))[0],
        },
    )


def _asked(sql: str, params: tuple[Any, ...]) -> dict[uuid.UUID, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
