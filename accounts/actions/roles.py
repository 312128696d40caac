"""Roles of the organization's own: making, changing and retiring them, and answering for conflicts of duty."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from accounts.duties import Conflict, conflicts_within
from accounts.giving import RUN, Answer, Chosen, accept, must_appoint, must_be_for_programs, must_hold_all, reading_only, settle
from accounts.models import CustomRole, DutyAcceptance, Invitation, Member
from accounts.models.role import own_roles
from accounts.permissions import PERMISSIONS
from accounts.roles import AUDITOR, ROLES, SAID_FOR_OTHERS, VIEWER, changing_beyond_reading, implied, words_for
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from ui.refusals import ActionRefused, stated

_KEY_LENGTH = 26  # with room for a number behind it


@action
def create_role(
    *, name: str, description: str, grants: Sequence[str], actor: Member, copied_from: str = "", answer: Answer | None = None
) -> CustomRole:
    """Make a role of permissions that the actor holds. Raises ActionRefused, also for a conflict of duty without an answer."""
    must_appoint(actor)
    role = CustomRole(
        key=_key_of(name), name=name.strip(), description=description.strip(), grants=_granted(grants), created_by=actor,
        copied_from=copied_from if copied_from in ROLES else "",
    )  # fmt: skip
    must_hold_all(actor, role.grants)
    _must_be_free(role)
    role.save(force_insert=True)
    record("role.create", role, actor=actor, after={**_told(role), "copied_from": role.copied_from})
    settle(conflicts_within(role.grants), of=role, answer=answer, actor=actor, field="grants")
    return role


@action
def change_role(
    role: CustomRole, *, name: str, description: str, grants: Sequence[str], actor: Actor, answer: Answer | None = None
) -> CustomRole:
    """Change a role, and with it what everybody who has it may do, from their next request on.

    What is added the actor must hold; nobody may do more by it than they may give. Raises ActionRefused.
    """
    must_appoint(actor)
    locked = _locked(role)
    before, earlier = _told(locked), list(locked.grants)
    locked.name, locked.description, locked.grants = name.strip(), description.strip(), _granted(grants, kept=earlier)
    if _told(locked) == before:
        raise ActionRefused("Nothing was changed.")
    _must_reach(actor, earlier)
    must_hold_all(actor, locked.grants, kept=implied(earlier))
    _must_be_free(locked)
    holders = list(locked.held().select_for_update(of=("self",)).order_by("pk"))
    _must_only_read(locked, holders)
    new = [one for one in conflicts_within(locked.grants) if one not in conflicts_within(earlier)]
    settle(new, of=locked, answer=answer, actor=actor, field="grants")
    were = {member.pk: _held_by(member).conflicts for member in holders}
    locked.save()
    _spread(holders, were, answer, actor)
    told = {**_told(locked), "members": len(holders)}
    record("role.change", locked, actor=actor, before=before, after=told)
    return locked


@action
def retire_role(role: CustomRole, *, actor: Actor, reason: str) -> CustomRole:
    """Give it to nobody any more. Refused while somebody has it, or is invited to it."""
    must_appoint(actor)
    locked = _locked(role)
    _must_reach(actor, locked.grants)
    if names := [member.name for member in locked.held()]:
        raise ActionRefused(f"Somebody still has this role: {', '.join(sorted(names))}. Give them another one first.")
    if Invitation.objects.filter(status=Invitation.Status.OPEN, roles__contains=[locked.key]).exists():
        raise ActionRefused("An open invitation is for this role. Revoke it first.")
    CustomRole.objects.filter(pk=locked.pk).update(status=CustomRole.Status.RETIRED)
    before, after = {"status": "active"}, {"status": "retired"}
    record("role.retire", locked, actor=actor, note=stated(reason), before=before, after=after)
    locked.refresh_from_db()
    return locked


@action
def accept_conflict(of: Member | CustomRole, *, duties: Collection[str], answer: Answer, actor: Actor) -> list[DutyAcceptance]:
    """Answer for conflicts of duty that a person or a role has now. Raises ActionRefused."""
    must_appoint(actor)
    found = _held_by(of).conflicts if isinstance(of, Member) else conflicts_within(of.grants)
    chosen = [one for one in found if one.key in duties]
    if len(chosen) != len(set(duties)) or not chosen:
        raise ActionRefused("There is no such conflict any more.")
    return [accept(one, of=of, answer=answer, actor=actor) for one in chosen]


def _granted(grants: Sequence[str], kept: Collection[str] = ()) -> list[str]:
    """In the order of the table. Raises ActionRefused if there is none, and for what only a built-in role says."""
    if not (found := [key for key in PERMISSIONS if key in grants]):
        raise ActionRefused("Choose at least one permission.", field="grants")
    if said := [key for key in found if key in SAID_FOR_OTHERS and key not in kept]:
        sentence = f"{PERMISSIONS[said[0]]}: that comes with the built-in role {words_for(said[0])} alone."
        raise ActionRefused(sentence, field="grants")
    return found


def _key_of(name: str) -> str:
    """By which members and the trail name it for good: from its first name, and never one that there was."""
    stem = slugify(name).replace("_", "-")[:_KEY_LENGTH].strip("-") or "role"
    taken = {*ROLES, *CustomRole.objects.filter(key__startswith=stem).values_list("key", flat=True)}
    return next(key for number in range(1, 1000) if (key := stem if number == 1 else f"{stem}-{number}") not in taken)


def _must_be_free(role: CustomRole) -> None:
    """Raise ActionRefused for a name that another role has."""
    if any(role.name.casefold() == one.name.casefold() for one in ROLES.values()):
        raise ActionRefused("There is a built-in role of this name.", field="name")
    others = CustomRole.objects.filter(status="active", name__iexact=role.name).exclude(pk=role.pk)
    if others.exists():
        raise ActionRefused("There is a role of this name already.", field="name")


def _must_reach(actor: Actor, grants: Sequence[str]) -> None:
    """Administrators change every role, others one that may do no more than themselves. Raises ActionRefused."""
    if not actor.can(RUN):
        must_hold_all(actor, grants)


def _must_only_read(role: CustomRole, holders: Sequence[Member]) -> None:
    """Whoever only reads goes on only reading. Raises ActionRefused, with whom it is about."""
    readers = [member.name for member in holders if {AUDITOR, VIEWER} & set(member.roles)]
    if readers and (changing := changing_beyond_reading(role.rights)):
        raise ActionRefused(f"{', '.join(readers)}: {reading_only(role.name, changing)}", field="grants")


def _held_by(member: Member) -> Chosen:
    return Chosen(member.roles, own_roles(member.roles))


def _spread(holders: Sequence[Member], were: Mapping[UUID, Collection[Conflict]], answer: Answer | None, actor: Actor) -> None:
    """Write with each member what their roles are called and grant now; what that brings together in one is answered for too."""
    for member in holders:
        held = _held_by(member)
        new = [one for one in held.conflicts if one not in were[member.pk]]
        settle(new, of=member, answer=answer, actor=actor, field="grants")
        if member.user.is_service:
            must_be_for_programs(held, field="grants")
        Member.objects.filter(pk=member.pk).update(titles=held.columns["titles"], further=held.columns["further"])


def _locked(role: CustomRole) -> CustomRole:
    """The role as it is now, in use. Raises ActionRefused."""
    locked = CustomRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if not locked.is_active:
        raise ActionRefused("This role was retired.")
    return locked


def _told(role: CustomRole) -> dict[str, Any]:
    return {"name": role.name, "description": role.description, "grants": list(role.grants)}
