"""Which clocks an incident has, and by when each is due: worked out anew whenever what it depends on is recorded."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from audit.actors import Actor
from audit.record import record
from incidents.clocks.business import Due, Terms, due_of
from incidents.clocks.holidays import days_off
from incidents.clocks.rules import PRODUCT, take_templates
from incidents.models import Incident, IncidentImpact, IncidentMoment, NotificationClock, NotificationRule, Trigger
from incidents.models.clock import PENDING, Data
from incidents.models.incident import PENDING as NOT_OVER
from incidents.timeline.actions import note
from tenancy.models import current_organization
from tenancy.scope import now
from ui.values import exact

_TERMS = ("trigger", "amount", "unit", "cap_trigger", "cap_amount", "cap_unit")
_NO = IncidentImpact.Answer.NO
_YES = IncidentImpact.Answer.YES
Status = NotificationClock.Status


@dataclass(slots=True)
class _Calendar:
    """Zone and holidays, asked for once."""

    zone: ZoneInfo = field(default_factory=lambda: current_organization().tzinfo)
    holidays: frozenset[dt.date] = field(default_factory=days_off)


def follow_opened(incident: Incident, _actor: Actor) -> None:
    """Start its clocks. A hook."""
    settle(incident, PRODUCT)


def follow_moved(incident: Incident, verb: str, _actor: Actor, _note: str) -> None:
    """Look again where times, kind or state have changed. A hook of each move."""
    if verb not in {"incident.assign", "incident.acknowledge"}:
        settle(incident, PRODUCT)


def settle_pending(actor: Actor) -> None:
    """Start the clocks that incidents which are not over should have."""
    for incident in Incident.objects.filter(status__in=NOT_OVER).order_by("pk"):
        settle(incident, actor)


def settle(incident: Incident, actor: Actor) -> None:
    """Start, move, stop and void its clocks as its facts and the rules have it now; part of a caller's action. Idempotent."""
    if not NotificationRule.objects.exists():
        take_templates(actor=PRODUCT)
    clocks = {clock.rule_id: clock for clock in NotificationClock.objects.filter(incident=incident).select_related("rule")}
    if incident.status == Incident.Status.DISMISSED:
        _void(clocks.values(), actor)
        return
    if incident.status in NOT_OVER:
        clocks |= {rule.pk: _start(rule, incident, actor) for rule in _due_to_start(incident, clocks)}
    _move(clocks, incident, actor)


def _due_to_start(incident: Incident, clocks: Mapping[uuid.UUID, NotificationClock]) -> list[NotificationRule]:
    """Rules about such an incident that have no clock yet."""
    impact = impact_of(incident)
    rules = NotificationRule.objects.filter(status=NotificationRule.Status.ON).exclude(pk__in=clocks)
    return [rule for rule in rules if applies(rule, incident, impact)]


def _void(clocks: Iterable[NotificationClock], actor: Actor) -> None:
    for clock in clocks:
        if clock.status in PENDING:
            NotificationClock.VOID.apply(clock, actor=actor, note="The incident was dismissed.")


def _move(clocks: Mapping[uuid.UUID, NotificationClock], incident: Incident, actor: Actor) -> None:
    """Work out each one's time anew."""
    moments, calendar = moments_of(incident), _Calendar()
    begun: list[NotificationClock] = []
    moved: list[NotificationClock] = []
    for clock in clocks.values():
        if clock.status == Status.VOID:
            NotificationClock.REVIVE.apply(clock, actor=actor)
        if clock.status in PENDING:
            due = due_of(terms_of(clock), _with_notice(moments, clock, clocks), calendar.zone, calendar.holidays)
            had = clock.due_at
            _keep(clock, due, actor)
            if clock.due_at not in {None, had}:
                (moved if had else begun).append(clock)
    _say("To be decided, and to be sent if so decided", begun, incident, actor)
    _say("Notices are now due", moved, incident, actor)


def _say(words: str, clocks: list[NotificationClock], incident: Incident, actor: Actor) -> None:
    """One line for all that begin or move at once."""
    told = [f"{clock.name} by {exact(clock.due_at)}" for clock in sorted(clocks, key=lambda one: one.name) if clock.due_at]
    if told:
        note(incident, f"{words}: {'; '.join(told)}.", actor)


def applies(rule: NotificationRule, incident: Incident, impact: IncidentImpact) -> bool:
    """Whether the rule is about such an incident: while nobody knows whose data are affected, the kind decides."""
    of_kind = incident.kind in rule.kinds
    if rule.data == Data.ANY:
        return of_kind
    answer = getattr(impact, rule.data)
    return answer == _YES or (answer != _NO and of_kind)


def impact_of(incident: Incident) -> IncidentImpact:
    """The answer that holds, or that nothing is known."""
    return IncidentImpact.objects.filter(incident=incident).order_by("recorded_at", "id").last() or IncidentImpact()


def moments_of(incident: Incident) -> dict[str, dt.datetime]:
    """From when on times run, as determined; awareness and discovery are when it was detected unless somebody says otherwise."""
    found: dict[str, dt.datetime | None] = {Trigger.AWARENESS: incident.detected_at, Trigger.DISCOVERY: incident.detected_at}
    for row in IncidentMoment.objects.filter(incident=incident).order_by("recorded_at", "id"):
        found[row.what] = row.at
    return {str(what): at for what, at in found.items() if at is not None}


def terms_of(clock: NotificationClock) -> Terms:
    """As the rule had them when the clock began."""
    return Terms(**clock.terms)


def _with_notice(
    moments: dict[str, dt.datetime], clock: NotificationClock, clocks: Mapping[uuid.UUID, NotificationClock]
) -> dict[str, dt.datetime]:
    before = clocks.get(clock.rule.follows_id) if clock.rule.follows_id else None
    return {**moments, Trigger.NOTICE: before.notified_at} if before is not None and before.notified_at else moments


def _start(rule: NotificationRule, incident: Incident, actor: Actor) -> NotificationClock:
    clock = NotificationClock.objects.create(
        incident=incident,
        rule=rule,
        name=rule.name,
        recipient=rule.recipient,
        terms=Terms(**{name: getattr(rule, name) for name in _TERMS}).as_data(),
        started_at=now(),
    )
    record("notification_clock.start", clock, actor=actor, after={"incident": incident.reference, "rule": rule.name})
    return clock


def _keep(clock: NotificationClock, due: Due, actor: Actor) -> None:
    """Save what differs."""
    if (clock.trigger_at, clock.due_at) != (due.trigger_at, due.due_at):
        before = {"trigger_at": clock.trigger_at, "due_at": clock.due_at}
        clock.trigger_at, clock.due_at = due.trigger_at, due.due_at
        clock.save(update_fields=[*before])
        after = {"trigger_at": due.trigger_at, "due_at": due.due_at}
        record("notification_clock.set", clock, actor=actor, before=before, after=after)
    if clock.status == Status.WAITING and due.due_at is not None:
        NotificationClock.RUN.apply(clock, actor=actor)
    elif clock.status == Status.RUNNING and due.due_at is None:  # what was decided stays decided
        NotificationClock.WAIT.apply(clock, actor=actor)
