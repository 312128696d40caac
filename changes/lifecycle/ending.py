"""The review after implementation, and the end."""

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from changes import rights
from changes.approving.separation import VERIFY, why_not
from changes.lifecycle.moving import hold, move
from changes.models import Change
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

LEARN = "Say what was learned."
FELL_SHORT = (Change.Outcome.FAILED.value, Change.Outcome.ROLLED_BACK.value)
NOT_YOURS = "This is for whoever reviews the change and for those who run changes."


@action
def review(change: Change, *, actor: Actor, outcome: str, effect: str, lessons: str = "", close: bool = False) -> Change:
    """Say how it went, what it did and what was learned; with `close` it is over. Raises ActionRefused.

    What failed or was rolled back and an emergency need the lessons; an emergency its approval in writing first.
    """
    hold(change)
    _authorise(change, actor)
    Change.REVIEW.check(change)
    if change.type == Change.Type.EMERGENCY and change.written_at is None:
        raise ActionRefused("It has to be approved in writing before it is reviewed.")
    if refusal := why_not(change, actor, VERIFY):
        raise ActionRefused(refusal)
    _judge_outcome(change, outcome)
    said = stated(effect, "Say what it did.", field="effect")
    must_learn = needs_review(change) or outcome in FELL_SHORT
    learned = stated(lessons, LEARN, field="lessons") if must_learn else lessons.strip()
    member = actor if isinstance(actor, Member) else None
    facts = {"outcome": outcome, "effect": said, "lessons": learned, "reviewed_by": member, "reviewed_at": now()}
    move(Change.REVIEW, change, actor=actor, **facts)
    if close:
        move(Change.CLOSE, change, actor=actor, ended_at=now())
    return change


@action
def close(change: Change, *, actor: Actor, note: str = "") -> Change:
    """It is over. A failed change and an emergency have been reviewed first. Raises ActionRefused."""
    hold(change)
    _authorise(change, actor)
    Change.CLOSE.check(change)
    if change.status == Change.Status.IMPLEMENTED and needs_review(change):
        raise ActionRefused("An emergency is reviewed before it is closed.")
    if refusal := why_not(change, actor, VERIFY):
        raise ActionRefused(refusal)
    return move(Change.CLOSE, change, actor=actor, note=note.strip(), ended_at=now())


def needs_review(change: Change) -> bool:
    """Whether it cannot be closed without a review: what failed, was undone, or could not wait."""
    return change.type == Change.Type.EMERGENCY or change.status in {Change.Status.FAILED, Change.Status.ROLLED_BACK}


def standing_of_review(change: Change) -> str:
    """done, awaited, not needed (of a request that went as approved), skipped (closed without one), never (not carried out)."""
    if change.reviewed_at is not None:
        return "done"
    if change.status == Change.Status.CLOSED:
        return "skipped"
    if change.is_over:
        return "never"
    return "not needed" if goes_without_review(change) else "awaited"


def goes_without_review(change: Change) -> bool:
    """Whether it is a request that was carried out as approved: nobody is asked to review that."""
    carried_out = change.status == Change.Status.IMPLEMENTED and change.review_due_on is None
    return carried_out and change.number is not None and not needs_review(change)


def _judge_outcome(change: Change, outcome: str) -> None:
    if outcome not in Change.Outcome.values:
        raise ActionRefused("Say how it went.", field="outcome")
    forced = {Change.Status.FAILED: Change.Outcome.FAILED, Change.Status.ROLLED_BACK: Change.Outcome.ROLLED_BACK}
    if (only := forced.get(change.status)) and outcome != only:  # type: ignore[call-overload] # a value of the same choices
        raise ActionRefused(f"It {change.get_status_display().lower()}: that is its outcome.", field="outcome")


def _authorise(change: Change, actor: Actor) -> None:
    if not rights.may_verify(actor, change):
        raise ActionRefused(NOT_YOURS)
