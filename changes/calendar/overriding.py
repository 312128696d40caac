"""Letting one change through a freeze, with a reason, by somebody who did not ask for it."""

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.approving.identity import who_acts
from changes.approving.separation import Parts
from changes.calendar.actions import RUN, said
from changes.calendar.freezes import FOREVER, freezes_of
from changes.lifecycle.carrying import schedule_if_ready
from changes.models import Change, ChangeFreezeOverride, FreezeWindow
from tenancy.scope import now
from ui.refusals import ActionRefused

PEOPLE = ("raised_by__user", "requester", "implementer")
MOVED = "The change has another window now."


def why_not_override(change: Change, actor: Actor) -> str:
    """Why this actor may not let it through; empty when they may."""
    if not actor.can(RUN):
        return "Your role does not allow this."
    if change.is_over:
        return f"{change} is {change.get_status_display().lower()}: nothing holds it."
    if who_acts(actor).same(Parts(change).requesters):
        return "Whoever asks for a change does not let it through a freeze: somebody else has to."
    return ""


def holding(change: Change) -> list[FreezeWindow]:
    """The freezes that somebody would have to let it through: over its window, or of now on where it has none."""
    if change.window_from is not None and change.window_until is not None:
        found = freezes_of(change, change.window_from, change.window_until)
    else:
        found = freezes_of(change, now(), FOREVER)
    return [one for one in found if not one.overridden]  # type: ignore[attr-defined] # annotated


@action
def override_freeze(change: Change, *, actor: Actor, freeze: FreezeWindow, reason: str) -> ChangeFreezeOverride:
    """Let a change through a freeze, for the window it has now; what only waited for this is scheduled. Raises ActionRefused."""
    current = Change.objects.select_for_update(of=("self",)).select_related(*PEOPLE).get(pk=change.pk)
    why_not = why_not_override(current, actor)
    if why_not:
        raise ActionRefused(why_not)
    if freeze.pk not in {one.pk for one in holding(current)}:
        raise ActionRefused(f"{freeze} does not hold {current}, or it was let through already.", field="freeze")
    for earlier in ChangeFreezeOverride.objects.filter(change=current, freeze=freeze, status="given"):
        ChangeFreezeOverride.WITHDRAW.apply(earlier, actor=actor, note=MOVED, withdrawn_at=now())
    made = ChangeFreezeOverride.objects.create(
        change=current,
        freeze=freeze,
        reason=said(reason),
        window_from=current.window_from,
        window_until=current.window_until,
        given_by=actor if isinstance(actor, Member) else None,
        requested_by=current.raised_by,
        given_at=now(),
    )
    after = {"freeze": freeze.name, "window_from": current.window_from, "window_until": current.window_until}
    record("freeze_override.give", made, actor=actor, after=after, note=made.reason)
    record("change.let_through", current, actor=actor, after={"freeze": freeze.name}, note=made.reason)
    schedule_if_ready(current)
    return made


@action
def withdraw_override(override: ChangeFreezeOverride, *, actor: Actor, reason: str) -> ChangeFreezeOverride:
    """The freeze holds the change again. Raises ActionRefused."""
    change = Change.objects.select_for_update(of=("self",)).get(pk=override.change_id)
    ChangeFreezeOverride.WITHDRAW.apply(override, actor=actor, note=said(reason), withdrawn_at=now())
    record("change.hold_again", change, actor=actor, after={"freeze": override.freeze.name}, note=reason.strip())
    return override
