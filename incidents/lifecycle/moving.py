"""Moving an incident: its row locked first, everybody told who asked."""

from typing import Any

from audit.actors import Actor, System
from incidents import hooks
from incidents.models import Incident
from incidents.rights import may_run, may_work
from ui.refusals import ActionRefused
from workflow.transitions import Transition

ITSELF = System("incidents")
NOT_YOURS = "This is for those who work on the incident and for those who run incidents."
NOT_RUNNING = "This is for those who run incidents."


def hold(incident: Incident) -> Incident:
    """Lock the incident's row and bring `incident` up to date with it. The first thing that every action does."""
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(of=("self",)))
    return incident


def for_workers(incident: Incident, actor: Actor) -> Incident:
    """The row, locked, for whoever works on it. Raises ActionRefused."""
    hold(incident)
    if not may_work(actor, incident):
        raise ActionRefused(NOT_YOURS)
    return incident


def for_runners(incident: Incident, actor: Actor) -> Incident:
    """The row, locked, for whoever runs incidents and may see this one. Raises ActionRefused."""
    hold(incident)
    if not may_run(actor, incident):
        raise ActionRefused(NOT_RUNNING)
    return incident


def refuse_over(incident: Incident) -> None:
    """Raise ActionRefused once it is closed or dismissed."""
    if incident.is_over:
        raise ActionRefused(f"{incident} is {incident.get_status_display().lower()}: open it again to work on it.")


def move(transition: Transition, incident: Incident, *, actor: Actor, **fields: Any) -> Incident:
    """Apply a transition, with its `note`, `metadata` and fields, and call the hooks. Raises ActionRefused."""
    transition.apply(incident, actor=actor, **fields)
    hooks.moved(incident, transition.verb, actor, fields.get("note", ""))
    return incident
