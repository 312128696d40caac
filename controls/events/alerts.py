"""When events ask for a look: rules are asked after each request with such events, and again by the schedule."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Alert, AlertRule, ControlEvent
from controls.models.event import EventKind
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from workflow.outbox import queue_mail
from workflow.references import next_reference

OLDEST = dt.timedelta(days=7)  # what is received later than that raises no alert: it would come too late to act on
AGAIN = dt.timedelta(days=1)  # how far back the schedule looks for what a lost worker left
# What a rule watches: the kind of the events and their results.
WATCHED: dict[str, tuple[str, tuple[str, ...]]] = {
    AlertRule.Watches.FAILED_ACCESS: (EventKind.ACCESS, ("failure", "denied")),
    AlertRule.Watches.CRITICAL_INCIDENT: (EventKind.INCIDENT, ("critical",)),
    AlertRule.Watches.FAILED_BACKUP: (EventKind.BACKUP, ("failure", "partial")),
    AlertRule.Watches.UNAPPROVED_CHANGE: (EventKind.CHANGE, ("unapproved", "self_approved")),
    AlertRule.Watches.MISSED_TARGET: (EventKind.AVAILABILITY, ("missed",)),
}
_COLUMNS = {"actor": "actor", "ip": "ip", "subject": "subject", "control": "control__code"}
_WORDS = {
    AlertRule.Watches.FAILED_ACCESS: ("failed or denied access", "failed or denied accesses"),
    AlertRule.Watches.CRITICAL_INCIDENT: ("report of a critical incident", "reports of a critical incident"),
    AlertRule.Watches.FAILED_BACKUP: ("backup that failed or is partial", "backups that failed or are partial"),
    AlertRule.Watches.UNAPPROVED_CHANGE: ("change without an approver of its own", "changes without an approver of their own"),
    AlertRule.Watches.MISSED_TARGET: ("span of availability below its target", "spans of availability below their target"),
}
_OF = {"actor": "by {}", "ip": "from {}", "subject": "at {}", "control": "for {}"}


def of_rule(rule: AlertRule) -> Q:
    """The events that a rule watches."""
    kind, results = WATCHED[rule.watches]
    return Q(kind=kind, notable=True, result__in=results)


def events_of(alert: Alert, seen: QuerySet[ControlEvent] | None = None) -> QuerySet[ControlEvent]:
    """What an alert is about: the events of its window, also those that came after it was raised; of `seen`, or of all."""
    kind, results = WATCHED[alert.watches]
    same = {_COLUMNS[alert.by]: alert.same}
    window = {"occurred_at__gte": alert.first_at, "occurred_at__lte": alert.until}
    events = ControlEvent.objects.all() if seen is None else seen
    return events.filter(kind=kind, notable=True, result__in=results, **same, **window)


def evaluate(arrived: Q, *, actor: Actor) -> list[Alert]:
    """Ask every rule about the events that arrived. Each raises one alert for a window; asked again, none. Returns the new.

    The rules are locked, so that of two workers the second sees what the first has raised.
    """
    rules = AlertRule.objects.select_for_update(of=("self",), no_key=True).filter(status=AlertRule.Status.ON)
    raised = []
    for rule in rules.order_by("pk"):
        recent = ControlEvent.objects.filter(arrived, of_rule(rule), occurred_at__gte=now() - OLDEST).order_by()
        for same, first, last in recent.values_list(_COLUMNS[rule.by]).annotate(Min("occurred_at"), Max("occurred_at")):
            raised += [_raise(rule, same, found, actor=actor) for found in _windows(rule, same, first, last)]
    return raised


def _windows(rule: AlertRule, same: str, first: dt.datetime, last: dt.datetime) -> Iterator[list[dt.datetime]]:
    """The moments of each window in which the threshold is reached and that no alert covers yet."""
    width = dt.timedelta(minutes=rule.minutes)
    known = Alert.objects.filter(rule=rule, same=same, until__gte=first - width, first_at__lte=last + width)
    covered = list(known.values_list("first_at", "until"))
    if any(begin <= first and last <= end for begin, end in covered):
        return
    events = ControlEvent.objects.filter(of_rule(rule), **{_COLUMNS[rule.by]: same})
    around = events.filter(occurred_at__gte=first - width, occurred_at__lte=last + width).order_by("occurred_at")
    moments = [one for one in around.values_list("occurred_at", flat=True) if not any(a <= one <= b for a, b in covered)]
    start = 0
    while start + rule.threshold <= len(moments):
        if moments[start + rule.threshold - 1] - moments[start] > width:
            start += 1
            continue
        window = [one for one in moments[start:] if one - moments[start] <= width]
        yield window
        start += len(window)


@action
def _raise(rule: AlertRule, same: str, moments: list[dt.datetime], *, actor: Actor) -> Alert:
    """Keep an alert and tell those whom the rule names."""
    at = now()
    alert = Alert(
        rule=rule,
        watches=rule.watches,
        by=rule.by,
        same=same,
        sentence=_sentence(rule, same, moments),
        seen=len(moments),
        first_at=moments[0],
        until=moments[0] + dt.timedelta(minutes=rule.minutes),
        raised_at=at,
    )
    alert.control = events_of(alert).order_by("occurred_at").select_related("control")[0].control
    alert.reference = next_reference("ALT", str(at.year))
    alert.save(force_insert=True)
    facts: dict[str, Any] = {"rule": rule.name, "sentence": alert.sentence, "events": alert.seen, "control": alert.control.code}
    record("alert.raise", alert, actor=actor, after=facts)
    _tell(alert, rule)
    return alert


def _sentence(rule: AlertRule, same: str, moments: list[dt.datetime]) -> str:
    """Such as "6 failed or denied accesses by ada within 4 minutes"."""
    one, many = _WORDS[AlertRule.Watches(rule.watches)]
    number = len(moments)
    counted = f"{number:,} {many}" if number > 1 else f"A {one}"
    minutes = -((moments[0] - moments[-1]) // dt.timedelta(minutes=1)) or 1
    within = f" within {minutes:,} minute{'' if minutes == 1 else 's'}" if number > 1 else ""
    return f"{counted} {_OF[rule.by].format(same or 'somebody not named')}{within}"


def _tell(alert: Alert, rule: AlertRule) -> None:
    """One mail for each recipient who may look at it."""
    chosen = (
        Member.objects.active()
        .filter(organization_id=current_tenant_id(), pk__in=rule.recipients)
        .select_related("user", "organization")
    )
    where = f"{settings.PLUMBLINE_BASE_URL}{alert.get_absolute_url()}"
    text = f"{alert.sentence}.\n\nRule: {rule.name}. Control: {alert.control}.\n\nLook at it and note what you found: {where}\n"
    for member in chosen:
        if member.can(Alert.LOOK.permission):
            queue_mail(
                to=member.email, subject=f"{alert.reference}: {alert.sentence}", text=text, key=f"alert:{alert.pk}:{member.pk}"
            )


@action
def look_at(alert: Alert, *, actor: Member, note: str) -> Alert:
    """Note what was found; that is the end of it. Raises ActionRefused without words, or when somebody was faster."""
    if not note.strip():
        raise ActionRefused("Write down what you found.", field="note")
    return Alert.LOOK.apply(alert, actor=actor, looked_at=now(), looked_by=actor, found=note.strip())
