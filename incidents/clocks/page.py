"""What the page of an incident shows of its clocks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from incidents.clocks.starting import impact_of, moments_of
from incidents.models import Incident, NotificationClock, Trigger, Unit
from incidents.models.clock import PENDING
from incidents.rights import may_run, may_work
from tenancy.scope import now
from ui.components import Badge
from ui.values import exact

COUNSEL = "Confirm with counsel"
SOON = dt.timedelta(hours=24)
_UNITS = {unit.value: unit.label for unit in Unit}


@dataclass(frozen=True, slots=True)
class Shown:
    """A clock as the page shows it."""

    clock: NotificationClock
    badge: Badge
    words: str
    terms: str
    left: str
    is_pending: bool


def clocks_of(incident: Incident, member: Member) -> dict[str, Any] | None:
    """The `data` of templates/incidents/clocks.html."""
    rows = NotificationClock.objects.filter(incident=incident).select_related(
        "rule", "decided_by__user", "notified_by__user", "evidence", "file"
    )
    moment = now()
    moments = moments_of(incident)
    return {
        "clocks": [shown(clock, moment) for clock in sorted(rows, key=_urgency)],
        "moments": [(Trigger(what).label, at) for what, at in sorted(moments.items(), key=lambda one: one[1])],
        "impact": impact_of(incident),
        "may_work": may_work(member, incident) and not incident.is_over,
        "may_decide": may_run(member, incident),
        "may_read_evidence": member.can("evidence.read"),
    }


def shown(clock: NotificationClock, moment: dt.datetime) -> Shown:
    """A clock with its state in words."""
    return Shown(
        clock, badge_of(clock, moment), words_of(clock), terms_words(clock.terms), left_of(clock, moment), clock.status in PENDING
    )


def badge_of(clock: NotificationClock, moment: dt.datetime) -> Badge:
    """Its state; what has run out stands out."""
    if clock.is_overdue(moment):
        return Badge("Overdue", "bad")
    if clock.was_late():
        return Badge("Notified late", "bad")
    return clock.status_badge


def words_of(clock: NotificationClock) -> str:
    """Why it is so, what comes next, who."""
    status = NotificationClock.Status
    by = clock.decided_by.name if clock.decided_by else "Somebody"
    if clock.status == status.WAITING:
        trigger = Trigger(clock.terms["trigger"])
        if trigger == Trigger.NOTICE:
            return "It runs once the notice before it has gone out."
        return f"It runs once it is recorded: {trigger.label.lower()}."
    if clock.status == status.RUNNING:
        return (
            f"Somebody who runs incidents decides whether {clock.recipient[:1].lower()}{clock.recipient[1:]} is to be notified."
        )
    if clock.status == status.TO_NOTIFY:
        return f"{by} decided to notify{_why(clock)}. The notice is to go out, and to be recorded here."
    if clock.status == status.NOT_NOTIFYING:
        return f"{by} decided not to notify{_why(clock)}."
    if clock.status == status.NOTIFIED and clock.notified_at is not None:
        who = clock.notified_by.name if clock.notified_by else "Somebody"
        return f"{clock.notified_whom}, {exact(clock.notified_at)}; recorded by {who}."
    return "The incident was dismissed."


def terms_words(terms: dict[str, Any]) -> str:
    """72 hours from awareness; 4 hours from classification as major, at most 24 hours from awareness."""
    said = f"{_time(terms['amount'], terms['unit'])} from {Trigger(terms['trigger']).label.lower()}"
    if terms.get("cap_trigger"):
        said += f", at most {_time(terms['cap_amount'], terms['cap_unit'])} from {Trigger(terms['cap_trigger']).label.lower()}"
    return said


def left_of(clock: NotificationClock, moment: dt.datetime) -> str:
    """How long is left, or how long it is over: 3 h 20 min left, 2 days over."""
    if clock.status not in PENDING or clock.due_at is None:
        return ""
    over = clock.due_at < moment
    return f"{span(abs(clock.due_at - moment))} {'over' if over else 'left'}"


def span(length: dt.timedelta) -> str:
    """12 min, 3 h 20 min, 2 days 4 h, 12 days."""
    minutes = int(length.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days >= 7:
        return f"{days} days"
    if days:
        return f"{days} day{'' if days == 1 else 's'} {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _time(amount: int, unit: str) -> str:
    words = _UNITS[unit]
    return f"{amount} {words.removesuffix('s') if amount == 1 else words}"


def _why(clock: NotificationClock) -> str:
    return f": {clock.reason.rstrip('.')}" if clock.reason else ""


def _urgency(clock: NotificationClock) -> tuple[bool, bool, float, str]:
    due = clock.due_at.timestamp() if clock.due_at else 0.0
    return (clock.status not in PENDING, clock.due_at is None, due, clock.name)
