"""What may be given: roles as they are chosen, by whom, and together with which others."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.duties import Conflict, conflicts_between, grants_of
from accounts.models import CustomRole, DutyAcceptance, Member
from accounts.models.role import LONGEST_ACCEPTED
from accounts.permissions import PERMISSIONS
from accounts.roles import (
    AUDITOR,
    FOR_PROGRAMS,
    ROLES,
    SAID_FOR_OTHERS,
    VIEWER,
    changing_beyond_reading,
    granted,
    implied,
)
from audit.actors import Actor, System
from audit.record import record
from tenancy.models import current_organization
from ui.refusals import ActionRefused, stated

APPOINT, ADMINISTER, RUN = "members.appoint", "members.admin", "organization.admin"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """Roles that somebody is to have: their keys in the order of the table, and the organization's own among them."""

    keys: list[str]
    own: list[CustomRole]

    @property
    def columns(self) -> dict[str, Any]:
        """As a member keeps them."""
        further = {grant for role in self.own for grant in role.grants}
        return {
            "roles": self.keys,
            "titles": [role.name for role in self.own],
            "further": [name for name in PERMISSIONS if name in further],
        }

    @property
    def rights(self) -> frozenset[str]:
        """What they allow together."""
        return granted(self.keys, self.columns["further"])

    @property
    def conflicts(self) -> list[Conflict]:
        """What they combine that none of them has by itself."""
        return list(conflicts_between(grants_of(self.keys, {role.key: role.grants for role in self.own})))


class Unanswered(ActionRefused):
    """A conflict of duty comes about, and nobody has said yet why that is accepted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a conflict of duty is accepted, and until when."""

    reason: str
    ends_on: dt.date


def chosen(roles: Sequence[str], *, is_service: bool = False) -> Chosen:
    """The roles once each, in the order of the table, the organization's own last.

    Raises ActionRefused if there is none, one nobody knows, one for programs given to a person, or some that exclude each other.
    """
    if FOR_PROGRAMS & set(roles) and not is_service:
        raise ActionRefused("This role is for service accounts: a person has none of it.", field="roles")
    own = _own(roles)
    keys = [*(key for key in ROLES if key in roles), *(role.key for role in own)]
    if not keys or len(keys) != len(set(roles)):
        raise ActionRefused("Choose at least one role.", field="roles")
    found = Chosen(keys, own)
    if is_service:
        must_be_for_programs(found)
    _must_go_together(found)
    return found


def must_be_for_programs(found: Chosen, *, field: str = "roles") -> None:
    """Raise ActionRefused for what no service account may: it has no second factor."""
    if found.rights & {ADMINISTER, RUN}:
        raise ActionRefused("A service account cannot be an administrator.", field=field)


def _own(roles: Sequence[str]) -> list[CustomRole]:
    """Those in use, locked against a change of theirs at the same moment."""
    custom = [key for key in roles if key not in ROLES]
    if not custom:
        return []
    return list(
        CustomRole.objects.select_for_update(of=("self",)).filter(key__in=custom, status="active").order_by("name", "key")
    )


def _must_go_together(found: Chosen) -> None:
    """An auditor judges from outside, and a viewer only reads: no other role may undo that unseen. Raises ActionRefused."""
    for role in found.own:
        if {VIEWER, AUDITOR} & set(found.keys) and (changing := changing_beyond_reading(role.rights)):
            raise ActionRefused(reading_only(role.name, changing), field="roles")
    others = [key for key in found.keys if key in ROLES and key != AUDITOR]
    if AUDITOR in found.keys and (changing := changing_beyond_reading(granted(others))):
        name = next(ROLES[key].name for key in others if changing_beyond_reading(granted([key])))
        raise ActionRefused(reading_only(name, changing), field="roles")


def reading_only(name: str, changing: Collection[str]) -> str:
    """Why a role cannot stand beside Auditor or Viewer."""
    return (
        f"Auditor and Viewer only read, and {name} does more: {in_words(changing)}."
        " Take one of the two away. A role of your own can hold what is to be read as well."
    )


def must_appoint(actor: Actor) -> None:
    """Raise ActionRefused unless the actor gives roles."""
    if not actor.can(APPOINT):
        raise ActionRefused("Only an administrator or a compliance manager can do this.")


def must_administer(actor: Actor) -> None:
    """Raise ActionRefused unless the actor runs the organization's membership."""
    if not actor.can(ADMINISTER):
        raise ActionRefused("Only an administrator can do this.")


def must_reach(actor: Actor, member: Member) -> None:
    """Administrators decide over everybody, others over those who may do no more than themselves. Raises ActionRefused."""
    if beyond := out_of_reach(actor, member):
        raise ActionRefused(f"{member.name} may do more than you: {in_words(beyond)}. An administrator can do this.")


