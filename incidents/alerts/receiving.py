"""What becomes of an alert: one row for each fingerprint, and by rule a security event or an incident, once while it fires."""

import datetime as dt
from collections.abc import Collection

from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from incidents.alerts.reading import Alert
from incidents.models import AlertSettings, Incident, IncomingAlert, SecurityEvent, Severity
from incidents.models.oncall import RUN
from incidents.models.severity import is_known
from incidents.reporting.actions import open_incident, recovered, report_event
from incidents.reporting.events import attach, for_evaluators
from incidents.reporting.opening import ongoing
from incidents.rights import REPORT
from tenancy.scope import now
from ui.refusals import ActionRefused

ITSELF = System("alerts")
OPENS = (Severity.CRITICAL.value,)  # where nothing else is chosen
FIRED, REPEATED, RESOLVED, UNKNOWN = "reported", "counted", "resolved", "unknown"


def opens() -> list[str]:
    """The severities that open an incident by themselves."""
    chosen = AlertSettings.objects.first()
    return list(chosen.opens) if chosen else list(OPENS)


@action
def choose(*, actor: Actor, severities: Collection[str]) -> AlertSettings:
    """Say which severities open an incident. Raises ActionRefused."""
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    before, wanted = opens(), [one for one in Severity.values if one in severities]
    row = AlertSettings.objects.select_for_update(of=("self",)).first()
    if row is not None and row.opens == wanted:
        raise ActionRefused("It says so already: nothing was changed.")
    row = row or AlertSettings()
    row.opens = wanted
    row.save()
    record("alert_settings.choose", row, actor=actor, before={"opens": before}, after={"opens": wanted})
    return row


def receive(alert: Alert, *, actor: Actor) -> tuple[IncomingAlert | None, str]:
    """Keep one alert; returns its row and what became of it: one of FIRED, REPEATED, RESOLVED, UNKNOWN. Raises ActionRefused."""
    if not actor.can(REPORT):
        raise ActionRefused("Your role does not allow this.")
    moment = now()
    fields = {
        "source": alert.source, "title": alert.title, "severity": alert.severity, "said": alert.said, "labels": alert.labels,
        "first_seen_at": moment, "last_seen_at": moment,
    }  # fmt: skip
    known = IncomingAlert.objects.select_for_update(of=("self",)).filter(fingerprint=alert.fingerprint)
    row = known.select_related("event__incident", "incident").first()
    if not alert.firing:
        return (_resolve(row, alert, moment), RESOLVED) if row else (None, UNKNOWN)
    if row is None:
        made, new = IncomingAlert.objects.get_or_create(fingerprint=alert.fingerprint, defaults={**fields, "times_seen": 0})
        row = made if new else known.get()
    fires_anew = row.times_seen == 0 or row.state == IncomingAlert.State.RESOLVED or _grown(row, alert)
    changed = {"title": alert.title, "severity": alert.severity, "said": alert.said, "labels": alert.labels}
    _note(row, times_seen=row.times_seen + 1, last_seen_at=moment, state=IncomingAlert.State.FIRING, resolved_at=None, **changed)
    if not fires_anew:
        return row, REPEATED
    _report(row, alert, actor)
    return row, FIRED


def _grown(row: IncomingAlert, alert: Alert) -> bool:
    """Whether it is graver than before, so that somebody has to look again."""
    grades = [*Severity.values][::-1]
    return grades.index(alert.severity) > grades.index(row.severity)


def _report(row: IncomingAlert, alert: Alert, actor: Actor) -> None:
    """A security event; and by rule an incident, unless one of this alert goes on."""
    occurred = alert.started_at if alert.started_at and alert.started_at <= now() else None
    description, stated = alert.description[:20_000], alert.severity if is_known(alert.said) else ""
    event: SecurityEvent = report_event(
        actor=actor, title=alert.title, source=SecurityEvent.Source.ALERT, reported_as=alert.source, severity=stated,
        fingerprint=f"alert:{alert.fingerprint}", kind=alert.kind, description=description, occurred_at=occurred,
    )  # fmt: skip
    incident = ongoing(component_of(row))
    if incident is not None and event.status == SecurityEvent.Status.NEW:
        attach(for_evaluators(event, ITSELF), incident, ITSELF)
    elif alert.severity in opens() and event.status == SecurityEvent.Status.NEW:
        incident = open_incident(
            actor=ITSELF, title=alert.title, kind=alert.kind, severity=stated, description=description,
            component=component_of(row), detected_by=alert.source, occurred_at=occurred, event=event,
        )  # fmt: skip
    _note(row, event=event, incident=incident)


def _resolve(row: IncomingAlert, alert: Alert, at: dt.datetime) -> IncomingAlert:
    """It does not fire any more: said in its incident, which people resolve."""
    if row.state == IncomingAlert.State.FIRING:
        _note(row, state=IncomingAlert.State.RESOLVED, resolved_at=at, last_seen_at=at)
        if isinstance(row.incident, Incident):
            recovered(component=component_of(row), at=at, actor=ITSELF, note=f"{alert.source} says it is resolved: {alert.title}")
    return row


def component_of(row: IncomingAlert) -> str:
    """By which incidents of the same alert are one while they go on."""
    return f"alert:{row.fingerprint}"


def _note(row: IncomingAlert, **fields: object) -> None:
    IncomingAlert.objects.filter(pk=row.pk).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)
