"""Keeping the outcome of a check, as a record, as evidence, and as an alarm where it found something."""

import io
import json
from dataclasses import asdict
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from audit.seal.checking.verdict import Verdict
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from incidents.models import Kind, Severity
from incidents.reporting.actions import report_event
from proof.models import TrailCheck
from tenancy.scope import now
from workflow.references import next_reference

ITSELF = System("proof")
COLLECTOR = "verify_audit"
LONGEST = 300  # characters of a title


@action
def keep_check(verdict: Verdict, *, actor: Actor) -> TrailCheck:
    """Keep it. What is broken is reported as a critical security event, once as long as that waits to be evaluated."""
    told = facts_of(verdict)
    reference = next_reference("TC", f"{verdict.at:%Y}")
    content = json.dumps({"check": reference, **told}, indent=2, ensure_ascii=False, default=str).encode()
    evidence = add_evidence(
        title=f"{reference}: check of the audit trail, {told['outcome'].replace('_', ' ')}",
        category=Evidence.Category.MONITORING,
        file=store(io.BytesIO(content), f"{reference}.json"),
        source="Plumbline",
        collector=COLLECTOR,
        actor=actor,
        collected_at=verdict.at,
        period_to=None,
        description=sentence(verdict),
    )
    check = TrailCheck.objects.create(
        reference=reference,
        at=verdict.at,
        finished_at=now(),
        asked_by=actor if isinstance(actor, Member) else None,
        outcome=verdict.state,
        evidence=evidence,
        **{name: told[name] for name in ("events", "heads", "root", "found", "faults", "notes", "unasked")},
    )
    record(
        "trail.check", check, actor=actor, after={name: told[name] for name in ("outcome", "events", "heads", "root", "found")}
    )
    if verdict.state == TrailCheck.Outcome.BROKEN:
        _alarm(check, verdict)
    return check


def facts_of(verdict: Verdict) -> dict[str, Any]:
    """The outcome as plain values."""
    return {
        "outcome": verdict.state,
        "at": verdict.at.isoformat(),
        "events": verdict.events,
        "heads": verdict.heads,
        "root": verdict.root.hex(),
        "found": verdict.found,
        "faults": [
            {name: str(value) if name == "event" and value else value for name, value in asdict(one).items()}
            for one in verdict.faults
        ],
        "notes": verdict.notes,
        "unasked": verdict.unasked,
    }


def sentence(verdict: Verdict) -> str:
    """The outcome in a sentence."""
    read = f"{verdict.events:,} events and {verdict.heads:,} signed heads were read"
    if verdict.first is not None:
        broken = f"The trail is broken: {verdict.first.kind}. {verdict.first.words}"
        return f"{broken} {read.capitalize()}; {verdict.found:,} faults were found."
    if verdict.unasked:
        return f"The trail could not be evaluated. {' '.join(verdict.unasked)} {read.capitalize()}."
    return f"The trail is intact: {read}, and each agrees with the tree that was signed."


def _alarm(check: TrailCheck, verdict: Verdict) -> None:
    report_event(
        actor=ITSELF,
        title=f"The audit trail is broken: {verdict.first.kind if verdict.first else ''}"[:LONGEST],
        source="product",
        reported_as="Check of the audit trail",
        fingerprint="proof trail broken",
        kind=Kind.INTEGRITY,
        severity=Severity.CRITICAL,
        description=f"{check.reference}: {sentence(verdict)}",
    )
