"""What Larkfield's systems logged for its controls: sign-ins, backups, uptime, an incident; and what alerts said.

Backups are logged until their source fell silent. A failover of the database took 47 minutes. Changes log themselves.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from accounts.models import Member
from audit.actors import WORKER
from controls.events.actions import MOST, log_events
from controls.events.alerts import evaluate, look_at
from controls.events.rules import create_rule
from controls.models import Alert
from example.dates import Calendar
from example.programme import silent_since
from example.roster import DOMAIN
from tenancy.models import Organization
from tenancy.scope import now

Event = dict[str, Any]
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
SIGN_INS = 14  # a day
DATABASE, APPLICATION, PAYMENTS = "Production PostgreSQL", "Invoicing application", "Payments"
_PEOPLE = ("anita.desai", "tomas.ferreira", "maria.santos", "judith.klein", "daniel.osei", "ravi.menon", "grace.bauer")
_WATCHED = (
    ("Failed sign-ins from one address", "failed_access", 5, 15, "ip"),
    ("Failed sign-ins of one user", "failed_access", 5, 10, "actor"),
    ("Critical incident", "critical_incident", 1, 60, "subject"),
    ("Backup failed", "failed_backup", 1, 1440, "subject"),
    ("Availability below its target", "missed_target", 1, 1440, "subject"),
)
_FOUND = {
    "ip": "The old VPN of the office: six people had kept its profile when the certificates changed. The profiles are replaced.",
    "subject": "The payment provider's maintenance, announced a week before. No customer wrote in; nothing to do.",
}


def log_everything(calendar: Calendar, members: Mapping[str, Member], *, organization: Organization, manager: Member) -> None:
    """The year so far as three systems logged it, and five rules with the alerts they raised: one nobody has looked at."""
    told = [members[f"{name}@{DOMAIN}"].pk for name in ("samuel.price", "grace.bauer")]
    for name, watches, threshold, minutes, by in _WATCHED:
        create_rule(actor=manager, name=name, watches=watches, threshold=threshold, minutes=minutes, by=by, recipients=told)
    sent = {
        "okta": [*_sign_ins(calendar), *_failures(calendar)],
        "backup-agent": [*_backups(calendar)],
        "uptime-monitor": [*_uptime(calendar), *_incident(calendar)],
    }
    for source, events in sent.items():
        for start in range(0, len(events), MOST):
            log_events(events[start : start + MOST], source=source, organization=organization, actor=manager)
    evaluate(Q(), actor=WORKER)
    for alert in Alert.objects.order_by("raised_at"):
        if alert.by in _FOUND:
            look_at(alert, actor=manager, note=_FOUND[alert.by])


def _event(kind: str, control: str, name: str, at: dt.datetime, **data: Any) -> Event:
    return {"event_id": f"{kind}-{name}", "kind": kind, "control": control, "occurred_at": at.isoformat(), "data": data}


def _at(calendar: Calendar, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), calendar.zone)


def _days(first: dt.date, until: dt.date) -> Iterator[dt.date]:
    """From the first day to the one before `until`."""
    for number in range((until - first).days):
        yield first + number * DAY


def _sign_ins(calendar: Calendar) -> Iterator[Event]:
    """Every day, now and then with a mistyped password."""
    for day in _days(calendar.third.first, calendar.today):
        for number in range(SIGN_INS):
            mistyped = (day.toordinal() + number) % 61 == 0
            yield _access(
                f"{day:%Y%m%d}-{number}",
                _at(calendar, day, 8 + number % 9, 7 * number % 60),
                _PEOPLE[(day.toordinal() + number) % len(_PEOPLE)],
                f"192.0.2.{20 + number}",
                "failure" if mistyped else "success",
            )


def _failures(calendar: Calendar) -> Iterator[Event]:
    """Six people from one address some days ago; one person, again and again, yesterday."""
    before, yesterday = now() - 4 * DAY, now() - 26 * HOUR
    for number, name in enumerate(_PEOPLE[:6]):
        yield _access(f"vpn-{number}", before + number * 2 * MINUTE, name, "198.51.100.23", "denied")
    for number in range(7):
        yield _access(f"again-{number}", yesterday + number * MINUTE, "chloe.martin", f"203.0.113.{40 + number}", "failure")


def _access(name: str, at: dt.datetime, person: str, ip: str, result: str) -> Event:
    return _event(
        "access",
        "AC-002",
        name,
        at,
        user=f"{person}@{DOMAIN}",
        resource="Okta",
        action="sign in",
        result=result,
        ip=ip,
        user_agent="Mozilla/5.0",
        mfa_verified=result == "success",
    )


def _backups(calendar: Calendar) -> Iterator[Event]:
    """Every night, until the source fell silent; one was partial in the summer."""
    for day in _days(calendar.third.first, silent_since(calendar)):
        for system in (DATABASE, "Documents"):
            partial = (day, system) == (calendar.third.day(44), "Documents")
            yield _event(
                "backup",
                "BCP-002",
                f"{system.lower().replace(' ', '-')}-{day:%Y%m%d}",
                _at(calendar, day, 2, 30),
                system=system,
                result="partial" if partial else "success",
                backup_kind="full" if day.weekday() == 6 else "incremental",
                encrypted=True,
            )


def _uptime(calendar: Calendar) -> Iterator[Event]:
    """A span a day for each service; the provider's maintenance five days ago."""
    for day in _days(calendar.third.first, calendar.today):
        for service, usual in ((APPLICATION, 100.0), (PAYMENTS, 99.98)):
            down = service == PAYMENTS and day == calendar.today - 5 * DAY
            failed_over = service == APPLICATION and day == calendar.fourth.day(14)
            uptime = 98.96 if down else 96.74 if failed_over else usual
            yield _event(
                "availability",
                "MON-001",
                f"{service.split()[0].lower()}-{day:%Y%m%d}",
                _at(calendar, day, 23, 59),
                service=service,
                uptime=uptime,
                response_time_ms=160 + day.toordinal() % 40,
                error_rate=0.4 if uptime < 99.9 else 0.02,
                target=99.9,
                achieved=uptime >= 99.9,
            )


def _incident(calendar: Calendar) -> Iterator[Event]:
    """The failover of the database."""
    detected = _at(calendar, calendar.fourth.day(14), 15, 12)
    if detected + 47 * MINUTE > now():
        return
    yield _event(
        "incident",
        "INC-002",
        "failover",
        detected + 47 * MINUTE,
        incident="Database failover",
        severity="high",
        detected_by="Uptime monitor",
        responded_by="Tomas Ferreira",
        detected_at=detected.isoformat(),
        resolved_at=(detected + 47 * MINUTE).isoformat(),
        root_cause="The primary ran out of connections and did not give up its lock.",
        resolution="The replica was promoted by hand.",
        prevention="The number of connections alerts at 80 percent; failing over is rehearsed.",
        system=DATABASE,
    )
