"""Writing who is on call: schedules, their rotations, and overrides."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.lifecycle.people import check_able
from incidents.models import OnCallOverride, OnCallRotation, OnCallSchedule, OnCallTurn
from incidents.models.oncall import RUN
from incidents.oncall.telling import tell_override
from incidents.rights import WORK
from tenancy.scope import now
from ui.moments import EARLIEST, LATEST
from ui.refusals import ActionRefused, stated
from ui.values import exact
from workflow.changes import change
from workflow.uniqueness import refusing_taken

ROTATION = ("zone", "every", "unit", "starts_on", "hands_over_at")
LONGEST_OVERRIDE = dt.timedelta(days=92)
MOST = 60  # members of a rotation


@action
def create_schedule(
    *, actor: Actor, name: str, fallback: Member, members: Sequence[Member], is_default: bool = False, **rotation: Any
) -> OnCallSchedule:
    """Add a schedule with its first rotation (ROTATION). The first of all is the default one. Raises ActionRefused."""
    _authorise(actor)
    check_able(fallback, field="fallback")
    moment = now()
    first = not OnCallSchedule.objects.filter(is_default=True).exists()
    schedule = OnCallSchedule(name=name.strip(), fallback=fallback, made_by_id=actor.id, made_at=moment)
    with refusing_taken(OnCallSchedule):
        schedule.save(force_insert=True)
    told = _put_rotation(schedule, members, moment, actor, rotation)
    record("on_call_schedule.create", schedule, actor=actor, after={"name": name, "fallback": fallback.name, **told})
    if is_default or first:
        _make_default(schedule, actor)
    return schedule


@action
def edit_schedule(
    schedule: OnCallSchedule, *, actor: Actor, members: Sequence[Member], is_default: bool = False, **given: Any
) -> OnCallSchedule:
    """Change its name or fallback, and from now on its rotation (ROTATION) where that differs. Raises ActionRefused."""
    _authorise(actor)
    locked = _locked(schedule)
    _refuse_retired(locked)
    rotation = {name: given.pop(name) for name in ROTATION}
    check_able(given.get("fallback"), field="fallback")
    with refusing_taken(OnCallSchedule):
        change(locked, "on_call_schedule.edit", actor=actor, fields=given)
    before = told_of(locked.rotation)
    if before != _words(members, rotation):
        after = _put_rotation(locked, members, now(), actor, rotation)
        record("on_call_schedule.rotate", locked, actor=actor, before=before, after=after)
    elif not _differs(schedule, given) and (schedule.is_default or not is_default):
        raise ActionRefused("It says so already: nothing was changed.")
    if is_default and not locked.is_default:
        _make_default(locked, actor)
    return locked.refreshed()


@action
def retire(schedule: OnCallSchedule, *, actor: Actor, reason: str) -> None:
    """Nobody is on call by it any more. The default one stays in use until another is. Raises ActionRefused."""
    if _locked(schedule).is_default:
        raise ActionRefused("Critical incidents go by this one: make another the default one first.")
    OnCallSchedule.RETIRE.apply(schedule, actor=actor, note=stated(reason, field="reason"))


@action
def restore(schedule: OnCallSchedule, *, actor: Actor) -> None:
    """Go by it again."""
    OnCallSchedule.RESTORE.apply(schedule, actor=actor)


@action
def take_over(
    schedule: OnCallSchedule, *, actor: Actor, member: Member, starts_at: dt.datetime, ends_at: dt.datetime, reason: str = ""
) -> OnCallOverride:
    """Put somebody on call for a while: oneself, or anybody for those who run schedules. Raises ActionRefused."""
    own = isinstance(actor, Member) and actor.pk == member.pk and actor.can(WORK)
    if not own and not actor.can(RUN):
        raise ActionRefused("You take over yourself; others are put on call by those who run the schedules.", field="member")
    locked = _locked(schedule)
    _refuse_retired(locked)
    check_able(member, field="member")
    _refuse_odd(starts_at, ends_at)
    taken = OnCallOverride.objects.filter(schedule=locked, status="set", starts_at__lt=ends_at, ends_at__gt=starts_at)
    if (other := taken.select_related("member__user").first()) is not None:
        raise ActionRefused(
            f"{other.member.name} has taken over from {exact(other.starts_at)} to {exact(other.ends_at)}: withdraw that first.",
            field="starts_at",
        )
    override = OnCallOverride(
        schedule=locked, member=member, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), made_by_id=actor.id,
        made_at=now(),
    )  # fmt: skip
    override.save(force_insert=True)
    facts = {"schedule": locked.name, "member": member.name, "starts_at": starts_at, "ends_at": ends_at, "reason": reason or None}
    record("on_call_override.set", override, actor=actor, after=facts)
    tell_override(override, actor)
    return override


@action
def withdraw(override: OnCallOverride, *, actor: Actor) -> OnCallOverride:
    """The rotation holds again: from now on, where it had begun. Raises ActionRefused."""
    own = isinstance(actor, Member) and actor.pk == override.member_id
    if not own and not actor.can(RUN):
        raise ActionRefused("Whoever took over, or those who run the schedules, withdraw it.")
    if override.ends_at <= now():
        raise ActionRefused("It is over: it stays as it was.")
    return OnCallOverride.WITHDRAW.apply(override, actor=actor, withdrawn_at=max(now(), override.starts_at))


def told_of(rotation: OnCallRotation) -> dict[str, Any]:
    """A rotation, as the trail says it."""
    turns = OnCallTurn.objects.filter(rotation=rotation).select_related("member__user").order_by("position")
    return _words([turn.member for turn in turns], {name: getattr(rotation, name) for name in ROTATION})


def _words(members: Sequence[Member], rotation: dict[str, Any]) -> dict[str, Any]:
    return {**rotation, "hands_over_at": f"{rotation['hands_over_at']:%H:%M}", "members": [one.name for one in members]}


def _put_rotation(
    schedule: OnCallSchedule, members: Sequence[Member], at: dt.datetime, actor: Actor, rotation: dict[str, Any]
) -> dict[str, Any]:
    if not 1 <= len(members) <= MOST:
        raise ActionRefused(f"Name from one to {MOST} people.", field="members")
    if not EARLIEST <= rotation["starts_on"].year <= LATEST:  # whose instants no zone could tell
        raise ActionRefused(f"Give a year from {EARLIEST} to {LATEST}.", field="starts_on")
    for member in members:
        check_able(member, field="members")
    row = OnCallRotation(schedule=schedule, in_force_from=at, made_by_id=actor.id, made_at=at, **rotation)
    row.full_clean(exclude={"tenant", "schedule", "made_by"}, validate_unique=False, validate_constraints=False)
    row.save(force_insert=True)
    OnCallTurn.objects.bulk_create(OnCallTurn(rotation=row, position=n, member=one) for n, one in enumerate(members))
    return _words(members, rotation)


def _make_default(schedule: OnCallSchedule, actor: Actor) -> None:
    for other in OnCallSchedule.objects.select_for_update(of=("self",)).filter(is_default=True).exclude(pk=schedule.pk):
        change(other, "on_call_schedule.edit", actor=actor, fields={"is_default": False})
    change(schedule, "on_call_schedule.edit", actor=actor, fields={"is_default": True})


def _differs(schedule: OnCallSchedule, fields: dict[str, Any]) -> bool:
    return any(getattr(schedule, name) != value for name, value in fields.items())


def _refuse_odd(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise ActionRefused("It ends before it begins.", field="ends_at")
    if ends_at <= now():
        raise ActionRefused("That is over: who was on call then stays as it was.", field="ends_at")
    if starts_at < now() - dt.timedelta(minutes=5):
        raise ActionRefused("It begins now or later: who was on call before stays as it was.", field="starts_at")
    if ends_at - starts_at > LONGEST_OVERRIDE:
        raise ActionRefused("For longer than three months, change the rotation.", field="ends_at")


def _refuse_retired(schedule: OnCallSchedule) -> None:
    if schedule.status != OnCallSchedule.Status.ACTIVE:
        raise ActionRefused("It is retired: put it back into use first.")


def _locked(schedule: OnCallSchedule) -> OnCallSchedule:
    return OnCallSchedule.objects.select_for_update(of=("self",)).select_related("fallback__user").get(pk=schedule.pk)


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
