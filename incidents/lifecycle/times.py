"""When something was: said once with who said it, and corrected by saying it again with a reason."""

import datetime as dt

from accounts.models import Member
from audit.actors import Actor
from incidents.models import Incident, IncidentTime
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.values import exact

What = IncidentTime.What
COLUMNS = {what: f"{what.value}_at" for what in What}
_IN_ORDER = (What.CONTAINED, What.RESOLVED, What.CLOSED)  # each not before the one before it, where both are known


def time_of(incident: Incident, what: str) -> dt.datetime | None:
    """What holds now."""
    found: dt.datetime | None = getattr(incident, COLUMNS[What(what)])
    return found


def record_time(
    incident: Incident, what: str, at: dt.datetime | None, *, actor: Actor, reason: str = "", told_at: dt.datetime | None = None
) -> dict[str, dt.datetime | None]:
    """Keep that something was at `at` (None: it is not so any more); returns the column to be saved with it."""
    IncidentTime.objects.create(
        incident=incident,
        what=what,
        at=at,
        recorded_by=actor if isinstance(actor, Member) else None,
        recorded_as=actor.name[:120],
        recorded_at=told_at or now(),
        reason=reason,
    )
    column = COLUMNS[What(what)]
    setattr(incident, column, at)
    return {column: at}


def sensible(incident: Incident, what: str, at: dt.datetime | None, *, field: str = "at") -> dt.datetime:
    """The moment given, or now. Raises ActionRefused at `field` for what cannot be: in the future, or out of order."""
    moment = now() if at is None else at
    if moment > now():
        raise ActionRefused("Not in the future.", field=field)
    occurred = incident.occurred_at
    if what == What.OCCURRED:
        _after_all(incident, moment, field)
    elif occurred is not None and moment < occurred:
        raise ActionRefused(f"Not before it occurred, {exact(occurred)}.", field=field)
    _seen_after_it_was_noticed(incident, what, moment, field)
    if what in _IN_ORDER:
        _in_order(incident, What(what), moment, field)
    return moment


def _seen_after_it_was_noticed(incident: Incident, what: str, moment: dt.datetime, field: str) -> None:
    """Nobody acknowledges what nobody has noticed. That it was over before it was noticed may well be."""
    detected, acknowledged = incident.detected_at, incident.acknowledged_at
    if what == What.ACKNOWLEDGED and detected is not None and moment < detected:
        raise ActionRefused(f"Not before it was detected, {exact(detected)}.", field=field)
    if what == What.DETECTED and acknowledged is not None and moment > acknowledged:
        raise ActionRefused(f"Not after it was acknowledged, {exact(acknowledged)}.", field=field)


def _after_all(incident: Incident, occurred: dt.datetime, field: str) -> None:
    """It occurred before everything else that is known of it."""
    known = [(time, what) for what in What if what != What.OCCURRED and (time := time_of(incident, what)) is not None]
    if known and occurred > min(known)[0]:
        first, what = min(known)
        raise ActionRefused(f"Not after it was {what.label.lower()}, {exact(first)}.", field=field)


def _in_order(incident: Incident, what: "IncidentTime.What", moment: dt.datetime, field: str) -> None:
    place = _IN_ORDER.index(what)
    for other in _IN_ORDER[:place]:
        if (time := time_of(incident, other)) is not None and moment < time:
            raise ActionRefused(f"Not before it was {other.label.lower()}, {exact(time)}.", field=field)
    for other in _IN_ORDER[place + 1 :]:
        if (time := time_of(incident, other)) is not None and moment > time:
            raise ActionRefused(f"Not after it was {other.label.lower()}, {exact(time)}.", field=field)
