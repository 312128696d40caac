"""Who is on an incident: assigned, in command, writing, and of its team."""

from collections.abc import Collection
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents import hooks
from incidents.lifecycle.moving import for_workers, refuse_over
from incidents.models import Incident, IncidentMember
from incidents.rights import WORK
from tenancy.scope import now
from ui.refusals import ActionRefused

LEAVE = "incident.leave_team"
PARTS = ("assigned_to", "commander", "scribe")


@action
def set_people(incident: Incident, *, actor: Actor, team: Collection[Member] | None = None, **people: Member | None) -> Incident:
    """Name who is assigned, commands and writes (those of PARTS that are given), and its team. Raises ActionRefused."""
    for_workers(incident, actor)
    refuse_over(incident)
    changed = {name: people[name] for name in PARTS if name in people and _differs(incident, name, people[name])}
    for name, member in changed.items():
        check_able(member, field=name)
    if changed:
        put(incident, "incident.assign", actor=actor, fields=changed)
    if not (_set_team(incident, team, actor) if team is not None else False) and not changed:
        raise ActionRefused("It is so already.")
    return incident


def _differs(incident: Incident, name: str, member: Member | None) -> bool:
    return bool(getattr(incident, f"{name}_id") != (member.pk if member else None))


def _set_team(incident: Incident, team: Collection[Member], actor: Actor) -> bool:
    """Make the team these; whether anything changed."""
    present = {row.member_id: row for row in incident.team.select_related("member__user")}
    wanted = {member.pk for member in team}
    gone = [row for key, row in present.items() if key not in wanted]
    for member in team:
        if member.pk not in present:
            check_able(member, field="team")
            join(incident, member, actor)
    for row in gone:
        row.delete()
        record(LEAVE, incident, actor=actor, before={"team": row.member.name})
    return bool(gone or wanted - present.keys())


def put(incident: Incident, verb: str, *, actor: Actor, fields: dict[str, Any], note: str = "") -> Incident:
    """Save people of a locked incident, record it and call the hooks."""
    before = {name: _name(getattr(incident, name)) for name in fields}
    for name, member in fields.items():
        setattr(incident, name, member)
    incident.save(update_fields=[*fields])
    record(verb, incident, actor=actor, before=before, after={name: _name(one) for name, one in fields.items()}, note=note)
    hooks.moved(incident, verb, actor)
    return incident


@action
def add_to_team(incident: Incident, *, member: Member, actor: Actor) -> Incident:
    """Put somebody into its team: they see it, confidential or not, and may work on it. Raises ActionRefused."""
    for_workers(incident, actor)
    check_able(member, field="member")
    if not join(incident, member, actor):
        raise ActionRefused(f"{member.name} is of its team already.", field="member")
    return incident


@action
def take_from_team(incident: Incident, *, member: Member, actor: Actor) -> Incident:
    """Take somebody out of its team. Raises ActionRefused."""
    for_workers(incident, actor)
    deleted, _ = IncidentMember.objects.filter(incident=incident, member=member).delete()
    if not deleted:
        raise ActionRefused(f"{member.name} is not of its team.", field="member")
    record(LEAVE, incident, actor=actor, before={"team": member.name})
    return incident


def join(incident: Incident, member: Member, actor: Actor) -> bool:
    """Put somebody into the team of a locked incident, if they are not yet; part of a caller's action."""
    if IncidentMember.objects.filter(incident=incident, member=member).exists():
        return False
    by = actor if isinstance(actor, Member) else None
    IncidentMember.objects.create(incident=incident, member=member, added_by=by, added_at=now())
    record("incident.join_team", incident, actor=actor, after={"team": member.name})
    return True


def check_able(member: Member | None, *, field: str) -> None:
    """Raise ActionRefused for somebody who could not work on it."""
    if member is None:
        return
    if not member.is_active:
        raise ActionRefused(f"{member.name} has no access any more.", field=field)
    if not member.can(WORK):
        raise ActionRefused(f"The role of {member.name} does not allow working on incidents.", field=field)


def _name(member: Member | None) -> str | None:
    return member.name if member else None
