"""Who may see and work on which security event and incident.

A confidential one is seen by those named in it and by those who may see all confidential ones, whatever else they may read.
"""

from typing import Any

from django.db.models import Exists, Q, QuerySet

from accounts.models import Member
from audit.actors import Actor, System
from incidents.models import Incident, IncidentMember, SecurityEvent, SecurityTeamMember

REPORT, READ, WORK, RUN, CONFIDE = (f"incidents.{verb}" for verb in ("report", "read", "work", "write", "confide"))
# Whoever has a part in an incident sees it, whatever their role; what each may see is decided in visible_to.
EVERYBODY = "home.read"


def part_in(member: Any) -> Q:
    """Those that a member has a part in: assigned, leads, writes, or is of its team."""
    team = IncidentMember.objects.filter(member=member.pk).order_by().values("incident")
    return Q(assigned_to=member.pk) | Q(commander=member.pk) | Q(scribe=member.pk) | Q(pk__in=team)


def seen_by(member: Any) -> Q | None:
    """What of all incidents a member may see; None: all."""
    if not (member.can(READ) or member.can(CONFIDE)):
        return part_in(member)
    if member.can(CONFIDE):
        return None
    return Q(confidential=False) | part_in(member)


def visible_to(member: Any) -> QuerySet[Incident]:
    """All for those who may see confidential ones; for other readers those that are not; else those they have a part in."""
    allowed = seen_by(member)
    return Incident.objects.all() if allowed is None else Incident.objects.filter(allowed)


def events_visible_to(member: Any) -> QuerySet[SecurityEvent]:
    """Security events, as incidents are; the named security team sees confidential ones.

    All see what they reported, and what is part of an incident they have a part in.
    """
    events = SecurityEvent.objects.all()
    if member.can(CONFIDE):
        return events
    mine = Q(reported_by=member.pk) | Q(incident__in=Incident.objects.filter(part_in(member)).values("pk"))
    if not member.can(READ):
        return events.filter(mine)
    open_ones = Q(confidential=False) | Q(Exists(SecurityTeamMember.objects.filter(member=member.pk)))
    of_an_incident = Q(incident=None) | Q(incident__in=visible_to(member).values("pk"))
    return events.filter(mine | (open_ones & of_an_incident))


def has_part(actor: Actor, incident: Incident) -> bool:
    """Whether the actor is assigned to it, leads it, writes for it or is of its team."""
    if not isinstance(actor, Member):
        return False
    if actor.pk in {incident.assigned_to_id, incident.commander_id, incident.scribe_id}:
        return True
    return IncidentMember.objects.filter(incident=incident.pk, member=actor.pk).exists()


def may_see(actor: Actor, incident: Incident) -> bool:
    """Whether the actor may see it; the product itself does."""
    if isinstance(actor, System) or actor.can(CONFIDE):
        return True
    return (not incident.confidential and actor.can(READ)) or has_part(actor, incident)


def may_run(actor: Actor, incident: Incident) -> bool:
    """Whether the actor runs incidents, and may see this one."""
    if isinstance(actor, System):
        return True
    return actor.can(RUN) and may_see(actor, incident)


def may_work(actor: Actor, incident: Incident) -> bool:
    """Whether the actor has a part in it, or runs it."""
    return may_run(actor, incident) or (actor.can(WORK) and has_part(actor, incident))
