"""What people say about the clocks of an incident: from when on, whose data, whether to notify, and that it was done."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.clocks.starting import settle
from incidents.lifecycle.moving import for_runners, for_workers
from incidents.models import Incident, IncidentEntry, IncidentImpact, IncidentMoment, NotificationClock, Trigger
from incidents.proof import keep
from incidents.timeline.actions import note
from incidents.timeline.actions import write as _write
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from ui.values import exact

MOMENTS = [one for one in Trigger.choices if one[0] != Trigger.NOTICE]


@action
def set_moment(incident: Incident, *, what: str, at: dt.datetime | None, reason: str, actor: Actor) -> IncidentMoment:
    """Say when a duty's time began, such as when it was classified, and on what grounds. Raises ActionRefused."""
    for_workers(incident, actor)
    if at is not None and at > now():
        raise ActionRefused("Not in the future.", field="at")
    if at is not None and incident.occurred_at is not None and at < incident.occurred_at:
        raise ActionRefused(f"Not before it occurred, {exact(incident.occurred_at)}.", field="at")
    made = IncidentMoment.objects.create(
        incident=incident, what=Trigger(what), at=at, reason=stated(reason, "Say on what grounds."), **_by(actor)
    )
    when = exact(at) if at else "not determined"
    record("incident.set_moment", incident, actor=actor, after={made.get_what_display().lower(): at}, note=made.reason)
    note(incident, f"{made.get_what_display()}: {when}. {made.reason}", actor)
    settle(incident, actor)
    return made


@action
def set_impact(incident: Incident, *, customer: str, personal: str, health: str, reason: str, actor: Actor) -> IncidentImpact:
    """Say whose data are affected, as far as that is known. Raises ActionRefused."""
    for_workers(incident, actor)
    answer = IncidentImpact.Answer
    given = {"customer": answer(customer), "personal": answer(personal), "health": answer(health)}
    last = IncidentImpact.objects.filter(incident=incident).order_by("recorded_at", "id").last() or IncidentImpact()
    if {name: getattr(last, name) for name in given} == given and not reason.strip():
        raise ActionRefused("That is what is recorded.")
    made = keep_impact(incident, given, reason=reason.strip(), actor=actor, last=last)
    settle(incident, actor)
    return made


def keep_impact(
    incident: Incident, given: Mapping[str, str], *, reason: str, actor: Actor, last: IncidentImpact | None = None
) -> IncidentImpact:
    """Note whose data are affected; part of a caller's action, which lets the clocks follow."""
    before = {name: getattr(last or IncidentImpact(), f"get_{name}_display")() for name in given}
    made = IncidentImpact.objects.create(incident=incident, reason=reason, **given, **_by(actor))
    after = {name: getattr(made, f"get_{name}_display")() for name in given}
    record("incident.set_impact", incident, actor=actor, before=before, after=after, note=made.reason)
    words = ", ".join(f"{name} data: {value.lower()}" for name, value in after.items())
    note(incident, f"Data affected: {words}. {made.reason}".strip(), actor)
    return made


@action
def decide(clock: NotificationClock, *, notify: bool, reason: str, actor: Actor) -> NotificationClock:
    """Decide whether somebody is notified. Deciding against it needs a reason. Raises ActionRefused."""
    incident = for_runners(clock.incident, actor)
    why = reason.strip() if notify else stated(reason)
    if notify and clock.refreshed().status == NotificationClock.Status.TO_NOTIFY:
        raise ActionRefused("That is decided already: the notice is to go out.", field="notify")
    move = NotificationClock.DECIDE if notify else NotificationClock.REFRAIN
    by = actor if isinstance(actor, Member) else None
    move.apply(clock, actor=actor, note=why, reason=why, decided_by=by, decided_at=now())
    words = f"To be notified ({clock.name}): {clock.recipient}" if notify else f"No notice ({clock.name})"
    _decided(incident, f"{words}. {why}".strip(), actor)
    return clock


@action
def notified(
    clock: NotificationClock,
    *,
    actor: Actor,
    whom: str,
    at: dt.datetime | None = None,
    files: "Sequence[UploadedFile[Any]]" = (),
) -> NotificationClock:
    """Say that the notice went out: when, to whom and how, with what proves it. Raises ActionRefused."""
    incident = for_runners(clock.incident, actor)
    moment = at or now()
    if moment > now():
        raise ActionRefused("Not in the future.", field="at")
    begun = incident.occurred_at or incident.detected_at
    if begun is not None and moment < begun:  # a notice so early would never count as late
        raise ActionRefused(
            f"Not before it {'occurred' if incident.occurred_at else 'was detected'}, {exact(begun)}.", field="at"
        )
    proof = keep(incident, files[0], "notice", actor) if files else None
    by = actor if isinstance(actor, Member) else None
    NotificationClock.NOTIFY.apply(
        clock,
        actor=actor,
        notified_at=moment,
        notified_by=by,
        notified_whom=stated(whom, "Say who was notified, and how.", field="whom"),
        file=proof.file if proof else None,
        evidence=proof.evidence if proof else None,
    )
    late = " It was late." if clock.was_late() else ""
    entry = IncidentEntry.Kind.COMMUNICATION
    text = f"Notified ({clock.name}): {clock.notified_whom}.{late}"
    if incident.is_over:
        note(incident, text, actor, moment)
    else:
        _write(incident, kind=entry, text=text, at=moment, evidence=clock.evidence, actor=actor)
    settle(incident, actor)
    return clock


def _decided(incident: Incident, text: str, actor: Actor) -> None:
    if incident.is_over:
        note(incident, text, actor)
    else:
        _write(incident, kind=IncidentEntry.Kind.DECISION, text=text, actor=actor)


def _by(actor: Actor) -> dict[str, Any]:
    return {
        "recorded_by": actor if isinstance(actor, Member) else None,
        "recorded_as": (actor.name or actor.email)[:120],
        "recorded_at": now(),
    }