def out_of_reach(actor: Actor, member: Member) -> list[str]:
    """What a member may do beyond whoever would decide over them; nothing for administrators, who decide over everybody."""
    return [] if actor.can(RUN) else _beyond(actor, member.rights - SAID_FOR_OTHERS)


def must_hold(actor: Actor, given: Chosen, kept: Collection[str] = (), *, to_self: bool = False) -> None:
    """Nobody gives what they do not hold. What somebody has already is `kept`, and not given.

    An auditor's judgement and management's signature are held by nobody who gives roles: they come with their built-in role,
    and never to oneself. Raises ActionRefused.
    """
    if to_self:
        wanted = given.rights
    else:
        wanted = (granted(key for key in given.keys if key in ROLES) - SAID_FOR_OTHERS) | implied(given.columns["further"])
    if beyond := _beyond(actor, wanted - set(kept)):
        raise ActionRefused(f"You cannot give what you do not hold yourself: {in_words(beyond)}.", field="roles")


def must_hold_all(actor: Actor, grants: Collection[str], kept: Collection[str] = ()) -> None:
    """The same of the permissions of a role. Raises ActionRefused."""
    if beyond := _beyond(actor, implied(grants) - set(kept)):
        raise ActionRefused(f"You cannot give what you do not hold yourself: {in_words(beyond)}.", field="grants")


def in_words(permissions: Collection[str]) -> str:
    """Up to three of them, and how many more."""
    words = [PERMISSIONS[name][0].lower() + PERMISSIONS[name][1:] for name in PERMISSIONS if name in permissions]
    more = f"; and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return "; ".join(words[:_NAMED]) + more


def _beyond(actor: Actor, permissions: Collection[str]) -> list[str]:
    return [name for name in PERMISSIONS if name in permissions and not actor.can(name)]


def settle(
    conflicts: Collection[Conflict], *, of: Member | CustomRole, answer: Answer | None, actor: Actor, field: str = "roles"
) -> None:
    """Accept conflicts of duty in the actor's name. Raises ActionRefused without a reason and an end, and for one's own.

    What the product sets up by itself is not accepted by anybody: it waits for somebody as a conflict in the open.
    """
    settled = {row.duty for row in accepted_of(of) if row.counts}
    waiting = [one for one in conflicts if one.key not in settled]
    if not waiting or isinstance(actor, System):
        return
    if answer is None:
        raise Unanswered(f"{named(waiting)} Say why that is accepted, and until when.", field=field)
    for one in waiting:
        accept(one, of=of, answer=answer, actor=actor)


def accepted_of(of: Member | CustomRole) -> list[DutyAcceptance]:
    """What was accepted of a member or a role, the latest of each conflict."""
    rows = DutyAcceptance.objects.filter(member=of) if isinstance(of, Member) else DutyAcceptance.objects.filter(role=of)
    return list({row.duty: row for row in rows.order_by("accepted_at", "pk")}.values())


def named(conflicts: Collection[Conflict]) -> str:
    """Conflicts in words: "Conflict of duty: Writes policies and approves them. They could ..."."""
    first = "Conflict of duty" if len(conflicts) == 1 else f"{len(conflicts)} conflicts of duty"
    return f"{first}: " + " ".join(f"{one.name}. {one.sentence}" for one in conflicts)


def accept(conflict: Conflict, *, of: Member | CustomRole, answer: Answer, actor: Actor) -> DutyAcceptance:
    """Keep one acceptance, with its event. Part of a caller's action. Raises ActionRefused."""
    if not isinstance(actor, Member) or _is_own(of, actor):
        raise ActionRefused("Nobody accepts a conflict of their own duties: somebody else has to.")
    today = current_organization().today()
    if not today <= answer.ends_on <= today + LONGEST_ACCEPTED:
        raise ActionRefused("Choose a day from today to a year from now: then it is looked at again.", field="ends_on")
    reason = stated(answer.reason, "Say why this is accepted: an auditor will ask.", field="reason")
    about = {"member": of} if isinstance(of, Member) else {"role": of}
    kept = DutyAcceptance.objects.create(duty=conflict.key, reason=reason, ends_on=answer.ends_on, accepted_by=actor, **about)
    after = {"conflict": conflict.name, "of": kept.whose, "ends_on": answer.ends_on}
    record("duty.accept", kept, actor=actor, note=reason, after=after)
    return kept


def _is_own(of: Member | CustomRole, actor: Member) -> bool:
    return of.is_of(actor) if isinstance(of, CustomRole) else of.pk == actor.pk
