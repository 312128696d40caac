"""An incident is opened: by somebody, out of a security event, or because something is down."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents import hooks
from incidents.clocks.deciding import keep_impact
from incidents.lifecycle.due import acknowledge_due
from incidents.lifecycle.people import check_able, join
from incidents.lifecycle.times import What, record_time, sensible
from incidents.lifecycle.working import take_up
from incidents.models import Incident, IncidentImpact, IncidentSystem, Kind, SecurityEvent, Severity
from incidents.models.incident import ONGOING
from incidents.models.severity import DEFAULT, graded
from incidents.reporting.events import attach, clean, for_evaluators
from incidents.reporting.mail import tell_opened
from incidents.rights import RUN, WORK, may_see
from inventory.models import System
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.references import next_reference

ONE_EACH = "incident_one_per_component"


@action
def open_incident(
    *,
    actor: Actor,
    title: str,
    kind: str = Kind.SECURITY,
    severity: str = "",
    systems: Collection[System] = (),
    detected_at: dt.datetime | None = None,
    occurred_at: dt.datetime | None = None,
    event: SecurityEvent | None = None,
    assigned_to: Member | None = None,
    impact: Mapping[str, str] | None = None,
    **facts: Any,
) -> Incident:
    """Open an incident; out of a security event, if one is given. A critical one is with whoever is on call at once.

    `facts`: description, component, detected_by, confidential, data_affected; `impact`: whose data, for the
    duties to notify; `severity`: "" where nobody stated one. Whoever opens one that they could not see is
    put into its team. Raises ActionRefused.
    """
    if not (actor.can(WORK) or actor.can(RUN)):
        raise ActionRefused("Your role does not allow this.")
    if event is not None:
        event = for_evaluators(event, actor)
        facts["confidential"] = facts.get("confidential", False) or event.confidential
    check_able(assigned_to, field="assigned_to")
    moment = now()
    incident = Incident(
        title=title.strip(),
        kind=kind,
        **graded(severity),
        gravest=severity or DEFAULT,
        reported_by=event.reported_by if event else actor if isinstance(actor, Member) else None,
        reported_at=moment,
        acknowledge_due_at=acknowledge_due(severity or DEFAULT, moment),
        assigned_to=assigned_to,
        **facts,
    )
    detected = sensible(incident, What.DETECTED, detected_at or (event.reported_at if event else moment), field="detected_at")
    incident.occurred_at = occurred_at or (event.occurred_at if event else None)
    if incident.occurred_at is not None:
        incident.detected_at = detected
        sensible(incident, What.OCCURRED, incident.occurred_at, field="occurred_at")
    incident.detected_at = detected
    incident.reference = next_reference("INC", str(current_organization().today().year))
    clean(incident, {"title", "kind", "severity", *facts})
    incident.save(force_insert=True)
    _keep_times(incident, actor)
    IncidentSystem.objects.bulk_create([IncidentSystem(incident=incident, system=system) for system in systems])
    record("incident.open", incident, actor=actor, after=_facts(incident, systems))
    _see_to(incident, event, actor, impact)
    return incident


def _keep_times(incident: Incident, actor: Actor) -> None:
    if incident.occurred_at is not None:
        record_time(incident, What.OCCURRED, incident.occurred_at, actor=actor)
    record_time(incident, What.DETECTED, incident.detected_at, actor=actor)


def _see_to(incident: Incident, event: SecurityEvent | None, actor: Actor, impact: Mapping[str, str] | None) -> None:
    """What follows from its being opened."""
    if isinstance(actor, Member) and not may_see(actor, incident):
        join(incident, actor, actor)
    if event is not None:
        attach(event, incident, actor)
    if impact is not None and set(impact.values()) != {IncidentImpact.Answer.UNKNOWN}:  # before its clocks start
        keep_impact(incident, impact, reason="", actor=actor)
    hooks.opened(incident, actor)
    if incident.severity == Severity.CRITICAL:
        take_up(incident)
    tell_opened(incident, actor)


def _facts(incident: Incident, systems: Collection[System]) -> dict[str, Any]:
    names = (
        "title", "kind", "severity", "confidential", "description", "data_affected", "component", "detected_by", "occurred_at",
        "detected_at",
    )  # fmt: skip
    told = {name: getattr(incident, name) for name in names}
    told["systems"] = sorted(system.name for system in systems)
    told["severity"] = incident.severity_recorded
    told["assigned_to"] = incident.assigned_to.name if incident.assigned_to else None
    return {name: value for name, value in told.items() if value not in (None, "", [], False)}


@action
def outage(*, component: str, actor: Actor, title: str, **facts: Any) -> tuple[Incident, bool]:
    """What is down joins the ongoing incident of its component, or opens one; tells which, and whether it is new."""
    if (known := ongoing(component)) is not None:
        return _joined(known, title, actor, facts.get("detected_at")), False
    try:
        with transaction.atomic():
            return open_incident(actor=actor, title=title, component=component, **{"kind": Kind.AVAILABILITY, **facts}), True
    except IntegrityError as error:
        cause: Any = error.__cause__
        if cause.diag.constraint_name != ONE_EACH or (known := ongoing(component)) is None:
            raise
    return _joined(known, title, actor, facts.get("detected_at")), False


def recovered(*, component: str, at: dt.datetime, actor: Actor, note: str) -> Incident | None:
    """Note in the latest incident of a component that it is up again; resolving it is for people. None: there is none."""
    known = ongoing(component)
    if known is None:
        latest = Incident.objects.select_for_update(of=("self",)).filter(component=component, status=Incident.Status.RESOLVED)
        known = latest.order_by("-reported_at", "-pk").first()
    return None if known is None else _recovered(known, at, actor, note)


@action
def _recovered(incident: Incident, at: dt.datetime, actor: Actor, note: str) -> Incident:
    record("incident.recover", incident, actor=actor, after={"recovered_at": at}, note=note)
    hooks.note(incident, note, actor, at)
    return incident


def ongoing(component: str) -> Incident | None:
    """The incident of a component that is not resolved yet, locked."""
    found = Incident.objects.select_for_update(of=("self",)).filter(component=component, status__in=ONGOING)
    return found.first() if component else None


def _joined(incident: Incident, title: str, actor: Actor, at: dt.datetime | None) -> Incident:
    record("incident.join_outage", incident, actor=actor, note=title)
    hooks.note(incident, title, actor, at)
    return incident
