"""Linking an incident to other records, and raising a finding out of it."""

import datetime as dt

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from incidents.lifecycle.moving import for_workers
from incidents.links.registry import kind_of
from incidents.models import Incident, IncidentLink
from incidents.timeline.actions import note as say
from inventory.models import Person
from tenancy.scope import now
from ui.refusals import ActionRefused

FINDING, INCIDENT = "finding", "incident"
RAISE = "findings.write"


@action
def add_link(incident: Incident, *, actor: Member, kind: str, number: str, note: str = "") -> IncidentLink:
    """Say that a record has to do with it, by its number; only one that the actor sees. Raises ActionRefused."""
    for_workers(incident, actor)
    chosen = kind_of(kind)
    if chosen is None:
        raise ActionRefused("Choose what it is.", field="kind")
    target = chosen.find(actor, number)
    if target is None:
        raise ActionRefused(f"You see no {chosen.label.lower()} with the number {number.strip()[:60]}.", field="number")
    if kind == INCIDENT and target.pk == incident.pk:
        raise ActionRefused("That is this one.", field="number")
    return _link(incident, kind, target, note.strip(), actor)


@action
def remove_link(link: IncidentLink, *, actor: Actor, reason: str = "") -> None:
    """Say that a record has nothing to do with it after all. Raises ActionRefused."""
    incident = for_workers(link.incident, actor)
    IncidentLink.REMOVE.apply(link, actor=actor, note=reason.strip(), metadata={"incident": incident.reference})
    say(incident, f"Not linked any more: {link.label}", actor)


@action
def finding_of(
    incident: Incident, *, actor: Actor, title: str, severity: str, remediation: str, owner: Person | None = None,
    control: Control | None = None, due_on: dt.date | None = None,
) -> Finding:  # fmt: skip
    """Raise a finding out of it and link it. Not of a confidential one, as findings are read by more. Raises ActionRefused."""
    for_workers(incident, actor)
    if incident.confidential:
        raise ActionRefused("Findings are read by more people than this incident: raise one in words of its own, among findings.")
    if not actor.can(RAISE):
        raise ActionRefused("Your role does not allow raising findings.")
    finding = raise_finding(
        actor=actor,
        title=title,
        severity=severity,
        source=Finding.Source.OTHER,
        link=incident.get_absolute_url(),
        risk=f"Seen in {incident.reference}: {incident.title}",
        remediation=remediation,
        owner=owner,
        control=control,
        due_on=due_on,
    )
    _link(incident, FINDING, finding, "Raised out of it", actor)
    return finding


def hang_finding(incident: Incident, finding: Finding, *, note: str, actor: Actor) -> None:
    """Link a finding that follows from it, unless it is linked already. Part of a caller's action."""
    if not incident.links.filter(kind=FINDING, target=finding.pk, status=IncidentLink.Status.LINKED).exists():
        _link(incident, FINDING, finding, note, actor)


def _link(incident: Incident, kind: str, target: object, said: str, actor: Actor) -> IncidentLink:
    """The label is the record's number alone: its words may be for others' eyes."""
    key = target.pk  # type: ignore[attr-defined] # a record
    if incident.links.filter(kind=kind, target=key, status=IncidentLink.Status.LINKED).exists():
        raise ActionRefused("It is linked already.", field="number")
    link = IncidentLink.objects.create(
        incident=incident,
        kind=kind,
        target=key,
        label=_number(kind, target),
        note=said[:500],
        linked_by=actor if isinstance(actor, Member) else None,
        linked_at=now(),
    )
    record("incident_link.add", link, actor=actor, after={"incident": incident.reference, "record": link.label})
    say(incident, f"Linked: {link.label}{f' ({link.note})' if link.note else ''}", actor)
    return link


def _number(kind: str, target: object) -> str:
    chosen = kind_of(kind)
    return str(getattr(target, chosen.number))[:300] if chosen else str(target)[:300]
