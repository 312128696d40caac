"""What is left of a vulnerability when a scan counts no more. Pure: no row is read or written here.

The rules are those of comparing, over the scans that still count: it was first seen by the first that has it, and is fixed since
the first after the last that has it that can be evaluated and does not have it. None that has it: it was never there.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vulnerabilities.models.vulnerability import Vulnerability
from vulnerabilities.reading.report import grave


@dataclass(frozen=True, slots=True)
class Seen:
    """That a scan has seen it, and as what."""

    scan: uuid.UUID
    at: dt.datetime
    severity: str
    version: str
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Left:
    """How it stands by the scans that count. `grave_since` is when the first of them told it at least as grave as it is."""

    status: str
    fixed_at: dt.datetime | None
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    severity: str
    version: str
    grave_since: dt.datetime


def left_of(one: Vulnerability, seen: Sequence[Seen], evaluated: Mapping[uuid.UUID, dt.datetime]) -> Left | None:
    """How it stands; None where no scan that counts has it. `evaluated` is when each ran that counts and can be evaluated."""
    plain = [each for each in seen if not each.suppressed]
    if not plain:
        return None
    last, holding = max(each.at for each in plain), {each.scan for each in seen}
    gone_at = min((at for key, at in evaluated.items() if at > last and key not in holding), default=None)
    still = Vulnerability.Status.OPEN if one.status == Vulnerability.Status.FIXED else one.status
    first, newest = min(each.at for each in plain), max(seen, key=lambda each: each.at)
    severity = one.severity if one.severity_reason else newest.severity
    told = [each.at for each in plain if grave(each.severity) <= grave(severity)]
    return Left(
        status=Vulnerability.Status.FIXED if gone_at else still,
        fixed_at=gone_at,
        first_seen_at=first,
        last_seen_at=newest.at,
        severity=severity,
        version=newest.version,
        grave_since=min(told, default=first),
    )
