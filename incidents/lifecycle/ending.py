"""Its end: closed with what closing needs, dismissed with a reason, opened again; and times put right."""

import datetime as dt
from collections.abc import Iterator

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents import hooks
from incidents.lifecycle.due import review_due
from incidents.lifecycle.moving import for_runners, for_workers, move, refuse_over
from incidents.lifecycle.times import COLUMNS, What, record_time, sensible, time_of
from incidents.links.actions import INCIDENT, add_link
from incidents.models import Incident
from incidents.models.incident import ONGOING
from incidents.rights import may_see
from tenancy.scope import now
from ui.refusals import ActionRefused, stated


@action
def close(incident: Incident, *, actor: Actor, reason: str = "") -> Incident:
    """End it. What is grave needs its cause, preventive measures and an approved review.

    While a notice is undecided or unsent it needs a reason, which stands in the trail with what goes on. Raises ActionRefused.
    """
    for_runners(incident, actor)
    Incident.CLOSE.check(incident)
    if lacking := list(needed(incident)):
        raise ActionRefused("Before it can be closed: " + " ".join(lacking))
    going, why = hooks.unfinished(incident), reason.strip()
    if not why and (held := [one.words for one in going if one.holds]):
        raise ActionRefused(f"{' '.join(held)} Record that first, or say why it is closed all the same.", field="reason")
    said = [*([why] if why else []), *([f"Still open: {' '.join(one.words for one in going)}"] if going else [])]
    fields = record_time(incident, What.CLOSED, now(), actor=actor)
    return move(Incident.CLOSE, incident, actor=actor, note=" ".join(said), **fields)


def needed(incident: Incident) -> Iterator[str]:
    """What closing still needs, a sentence each."""
    if not incident.resolution:
        yield "Say how it was resolved."
    if incident.is_grave and not incident.root_cause:
        yield "Write down its root cause."
    yield from hooks.missing(incident)


@action
def dismiss(incident: Incident, *, actor: Actor, reason: str, duplicate_of: Incident | None = None) -> Incident:
    """It is none, for a reason, or another one already: what was reported belongs to that one then. Raises ActionRefused."""
    for_runners(incident, actor)
    Incident.DISMISS.check(incident)
    if duplicate_of is not None:
        _hand_over(incident, duplicate_of, actor)
        reason = reason.strip() or f"It is the same as {duplicate_of}."
    why = stated(reason, field="reason")
    return move(Incident.DISMISS, incident, actor=actor, dismissed_reason=why, acknowledge_due_at=None)


def _hand_over(incident: Incident, other: Incident, actor: Actor) -> None:
    """Make the reports of an incident those of the one that it is the same as, and link both."""
    if other.pk == incident.pk or other.status == Incident.Status.DISMISSED or not may_see(actor, other):
        raise ActionRefused("Choose another incident that is none that was dismissed.", field="duplicate_of")
    if incident.confidential and not other.confidential:
        refusal = f"{incident} is confidential and {other} is not: make that one confidential first."
        raise ActionRefused(refusal, field="duplicate_of")
    for event in incident.events.select_for_update(of=("self",)):
        event.incident = other
        event.save(update_fields=["incident"])
        before, after = {"incident": str(incident)}, {"incident": str(other)}
        record("security_event.hand_over", event, actor=actor, before=before, after=after)
    if isinstance(actor, Member):
        add_link(incident, actor=actor, kind=INCIDENT, number=other.reference, note="The same.")


@action
def reopen(incident: Incident, *, actor: Actor, reason: str) -> Incident:
    """It came back. The times of its end are withdrawn, and stay in the record. Raises ActionRefused."""
    for_workers(incident, actor)
    Incident.REOPEN.check(incident)
    _refuse_second(incident, actor)
    why = stated(reason, field="reason")
    fields: dict[str, dt.datetime | None] = {}
    for what in (What.CONTAINED, What.RESOLVED, What.CLOSED):
        if time_of(incident, what) is not None:
            fields |= record_time(incident, what, None, actor=actor, reason=f"Opened again: {why}"[:1000])
    return move(
        Incident.REOPEN,
        incident,
        actor=actor,
        note=why,
        times_reopened=incident.times_reopened + 1,
        review_due_on=None,
        dismissed_reason="",
        **fields,
    )


def _refuse_second(incident: Incident, actor: Actor) -> None:
    """Of a component that is watched one incident goes on at a time: outages of it join that one. Raises ActionRefused."""
    same = Incident.objects.filter(component=incident.component, status__in=ONGOING).exclude(pk=incident.pk)
    if incident.component and (other := same.first()) is not None:
        named = str(other) if may_see(actor, other) else "Another incident"
        raise ActionRefused(f"{named} is about the same and goes on: work on that one.")


@action
def correct_time(incident: Incident, what: str, at: dt.datetime | None, reason: str, actor: Actor) -> Incident:
    """Say when something was, or was really; None says that it is not known. What was said before stays in the record."""
    (for_runners if incident.is_over else for_workers)(incident, actor)
    if incident.status == Incident.Status.DISMISSED:
        refuse_over(incident)
    before = time_of(incident, what)
    if at == before:
        raise ActionRefused("That is what is recorded.", field="at")
    if at is None and what in _held(incident):
        raise ActionRefused(f"It is {incident.get_status_display().lower()}: say when.", field="at")
    if at is not None:
        sensible(incident, what, at)
    why = stated(reason, field="reason") if before is not None else reason.strip()
    record_time(incident, what, at, actor=actor, reason=why)
    column = COLUMNS[What(what)]
    if what == What.RESOLVED and incident.review_due_on is not None and at is not None:
        incident.review_due_on = review_due(at)
    incident.save(update_fields=[column, "review_due_on"])
    record("incident.correct_time", incident, actor=actor, before={column: before}, after={column: at}, note=why)
    hooks.moved(incident, "incident.correct_time", actor)
    return incident


def _held(incident: Incident) -> set[str]:
    """Times without which its state would not be so."""
    by_status = {"contained": {What.CONTAINED}, "resolved": {What.RESOLVED}, "closed": {What.RESOLVED, What.CLOSED}}
    return set(by_status.get(incident.status, set()))
