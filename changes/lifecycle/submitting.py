"""Putting a change before its approvers, taking it back, and what an edit does to what was approved."""

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes import rights
from changes.approving.authors import only_by_authors, why_unknown
from changes.approving.choices import chosen
from changes.approving.entitled import Entitled
from changes.approving.identity import who
from changes.approving.rules import given_for
from changes.approving.separation import IMPLEMENT, why_not
from changes.approving.standard import approved_until, why_not_standard
from changes.approving.versions import has_changed, make_version, unapproved, void_all
from changes.lifecycle.agreeing import end_agreement
from changes.lifecycle.carrying import schedule_if_ready
from changes.lifecycle.completeness import refuse_incomplete
from changes.lifecycle.mail import tell_void
from changes.lifecycle.moving import hold, move
from changes.models import Change
from changes.models.change import APPROVED, ATTEMPTED
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

NOT_YOURS = "This is for whoever asked for the change and for those who run changes."


@action
def submit(change: Change, *, actor: Actor) -> Change:
    """Put it before its approvers; a standard change of an approved template is approved by it at once. Raises ActionRefused."""
    hold(change)
    _authorise(change, actor)
    Change.SUBMIT.check(change)
    refuse_incomplete(change)
    if change.type == Change.Type.STANDARD and (refusal := why_not_standard(change)):
        raise ActionRefused(refusal)
    settings = chosen()
    change.separate_implementer, change.separate_verifier = settings.separate_implementer, settings.separate_verifier
    _refuse_both(change)
    make_version(change, actor)
    apart = {"separate_implementer": change.separate_implementer, "separate_verifier": change.separate_verifier}
    move(Change.SUBMIT, change, actor=actor, submitted_at=now(), **apart)
    preapprove_standard(change, actor)
    return change


@action
def withdraw(change: Change, *, actor: Actor, reason: str) -> Change:
    """Take it back for good, before it is carried out. Raises ActionRefused."""
    hold(change)
    _authorise(change, actor)
    Change.WITHDRAW.check(change)
    said = stated(reason, "Say why it is withdrawn.")
    void_all(change, actor=actor, reason=f"Withdrawn: {said}")
    return move(Change.WITHDRAW, change, actor=actor, note=said, ended_at=now())


@action
def rework(change: Change, *, actor: Actor, reason: str = "") -> Change:
    """Make it a draft again: what was said of it ends, and it is submitted anew. Raises ActionRefused."""
    hold(change)
    _authorise(change, actor)
    Change.REWORK.check(change)
    void_all(change, actor=actor, reason=reason.strip() or "Reworked.")
    return move(
        Change.REWORK, change, actor=actor, note=reason.strip(), ended_at=None, **(_unagreed(change) | unapproved(change))
    )


@action
def ask_again(change: Change, *, actor: Actor, reason: str) -> Change:
    """Send an approved change back for approval as it is: its approvals end. Raises ActionRefused."""
    hold(change)
    _authorise(change, actor)
    Change.VOID.check(change)
    _back(change, actor, stated(reason))
    preapprove_standard(change, actor)
    return change


@action
def lapse(change: Change, *, actor: Actor, reason: str) -> Change:
    """Its approval was not used in its time: it waits for approval again. A standard change is reworked and submitted anew."""
    hold(change)
    Change.VOID.check(change)
    _back(change, actor, reason)
    return change


def content_changed(change: Change, *, actor: Actor) -> bool:
    """After an edit, in its transaction: whether what was approved is another thing now.

    A new version is made, what was said of older ones ends, the change is submitted again and everybody concerned is told.
    Raises ActionRefused where the edit must not be: after it was carried out, beyond its template, or where what is needed to
    submit it would be gone.
    """
    hold(change)
    _refuse_both(change)
    end_agreement(change, actor=actor)
    if change.status == Change.Status.DRAFT:
        return False
    if not rights.is_carried_out(change):  # an emergency that was is written down bit by bit, and complete when it is approved
        refuse_incomplete(change)
    changed = has_changed(change)
    if not changed:
        schedule_if_ready(change)
        return False
    if rights.is_frozen(change):
        raise ActionRefused(f"{change} is {change.get_status_display().lower()}: what was approved is not rewritten.")
    _refuse_type(change)
    make_version(change, actor)
    _back(change, actor, "The change was edited.")
    preapprove_standard(change, actor)
    return True


def _unagreed(change: Change) -> dict[str, object]:
    """What was agreed to by word does not count any more either."""
    return {"agreed_until": min(change.agreed_until, now())} if change.agreed_until else {}


def judge_authors(change: Change, *, actor: Actor) -> bool:
    """After its commits, or who wrote them, became known: whether its approval ended, as only authors of it have given it.

    Also where an author is not known. What was carried out stays so, without an approval.
    """
    hold(change)
    if change.type == Change.Type.STANDARD or change.approved_at is None or change.status not in {*APPROVED, *ATTEMPTED}:
        return False
    reason = why_unknown(change)
    if not reason and only_by_authors(change, given_for(change)):
        reason = "Only somebody who wrote some of it has approved it."
    if reason:
        _end_for_authors(change, actor, reason)
    return bool(reason)


@action
def _end_for_authors(change: Change, actor: Actor, reason: str) -> None:
    if change.status in APPROVED:
        record("change.approval_ended", change, actor=actor, note=reason)
        _back(change, actor, reason)
        return
    before = {"approved_at": change.approved_at}
    change.approved_at = change.approved_until = None
    change.save(update_fields=["approved_at", "approved_until"])
    record("change.approval_ended", change, actor=actor, before=before, note=reason)
    tell_void(change, given_for(change), actor, reason)


def preapprove_standard(change: Change, actor: Actor) -> None:
    """Approve a standard change by its template."""
    if change.type != Change.Type.STANDARD or change.status != Change.Status.SUBMITTED:
        return
    if refusal := why_not_standard(change):
        raise ActionRefused(refusal)
    about = {"template": {"title": change.template.title, "approved_hash": change.template.approved_hash}}
    move(
        Change.PREAPPROVE,
        change,
        actor=Entitled(actor),
        metadata=about,
        approved_at=now(),
        approved_until=approved_until(change),
        template_hash=change.template.approved_hash,
    )
    schedule_if_ready(change)


def _back(change: Change, actor: Actor, reason: str) -> None:
    ended = void_all(change, actor=actor, reason=reason)
    was_approved = change.status in Change.VOID.sources
    if was_approved:
        move(Change.VOID, change, actor=Entitled(actor), note=reason, **unapproved(change))
    else:
        record("change.version", change, actor=actor, after={"content_hash": change.content_hash}, note=reason)
    if ended or was_approved:
        tell_void(change, ended, actor, reason)


def _authorise(change: Change, actor: Actor) -> None:
    if not rights.may_own(actor, change):
        raise ActionRefused(NOT_YOURS)


def _refuse_type(change: Change) -> None:
    """What was carried out as an emergency is not called something else afterwards."""
    if change.implemented_at is not None and change.type != Change.Type.EMERGENCY:
        raise ActionRefused("It was carried out as an emergency.", field="type")


def _refuse_both(change: Change) -> None:
    """Whoever carries it out must not have another part in it, where that is kept apart."""
    if change.implementer and (refusal := why_not(change, who(person=change.implementer), IMPLEMENT)):
        raise ActionRefused(refusal, field="implementer")
