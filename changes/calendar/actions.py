"""Writing freezes: set, changed, cancelled and put back."""

from collections.abc import Collection
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.calendar.freezes import held_in
from changes.calendar.mail import tell_held
from changes.lifecycle.carrying import schedule_if_ready
from changes.models import Change, FreezeSystem, FreezeWindow
from inventory.models import System
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.values import exact
from workflow.changes import change, differing, shown

RUN = "changes.write"
WRITTEN = ("name", "starts_at", "ends_at", "reason")


@action
def set_freeze(*, actor: Actor, systems: Collection[System] = (), **facts: Any) -> FreezeWindow:
    """Put a freeze into the calendar, and tell those whose planned changes it holds. `facts`: all of WRITTEN."""
    _authorise(actor)
    freeze = FreezeWindow(set_by=actor if isinstance(actor, Member) else None, set_at=now(), **_tidy(facts))
    freeze.full_clean(exclude=_others(), validate_unique=False, validate_constraints=False)
    refuse_backwards(freeze)
    freeze.save(force_insert=True)
    cover(freeze, systems)
    after = {name: shown(getattr(freeze, name)) for name in WRITTEN}
    event = record("freeze.create", freeze, actor=actor, after={**after, "systems": _names(systems)})
    tell_held(freeze, key=str(event.pk), actor=actor)
    return freeze


@action
def edit_freeze(freeze: FreezeWindow, *, actor: Actor, systems: Collection[System] | None = None, **facts: Any) -> FreezeWindow:
    """Change a freeze that is not over; who is held by it now is told. Raises ActionRefused when nothing would change."""
    _authorise(actor)
    current = locked(freeze)
    refuse_over(current)
    facts = _tidy(facts)
    before = sorted(current.systems.values_list("system__name", flat=True))
    wanted = before if systems is None else _names(systems)
    if not differing(current, facts) and wanted == before:
        raise ActionRefused("It says so already: nothing was changed.")
    refuse_backwards(FreezeWindow(**{name: facts.get(name, getattr(current, name)) for name in WRITTEN}))
    were_held = held_and_approved(current)
    current = change(current, "freeze.edit", actor=actor, fields=facts)
    if wanted != before:
        cover(current, systems or ())
        record("freeze.cover", current, actor=actor, before={"systems": before}, after={"systems": wanted})
    tell_held(current, key=f"{current.pk}:{now().isoformat()}", actor=actor)
    schedule_freed(were_held)
    return current


@action
def cancel_freeze(freeze: FreezeWindow, *, actor: Actor, reason: str) -> FreezeWindow:
    """Take it out of the calendar: it holds nothing any more, and what only waited for its end is scheduled."""
    current = locked(freeze)
    refuse_over(current)
    were_held = held_and_approved(current)
    FreezeWindow.CANCEL.apply(freeze, actor=actor, note=said(reason), cancelled_at=now())
    schedule_freed(were_held)
    return freeze


@action
def restore_freeze(freeze: FreezeWindow, *, actor: Actor, reason: str) -> FreezeWindow:
    """Put it back, and tell those whose changes it holds again."""
    current = locked(freeze)
    refuse_past(current)
    FreezeWindow.RESTORE.apply(freeze, actor=actor, note=said(reason), cancelled_at=None)
    tell_held(freeze, key=f"{freeze.pk}:{now().isoformat()}", actor=actor)
    return freeze


def held_and_approved(freeze: FreezeWindow) -> list[Change]:
    """What a freeze may have kept from being scheduled."""
    return list(held_in(freeze).filter(status=Change.Status.APPROVED, overridden=False).order_by("pk"))


def schedule_freed(changes: Collection[Change]) -> None:
    """Schedule those of them that nothing else keeps from it. Part of a caller's action."""
    for one in Change.objects.filter(pk__in=[one.pk for one in changes]).select_for_update(of=("self",)).order_by("pk"):
        schedule_if_ready(one)


def cover(freeze: FreezeWindow, systems: Collection[System]) -> None:
    """Let a freeze be about these systems and no others; none is all. Part of a caller's action."""
    kept = {one.pk for one in systems}
    rows = FreezeSystem.objects.filter(freeze=freeze)
    rows.exclude(system__in=kept).delete()
    there = set(rows.values_list("system", flat=True))
    FreezeSystem.objects.bulk_create(FreezeSystem(freeze=freeze, system=one) for one in systems if one.pk not in there)


def refuse_over(freeze: FreezeWindow) -> None:
    """Raise ActionRefused when it is cancelled, or over: what held then stays as it was."""
    if freeze.status == FreezeWindow.Status.CANCELLED:
        raise ActionRefused(f"{freeze} is cancelled: put it back first.")
    refuse_past(freeze)


def refuse_past(freeze: FreezeWindow) -> None:
    """Raise ActionRefused when it is over."""
    if freeze.ends_at <= now():
        raise ActionRefused(f"{freeze} has been over since {exact(freeze.ends_at)}: it stays as it was.")


def refuse_backwards(freeze: FreezeWindow) -> None:
    """Raise ActionRefused unless it ends after it begins."""
    if freeze.ends_at <= freeze.starts_at:
        raise ActionRefused("The freeze ends before it begins.", field="ends_at")


def locked(freeze: FreezeWindow) -> FreezeWindow:
    """The row itself, until the commit."""
    return FreezeWindow.objects.select_for_update(of=("self",)).get(pk=freeze.pk)


def said(reason: str) -> str:
    """A reason. Raises ActionRefused when there is none."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    return reason.strip()


def _tidy(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")


def _others() -> set[str]:
    return {field.name for field in FreezeWindow._meta.fields} - set(WRITTEN)


def _names(systems: Collection[System]) -> list[str]:
    return sorted(one.name for one in systems)
