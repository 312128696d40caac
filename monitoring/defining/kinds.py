"""What each kind of check asks for, and what it starts from."""

from dataclasses import dataclass, field
from typing import Any

from monitoring.models import Kind

COMMON = ("name", "system", "critical", "interval", "failures", "successes", "target")
LOOK = ("timeout", "slow_after")
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.HTTP: ("url", "expected_statuses", "expected_text", "header", "secret", "certificate_days", "tls_at_least", *LOOK),
    Kind.TCP: ("host", "port", "use_tls", *LOOK),
    Kind.POSTGRESQL: ("host", "port", "database", "username", "secret", "use_tls", *LOOK),
    Kind.REDIS: ("host", "port", "username", "secret", "use_tls", *LOOK),
    Kind.HEARTBEAT: ("timeout",),
    Kind.VALUE: ("timeout", "value_unit", "warn_above", "fail_above", "warn_below", "fail_below"),
}
NEEDED = {"url", "host", "port"}


@dataclass(frozen=True, slots=True)
class Start:
    """Something to begin with: its name for people, its kind, and the values that its form starts from."""

    key: str
    label: str
    words: str
    kind: str
    values: dict[str, Any] = field(default_factory=dict)


def _timed(interval: int, timeout: int, slow: int | None = None, **more: Any) -> dict[str, Any]:
    return {"interval": interval, "timeout": timeout, "slow_after": slow, **more}


STARTS = (
    Start(
        "http",
        "A page or an API of ours",
        "Asks an address every minute: status, text, certificate and TLS version.",
        Kind.HTTP,
        _timed(60, 10, 2_000, certificate_days=14, tls_at_least="TLSv1.2"),
    ),
    Start(
        "provider",
        "A provider's service",
        "Asks an address of somebody else every two minutes.",
        Kind.HTTP,
        _timed(120, 15, 3_000, tls_at_least="TLSv1.2"),
    ),
    Start(
        "postgresql",
        "A PostgreSQL database",
        "Signs in and asks the database something every 30 seconds.",
        Kind.POSTGRESQL,
        _timed(30, 5, 1_000, port=5432, use_tls=True),
    ),
    Start(
        "redis",
        "Redis or Valkey",
        "Says PING every 30 seconds.",
        Kind.REDIS,
        _timed(30, 5, 1_000, port=6379, use_tls=True),
    ),
    Start("tcp", "A port", "Connects every minute; with TLS it shakes hands.", Kind.TCP, _timed(60, 10, 2_000, use_tls=False)),
    Start(
        "heartbeat",
        "A job that calls in",
        "A backup, an export or a clean-up calls an address when it is done. Its silence is the alarm.",
        Kind.HEARTBEAT,
        _timed(86_400, 3_600, failures=1),
    ),
    Start(
        "value",
        "A value that is sent",
        "A program sends a number, such as a queue's length. Limits say when it is too much.",
        Kind.VALUE,
        _timed(300, 120, failures=1),
    ),
)
_BY_KEY = {one.key: one for one in STARTS}


def start_of(key: str) -> Start | None:
    """What a form starts from, by its key or its kind; None for what there is not."""
    return _BY_KEY.get(key)


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a kind of check."""
    return (*COMMON, *FIELDS[kind])
