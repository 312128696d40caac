"""What reporting and the incidents themselves put into the registries of the layers below."""

from accounts.knocking import tell_the_rest
from audit.hiding import register_hidden
from controls.events.hiding import register_hidden_events
from evidence.hiding import register_hidden_evidence
from incidents import hooks
from incidents.confidence import hidden_events, hidden_evidence, hidden_records
from incidents.models import AlertDelivery, Incident, SecurityEvent
from incidents.reporting.denials import watch_denials
from incidents.reporting.inbox import about, waiting
from incidents.reporting.incident_listing import IncidentList
from incidents.reporting.listing import EventList
from incidents.reporting.mail import tell_evaluated, tell_moved, tell_reported
from incidents.rights import EVERYBODY, REPORT, RUN
from ui.navigation import register_place
from ui.searching import register_search
from workflow.inbox import register_inbox
from workflow.personal import register_naming
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_search("incidents:list", IncidentList, lambda one: f"{one.reference} {one.title}", order=55)
    register_search("incidents:event-list", EventList, lambda one: f"{one.reference} {one.title}", order=56)
    register_place("incidents", "Report something", "incidents:report", REPORT, order=5)
    register_place("incidents", "Incidents", "incidents:list", EVERYBODY, order=10, brief=True)
    register_place("incidents", "Security events", "incidents:event-list", EVERYBODY, order=20)
    register_place("incidents", "Incident settings", "incidents:settings", RUN, order=95, more=True)
    register_naming(SecurityEvent, "title", "description", "reported_as")
    register_naming(Incident, "title", "description", "detected_by")
    register_naming(AlertDelivery, "body", kind="alert_deliveries")
    register_inbox(waiting, about)
    register_hidden(hidden_records)
    register_hidden_evidence(hidden_evidence)
    register_hidden_events(hidden_events)
    register_periodic("accounts.tell_knocks", tell_the_rest)
    register_periodic("incidents.watch_denials", watch_denials)
    hooks.on_reported(tell_reported)
    hooks.on_evaluated(tell_evaluated)
    hooks.on_moved(tell_moved)
