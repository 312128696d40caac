"""Somebody who is refused again and again within an hour becomes a security event: once for the same denials."""

import datetime as dt
from dataclasses import dataclass, field

from audit.access import DENIED
from audit.actors import System
from audit.models import AuditEvent
from incidents.models import Kind, SecurityEvent, Severity
from incidents.reporting.actions import report_event
from incidents.reporting.events import digest_of
from tenancy.models import Organization

MANY = 10  # denials of one account, or of strangers from one address, within the time below
LONGEST_PATH = 200  # of what is told: whoever knocks chooses it
WITHIN = dt.timedelta(hours=1)
ITSELF = System("access log")


@dataclass(slots=True)
class _Denied:
    who: str
    times: int = 0
    latest: dt.datetime = field(default=dt.datetime.min.replace(tzinfo=dt.UTC))
    paths: list[str] = field(default_factory=list)

    def add(self, event: AuditEvent) -> None:
        """Count one more, or as many as it tells of."""
        noted = event.data["metadata"] or {}
        self.times += noted.get("more", 1)
        self.latest = max(self.latest, event.at)
        asked = str(noted.get("path", ""))[:LONGEST_PATH]
        path = "".join(c if c.isprintable() else " " for c in asked)
        if path and path not in self.paths:
            self.paths.append(path)


def watch_denials(organization: Organization, at: dt.datetime) -> None:
    """Look at the last hour of the active organization's denials. Idempotent."""
    for key, denied in _denied_since(at - WITHIN).items():
        fingerprint = f"denials {key}"
        if denied.times >= MANY and not _is_told(fingerprint, denied.latest):
            _tell(fingerprint, denied)


def _denied_since(moment: dt.datetime) -> dict[str, _Denied]:
    """By account; those of nobody known by the address they came from."""
    found: dict[str, _Denied] = {}
    for event in AuditEvent.objects.filter(verb__in=DENIED, at__gte=moment).order_by("at", "id").iterator():
        address = event.data["actor"]["ip"]
        key = str(event.actor_id or address)
        if key:
            found.setdefault(key, _Denied(event.actor_name or f"somebody at {address}")).add(event)
    return found


def _is_told(fingerprint: str, latest: dt.datetime) -> bool:
    """Whether a security event has counted these: it was reported after the latest of them."""
    return SecurityEvent.objects.filter(fingerprint=digest_of(fingerprint), last_seen_at__gte=latest).exists()


def _tell(fingerprint: str, denied: _Denied) -> None:
    shown = ", ".join(denied.paths[:10]) or "no path that is kept"
    report_event(
        actor=ITSELF,
        title=f"{denied.who} was refused {denied.times} times within an hour"[:200],
        source=SecurityEvent.Source.PRODUCT,
        reported_as="Access log",
        fingerprint=fingerprint,
        kind=Kind.SECURITY,
        severity=Severity.MEDIUM,
        description=f"The latest at {denied.latest:%Y-%m-%d %H:%M} UTC, of {shown}. The access log has each.",
    )
