"""What is looked at, and what was found: plain values, so that the process that looks needs no database meanwhile."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from accounts.sealing import seal, unseal
from monitoring.models import Check
from tenancy.scope import current_tenant_id
from workflow.outgoing.addresses import NOTHING, Allowed

_LABEL = "check.secret"
DETAIL = 300  # characters kept of what was found


@dataclass(frozen=True, slots=True)
class Target:
    """A check as a look needs it. `secret` is in the clear: it is never shown, logged or compared."""

    check_id: uuid.UUID
    tenant_id: uuid.UUID
    kind: str
    interval: int
    timeout: int
    url: str = ""
    host: str = ""
    port: int = 0
    database: str = ""
    username: str = ""
    use_tls: bool = True
    header: str = ""
    expected_statuses: tuple[int, ...] = ()
    expected_text: str = ""
    certificate_days: int | None = None
    tls_at_least: str = ""
    slow_after: int | None = None
    is_passive: bool = False
    secret: str = field(default="", repr=False)
    allowed: Allowed = field(default=NOTHING, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found: healthy, degraded, down, or unknown where nothing could be found out; how long it took; in words why."""

    outcome: str
    detail: str = ""
    duration_ms: int | None = None
    value: float | None = None
    certificate_until: dt.datetime | None = None


def target_of(check: Check, allowed: Allowed) -> Target:
    """The check as the runner takes it along. Within its organization's scope. Raises SealingError."""
    return Target(
        check_id=check.pk,
        tenant_id=current_tenant_id(),
        kind=check.kind,
        interval=check.interval,
        timeout=check.timeout,
        url=check.url,
        host=check.host,
        port=check.port or 0,
        database=check.database,
        username=check.username,
        use_tls=check.use_tls,
        header=check.header,
        expected_statuses=tuple(check.expected_statuses),
        expected_text=check.expected_text,
        certificate_days=check.certificate_days,
        tls_at_least=check.tls_at_least,
        slow_after=check.slow_after,
        is_passive=check.is_passive,
        secret=opened(check),
        allowed=allowed,
    )


def sealed(text: str, check: Check) -> str:
    """A secret as it is stored: of use in this row of this organization only."""
    return seal(text.encode(), label=_LABEL, row_id=check.pk, tenant_id=current_tenant_id()) if text else ""


def opened(check: Check) -> str:
    """The secret in the clear. Raises SealingError."""
    if not check.secret:
        return ""
    return unseal(check.secret, label=_LABEL, row_id=check.pk, tenant_id=current_tenant_id()).decode()
