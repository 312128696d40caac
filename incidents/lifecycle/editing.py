"""What is written of an incident is changed, and which systems it affects; and who may see it."""

from collections.abc import Collection
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents import hooks
from incidents.lifecycle.moving import for_workers, refuse_over
from incidents.lifecycle.people import join
from incidents.models import Incident, IncidentSystem
from incidents.oncall.hushing import hush
from incidents.reporting.events import clean
from incidents.rights import has_part
from inventory.models import System
from ui.refusals import ActionRefused, stated
from workflow.changes import differing, shown

SYSTEMS = "systems"


def edit_incident(incident: Incident, *, actor: Actor, systems: Collection[System] | None = None, **fields: Any) -> Incident:
    """Save what differs; nothing happens when nothing does. Raises ActionRefused."""
    current = Incident.objects.get(pk=incident.pk)
    if not differing(current, fields) and (systems is None or _names(systems) == _names(affected(current))):
        return current
    return _edit(current, actor, systems, fields)


@action
def _edit(incident: Incident, actor: Actor, systems: Collection[System] | None, fields: dict[str, Any]) -> Incident:
    for_workers(incident, actor)
    refuse_over(incident)
    changed = differing(incident, fields)
    before = {name: shown(getattr(incident, name)) for name in changed}
    after = {name: shown(value) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(incident, name, value)
    clean(incident, set(changed))
    if changed:
        incident.save(update_fields=[*changed])
    had = affected(incident)
    if systems is not None and _names(systems) != _names(had):
        before[SYSTEMS], after[SYSTEMS] = _names(had), _names(systems)
        _put_systems(incident, systems)
    if not after:
        raise ActionRefused("Somebody has made the same change.")
    record("incident.edit", incident, actor=actor, before=before, after=after)
    hooks.moved(incident, "incident.edit", actor)
    return incident


def affected(incident: Incident) -> list[System]:
    """The systems it affects, by name."""
    return [row.system for row in incident.systems.select_related("system").order_by("system__name")]


def _put_systems(incident: Incident, systems: Collection[System]) -> None:
    wanted = {system.pk for system in systems}
    incident.systems.exclude(system__in=wanted).delete()
    had = set(incident.systems.values_list("system", flat=True))
    IncidentSystem.objects.bulk_create([IncidentSystem(incident=incident, system_id=key) for key in wanted - had])


def _names(systems: Collection[System]) -> list[str]:
    return sorted(system.name for system in systems)


@action
def confide(incident: Incident, *, actor: Actor, reason: str) -> Incident:
    """Make it confidential: only those named in it see it. Whoever does so stays in its team. Raises ActionRefused."""
    for_workers(incident, actor)
    if incident.confidential:
        raise ActionRefused("It is confidential already.")
    why = stated(reason)
    if isinstance(actor, Member) and not has_part(actor, incident):
        join(incident, actor, actor)
    _set_confidential(incident, actor, "incident.confide", why, confidential=True)
    hush(incident)
    return incident


@action
def disclose(incident: Incident, *, actor: Actor, reason: str) -> Incident:
    """Open it to all who read incidents, with everything that is written in it. Raises ActionRefused."""
    for_workers(incident, actor)
    if not incident.confidential:
        raise ActionRefused("It is not confidential.")
    return _set_confidential(incident, actor, "incident.disclose", stated(reason), confidential=False)


def _set_confidential(incident: Incident, actor: Actor, verb: str, why: str, *, confidential: bool) -> Incident:
    incident.confidential = confidential
    incident.save(update_fields=["confidential"])
    before, after = {"confidential": not confidential}, {"confidential": confidential}
    record(verb, incident, actor=actor, before=before, after=after, note=why)
    hooks.moved(incident, verb, actor)
    return incident
