"""Security events: reported, counted again, and evaluated."""

import datetime as dt
import hashlib
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents import hooks
from incidents.models import Incident, Kind, SecurityEvent, Severity
from incidents.models.severity import graded
from incidents.rights import REPORT, RUN, events_visible_to, may_see
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import shown
from workflow.references import next_reference

ONCE = "security_event_once"
_GRADES = [Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]


@action
def report_event(
    *,
    actor: Actor,
    title: str,
    source: str,
    reported_as: str = "",
    fingerprint: str = "",
    kind: str = Kind.SECURITY,
    severity: str = "",
    **facts: Any,
) -> SecurityEvent:
    """Keep what was noticed, to be evaluated; only a title is needed.

    `fingerprint` is any text that is the same for the same thing: while one of it waits, it is counted on that one, which
    becomes as grave as the gravest report of it. `severity` is "" where nobody stated one; `facts`: description, occurred_at,
    confidential, system. Raises ActionRefused.
    """
    if not actor.can(REPORT):
        raise ActionRefused("Your role does not allow this.")
    digest = digest_of(fingerprint)
    if (again := _waiting(digest)) is not None:
        return _seen_again(again, actor, severity)
    event = SecurityEvent(
        title=title.strip(),
        source=source,
        reported_as=(reported_as or actor.name)[:200],
        reported_by=actor if isinstance(actor, Member) else None,
        reported_at=now(),
        last_seen_at=now(),
        fingerprint=digest,
        kind=kind,
        **graded(severity),
        **facts,
    )
    if event.occurred_at and event.occurred_at > now():
        raise ActionRefused("Not in the future.", field="occurred_at")
    event.reference = next_reference("SE", str(current_organization().today().year))
    clean(event, {"title", "source", "kind", "severity", *facts})
    return _kept(event, actor)


def digest_of(fingerprint: str) -> str:
    """How a fingerprint is kept: any text as its SHA-256; none as none."""
    return hashlib.sha256(fingerprint.encode()).hexdigest() if fingerprint else ""


def _kept(event: SecurityEvent, actor: Actor) -> SecurityEvent:
    """Saved; somebody who reported the same at the same moment has counted it."""
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError as error:
        cause: Any = error.__cause__
        if cause.diag.constraint_name == ONCE and (again := _waiting(event.fingerprint)) is not None:
            return _seen_again(again, actor, event.severity if event.severity_stated else "")
        raise
    names = ("title", "source", "reported_as", "kind", "severity", "confidential", "system", "occurred_at", "description")
    told = {name: shown(getattr(event, name)) for name in names}
    told["severity"] = event.severity_recorded
    record("security_event.report", event, actor=actor, after={name: value for name, value in told.items() if value})
    hooks.reported(event, actor)
    return event


def _waiting(digest: str) -> SecurityEvent | None:
    if not digest:
        return None
    waiting = SecurityEvent.objects.filter(fingerprint=digest, status=SecurityEvent.Status.NEW)
    return waiting.select_for_update(of=("self",)).first()


def _seen_again(event: SecurityEvent, actor: Actor, severity: str) -> SecurityEvent:
    before = {"times_seen": event.times_seen, "severity": event.severity_recorded}
    event.times_seen += 1
    event.last_seen_at = now()
    _grow(event, severity)
    event.save(update_fields=["times_seen", "last_seen_at", "severity", "severity_stated"])
    after = {"times_seen": event.times_seen, "severity": event.severity_recorded}
    record("security_event.see_again", event, actor=actor, before=before, after=after)
    return event


def _grow(event: SecurityEvent, severity: str) -> None:
    """As grave as the gravest that somebody stated: what is stated counts more than what holds by default."""
    if severity and event.severity_stated:
        severity = max(event.severity, severity, key=lambda grade: _GRADES.index(Severity(grade)))
    if severity:
        event.severity, event.severity_stated = severity, True


@action
def rule_out(event: SecurityEvent, *, actor: Actor, reason: str) -> SecurityEvent:
    """Say that it is no incident, and why. Raises ActionRefused."""
    locked = for_evaluators(event, actor)
    why = stated(reason, field="reason")
    SecurityEvent.RULE_OUT.apply(locked, actor=actor, reason=why, **evaluated(actor))
    hooks.evaluated(locked, actor)
    return locked


@action
def join(event: SecurityEvent, *, actor: Actor, incident: Incident) -> SecurityEvent:
    """Make it part of an incident that is known already. Raises ActionRefused."""
    locked = for_evaluators(event, actor)
    if not may_see(actor, incident):
        raise ActionRefused("There is no such incident.", field="incident")
    if incident.status == Incident.Status.DISMISSED:
        raise ActionRefused(f"{incident} was dismissed: open it again first.", field="incident")
    if locked.confidential and not incident.confidential:
        raise ActionRefused(
            f"The report is confidential and {incident} is not: make that one confidential first.", field="incident"
        )
    attach(locked, incident, actor)
    return locked


def attach(event: SecurityEvent, incident: Incident, actor: Actor) -> None:
    """Make a locked event part of an incident; part of a caller's action."""
    SecurityEvent.JOIN.apply(event, actor=actor, incident=incident, **evaluated(actor))
    hooks.evaluated(event, actor)


@action
def evaluate_again(event: SecurityEvent, *, actor: Actor, reason: str) -> SecurityEvent:
    """Take the evaluation back, with a reason: it waits again. Raises ActionRefused."""
    locked = for_evaluators(event, actor)
    SecurityEvent.EVALUATE_AGAIN.check(locked)
    if _waiting(locked.fingerprint) is not None:
        raise ActionRefused("The same was reported again since, and waits: evaluate that one.")
    SecurityEvent.EVALUATE_AGAIN.apply(
        locked,
        actor=actor,
        note=stated(reason, field="reason"),
        incident=None,
        reason="",
        evaluated_by=None,
        evaluated_at=None,
    )
    return locked


def for_evaluators(event: SecurityEvent, actor: Actor) -> SecurityEvent:
    """The row, locked, for whoever runs incidents and may see it. Raises ActionRefused."""
    if not actor.can(RUN):
        raise ActionRefused("This is for those who run incidents.")
    if isinstance(actor, Member) and not events_visible_to(actor).filter(pk=event.pk).exists():
        raise ActionRefused("There is no such security event.")
    event.refresh_from_db(from_queryset=SecurityEvent.objects.select_for_update(of=("self",)))
    return event


def evaluated(actor: Actor) -> dict[str, Any]:
    """By whom and when it was evaluated."""
    moment: dt.datetime = now()
    return {"evaluated_by": actor if isinstance(actor, Member) else None, "evaluated_at": moment}


def clean(row: Any, names: set[str]) -> None:
    """Judge these fields of a row. Raises ValidationError."""
    exclude = {field.name for field in row._meta.fields} - names
    row.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
