"""From the approval to its being carried out: scheduled, implemented, failed, rolled back; emergencies first."""

import datetime as dt

from audit.actions import action
from audit.actors import Actor, System
from changes import rights
from changes.approving.choices import chosen
from changes.approving.identity import who
from changes.approving.separation import IMPLEMENT, why_not
from changes.approving.versions import has_changed, is_open, make_version
from changes.calendar.freezes import may_go, why_not_planned
from changes.lifecycle.moving import ITSELF, hold, moment, move
from changes.models import Change
from inventory.models import Person
from inventory.removals.due import add_business_days
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

NOT_YOURS = "This is for whoever carries out the change and for those who run changes."


@action
def schedule(
    change: Change,
    *,
    actor: Actor,
    window_from: dt.datetime | None = None,
    window_until: dt.datetime | None = None,
    implementer: Person | None = None,
) -> Change:
    """Say when an approved change is carried out and by whom, within what was approved. Raises ActionRefused.

    A window that was approved stays; another one needs an edit, and approval again.
    """
    hold(change)
    if not (rights.may_carry_out(actor, change) or rights.may_own(actor, change)):
        raise ActionRefused(NOT_YOURS)
    Change.SCHEDULE.check(change)
    _plan(change, window_from, window_until, implementer)
    if change.window_from is None or change.window_until is None:
        raise ActionRefused("Say from when until when.", field="window_from")
    if change.implementer is None:
        raise ActionRefused("Say who carries it out.", field="implementer")
    if refusal := rights.why_no_worker(change.implementer) or why_not(change, who(person=change.implementer), IMPLEMENT):
        raise ActionRefused(refusal, field="implementer")
    if refusal := why_not_planned(change):
        raise ActionRefused(refusal)
    change.save(update_fields=["window_from", "window_until", "implementer"])
    planned = {"window_from": change.window_from, "window_until": change.window_until, "implementer": change.implementer.name}
    return move(Change.SCHEDULE, change, actor=actor, metadata={"plan": planned})


def _plan(change: Change, from_: dt.datetime | None, until: dt.datetime | None, implementer: Person | None) -> None:
    if (from_ or until) and not is_open(change) and (from_, until) != (change.window_from, change.window_until):
        raise ActionRefused("Its window was approved: edit the change to move it, and it is approved again.", field="window_from")
    change.window_from, change.window_until = from_ or change.window_from, until or change.window_until
    change.implementer = implementer or change.implementer
    if change.window_from and change.window_until and change.window_until <= change.window_from:
        raise ActionRefused("The window ends before it begins.", field="window_until")
    if change.window_until and change.approved_until and change.window_until > change.approved_until:
        raise ActionRefused("Its approval has expired by then.", field="window_until")


def schedule_if_ready(change: Change, actor: Actor = ITSELF) -> bool:
    """Schedule an approved change that has a window and somebody to carry it out, unless a freeze holds it.

    Part of a caller's action, with the change's row locked.
    """
    ready = change.status == Change.Status.APPROVED and change.window_from and change.window_until and change.implementer
    if not ready or why_not_planned(change) or why_not(change, who(person=change.implementer), IMPLEMENT):
        return False
    move(Change.SCHEDULE, change, actor=actor)
    return True


@action
def implement(
    change: Change, *, actor: Actor, at: dt.datetime | None = None, by: Person | None = None, reason: str = ""
) -> Change:
    """Say that an approved change was carried out, by `by` (the implementer, or whoever acts) at `at` (now).

    Outside of its window or in a freeze it needs a reason; a pipeline's report is kept all the same, and says so.
    """
    hold(change)
    _authorise(change, actor)
    Change.IMPLEMENT.check(change)
    moment_ = _carried_out(change, actor, at, by)
    outside = "" if change.type == Change.Type.EMERGENCY else may_go(change, moment_)
    if outside and not reason.strip() and not isinstance(actor, System):
        raise ActionRefused(f"{outside} Say why it went ahead all the same.", field="reason")
    metadata = {"outside": outside} if outside else None
    # What a pipeline carries out of a request is looked at when it fails, or could not wait.
    due = _review_due(moment_) if change.number is None or change.type == Change.Type.EMERGENCY else None
    fields = {"implemented_at": moment_, "review_due_on": due, "implementer": change.implementer}
    return move(Change.IMPLEMENT, change, actor=actor, note=reason.strip(), metadata=metadata, **fields)


