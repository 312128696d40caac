"""What an incident leaves when it is closed: a control event, its record as evidence, and the occurrence of its control."""

import io
from typing import Any

from audit.actors import Actor, System
from audit.record import canonical
from controls.binder.own_documents import REPORT
from controls.events.actions import OWN, log_events
from controls.evidence import attach
from controls.models import Control
from controls.models.control import Leg
from controls.models.event import EventKind
from controls.occurrences.feeds import Fed, controls_fed, feed
from controls.status.keep import refresh
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from incidents.models import Incident, IncidentReview, IncidentTask
from incidents.outputs.population import HIDDEN, INCIDENTS
from incidents.reviewing.record import instant, record_of
from tenancy.ids import uuid7
from tenancy.models import current_organization
from tenancy.scope import now

FORMAT = "plumbline.incident/1"
CLOSED = "-closed-"  # between the number of the incident and what makes the id of its event one of its own
COLLECTOR = "Plumbline's incidents"
STARTER, CRITERION = "INC-002", "CC7.4"
ITSELF = System("incidents")
_LONG = 4000  # of a text in an event


def follow(incident: Incident, verb: str, _actor: Actor, _note: str) -> None:
    """Part of the action that closes one; does nothing for other moves."""
    if verb != Incident.CLOSE.verb:
        return
    log_closing(incident)
    if not incident.confidential:  # who reads evidence reads all of it
        keep_record(incident)


def control_of_incidents() -> Control | None:
    """The control that incidents are logged for: INC-002 in service, or the first that answers CC7.4."""
    rows = Control.objects.filter(status=Control.Status.ACTIVE)
    starter = rows.filter(library_key=STARTER).order_by("code").first()
    return starter or rows.filter(answers__criterion=CRITERION).order_by("code").first()


def log_closing(incident: Incident) -> None:
    """A control event for it; of a confidential one without a word of what it was. Nothing where no control asks."""
    control = control_of_incidents()
    if control is None or incident.detected_at is None:
        return
    measures = IncidentTask.objects.filter(incident=incident, kind=IncidentTask.Kind.PREVENTIVE).exclude(status="cancelled")
    told: dict[str, Any] = dict.fromkeys(("root_cause", "resolution", "prevention"))
    if not incident.confidential:
        prevention = "; ".join(measures.values_list("title", flat=True))
        told = {
            "root_cause": incident.root_cause[:_LONG] or None,
            "resolution": incident.resolution[:_LONG] or None,
            "prevention": prevention[:_LONG] or None,
        }
    event = {
        "event_id": f"{incident.reference}{CLOSED}{uuid7().hex}",
        "kind": EventKind.INCIDENT.value,
        "control": control.code,
        "occurred_at": (incident.closed_at or now()).isoformat(),
        "data": {
            "incident": f"{incident.reference} {HIDDEN if incident.confidential else incident.title}"[:200],
            "severity": incident.severity,
            "detected_by": ("" if incident.confidential else incident.detected_by) or "Not said",
            "responded_by": incident.assigned_to.name if incident.assigned_to else None,
            "detected_at": incident.detected_at.isoformat(),
            "resolved_at": incident.resolved_at.isoformat() if incident.resolved_at else None,
            **told,
        },
    }
    log_events([event], source=OWN, organization=current_organization(), actor=ITSELF)


def keep_record(incident: Incident) -> Evidence:
    """Its record as evidence, under its number: times, timeline, tasks, notices, and the hash of what was approved."""
    organization = current_organization()
    zone = organization.tzinfo
    review = IncidentReview.objects.filter(incident=incident, status=IncidentReview.Status.APPROVED).order_by("-number").first()
    record = {"format": FORMAT, **record_of(incident), "review": _review(review)}
    item = add_evidence(
        title=f"{incident.reference}, record at closing",
        category=Evidence.Category.INCIDENT,
        file=store(io.BytesIO(f"{canonical(record)}\n".encode()), f"{incident.reference}-closed.json"),
        source="Plumbline",
        collector=COLLECTOR,
        subject=incident,
        actor=ITSELF,
        collected_at=now(),
        period_from=incident.reported_at.astimezone(zone).date(),
        period_to=(incident.closed_at or now()).astimezone(zone).date(),
        query=f"incident {incident.reference} as it was closed",
        description="Times with who recorded them, the timeline with its corrections, tasks, notices and the review's hash.",
        tags=[REPORT],
    )
    _let_it_stand(incident, item)
    return item


def _let_it_stand(incident: Incident, item: Evidence) -> None:
    """For controls that run on each incident, with its occurrence; else for the control of incidents at work."""
    closed_on = current_organization().day_of(incident.closed_at or now())
    reported_on = current_organization().day_of(incident.reported_at)
    words = f"{incident.reference} was closed; the record says what was done, by whom and when."
    feed(Fed(INCIDENTS, [item], reported_on, closed_on, incident.assigned_to, words, event=incident.pk.hex))
    control = control_of_incidents()
    if control is not None and not controls_fed(INCIDENTS).filter(pk=control.pk).exists():
        attach(control, item, Leg.OPERATION, actor=ITSELF)
        refresh([control.pk])


def _review(review: IncidentReview | None) -> dict[str, str]:
    if review is None:
        return {}
    by = review.approved_by.name if review.approved_by else ""
    return {
        "version": str(review.number),
        "sha256": review.content_hash,
        "approvedBy": by,
        "approvedAt": instant(review.approved_at),
    }