@action
def implement_first(
    change: Change, *, actor: Actor, at: dt.datetime | None = None, by: Person | None = None, reason: str = ""
) -> Change:
    """Say that an emergency was carried out after somebody agreed by word. Its approval in writing is due by the end of the
    next business day where the organization lives.
    """
    hold(change)
    _authorise(change, actor)
    Change.IMPLEMENT_FIRST.check(change)
    if change.type != Change.Type.EMERGENCY:
        raise ActionRefused("Only an emergency is carried out before it is approved.")
    if change.agreed_by is None or change.agreed_at is None:
        raise ActionRefused("Record first who agreed to it by word, and when.")
    if change.is_disputed:
        raise ActionRefused(f"{change.agreed_by.name} said that they did not agree to it: record first who did.")
    at = moment(at, after=change.agreed_at, earlier="That is before anybody agreed to it.")
    _separate(change, actor, by)
    if not change.content_hash or has_changed(change):
        make_version(change, actor)
    fields = {
        "implemented_at": at,
        "implementer": change.implementer,
        "written_due_at": written_due(at),
        "review_due_on": _review_due(at),
    }
    return move(Change.IMPLEMENT_FIRST, change, actor=actor, note=reason.strip(), **fields)


@action
def fail(change: Change, *, actor: Actor, reason: str, at: dt.datetime | None = None, by: Person | None = None) -> Change:
    """Say that carrying it out did not work. It needs a review."""
    hold(change)
    _authorise(change, actor)
    Change.FAIL.check(change)
    said = stated(reason, "Say what went wrong.")
    fields: dict[str, object] = {"review_due_on": change.review_due_on or _review_due(now())}
    if change.status in Change.IMPLEMENT.sources:
        at = _carried_out(change, actor, at, by)
        fields = {"implemented_at": at, "review_due_on": _review_due(at), "implementer": change.implementer}
    return move(Change.FAIL, change, actor=actor, note=said, outcome=Change.Outcome.FAILED, **fields)


@action
def roll_back(change: Change, *, actor: Actor, reason: str, at: dt.datetime | None = None) -> Change:
    """Say that it was undone. It needs a review."""
    hold(change)
    _authorise(change, actor)
    Change.ROLL_BACK.check(change)
    said = stated(reason, "Say why it was undone.")
    undone = moment(at, after=change.implemented_at, earlier="That is before it was carried out.")
    metadata = {"rolled_back_at": undone}
    fields = {"outcome": Change.Outcome.ROLLED_BACK, "review_due_on": change.review_due_on or _review_due(undone)}
    return move(Change.ROLL_BACK, change, actor=actor, note=said, metadata=metadata, **fields)


def written_due(at: dt.datetime) -> dt.datetime:
    """The end of the next business day where the organization lives."""
    zone = current_organization().tzinfo
    day = add_business_days(at.astimezone(zone).date(), 1)
    return dt.datetime.combine(day, dt.time(23, 59, 59), zone)


def _authorise(change: Change, actor: Actor) -> None:
    if not rights.may_carry_out(actor, change):
        raise ActionRefused(NOT_YOURS)


def _carried_out(change: Change, actor: Actor, at: dt.datetime | None, by: Person | None) -> dt.datetime:
    """Judge that it may have been carried out, and set by whom. Returns when. Raises ActionRefused."""
    if change.type == Change.Type.EMERGENCY and change.agreed_by is None:
        raise ActionRefused("Record first who agreed to it, and when.")
    at = moment(at, after=change.approved_at, earlier="That is before it was approved.")
    if change.approved_until and at > change.approved_until:
        raise ActionRefused("Its approval has expired: ask for it again.")
    _separate(change, actor, by)
    return at


def _separate(change: Change, actor: Actor, by: Person | None) -> None:
    """Set who carried it out (a deputy rather than whoever is away), and refuse whoever has another part in it."""
    if by and (refusal := rights.why_no_worker(by)):
        raise ActionRefused(refusal, field="by")
    acting = who(person=by) if by else None
    unnamed = change.implementer is None or rights.deputises(actor, change.implementer)
    if acting is None and unnamed and not isinstance(actor, System):
        acting = who(member=actor)  # type: ignore[arg-type] # a member, if not the product itself
    somebody = acting or who(person=change.implementer)
    if refusal := why_not(change, somebody, IMPLEMENT):
        raise ActionRefused(refusal, field="by")
    if acting is not None and acting.person is not None:
        change.implementer = acting.person


def _review_due(at: dt.datetime) -> dt.date:
    return current_organization().day_of(at) + dt.timedelta(days=chosen().review_days)
