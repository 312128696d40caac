"""How much of a time something was up. The rules are those of docs/monitoring.md.

    uptime = (healthy + degraded) / (healthy + degraded + down)

over the time in which something was known, outside of planned maintenance. Time in maintenance, paused time, and time in
which nothing was known are told beside it and counted neither way.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from monitoring.checking.maintaining import Maintained, Spell, windows_in
from monitoring.models import Check
from tenancy.scope import current_tenant_id, now

_SUMS = """
SELECT s.check_of_id, b.n, s.state, (
  SELECT coalesce(sum(extract(epoch FROM upper(part) - lower(part))), 0) FROM unnest(range_agg(tstzrange(
    greatest(s.from_at, b.begins), greatest(least(coalesce(s.until_at, 'infinity'), b.ends), greatest(s.from_at, b.begins))
  )) - m.spells) AS part)
FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS b (begins, ends, n)
CROSS JOIN unnest(%(checks)s::uuid[], %(spells)s::text[]) AS given (id, words)
CROSS JOIN LATERAL (SELECT given.words::tstzmultirange AS spells) AS m
JOIN monitoring_checkspan AS s ON s.tenant_id = %(tenant)s AND s.check_of_id = given.id AND s.from_at < b.ends
  AND (s.until_at IS NULL OR s.until_at > b.begins)
GROUP BY s.check_of_id, b.n, s.state, m.spells
"""


@dataclass(slots=True)
class Share:
    """A time of a check, in seconds: what it was, and what was expected altogether."""

    begins: dt.datetime
    ends: dt.datetime
    expected: float = 0.0  # since the check was made, and not after now
    maintenance: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def up(self) -> float:
        """Healthy or degraded."""
        return self.seconds.get("healthy", 0.0) + self.seconds.get("degraded", 0.0)

    @property
    def degraded(self) -> float:
        """Up, but slow or otherwise not as it should be."""
        return self.seconds.get("degraded", 0.0)

    @property
    def down(self) -> float:
        """Down, outside of maintenance."""
        return self.seconds.get("down", 0.0)

    @property
    def paused(self) -> float:
        """Somebody had decided not to look."""
        return self.seconds.get("paused", 0.0)

    @property
    def unknown(self) -> float:
        """Nobody looked although somebody should have."""
        return max(0.0, self.expected - self.maintenance - self.up - self.down - self.paused)

    @property
    def uptime(self) -> float | None:
        """In percent; None where nothing was known."""
        known = self.up + self.down
        return 100 * self.up / known if known else None

    @property
    def state(self) -> str:
        """The worst that is known of it, for a bar: down, degraded, healthy, maintenance, paused or unknown."""
        for name, seconds in (("down", self.down), ("degraded", self.degraded), ("healthy", self.up)):
            if seconds > 0:
                return name
        return max(
            (("unknown", self.unknown), ("maintenance", self.maintenance), ("paused", self.paused)), key=lambda one: one[1]
        )[0]


def share_of(check: Check, begins: dt.datetime, ends: dt.datetime) -> Share:
    """One time of one check."""
    return shares([check], [(begins, ends)])[check.pk][0]


def shares(checks: Sequence[Check], times: Sequence[Spell]) -> dict[uuid.UUID, list[Share]]:
    """Several times of several checks, in the order of `times`: two or three queries for any number."""
    present = now()
    clipped = [(begins, min(ends, present)) for begins, ends in times]
    found = {check.pk: [Share(*spell) for spell in clipped] for check in checks}
    if not checks or not times:
        return found
    windows = windows_in(min(one for one, _ in clipped), max(one for _, one in clipped))
    for check in checks:
        spells = merged(windows.spells(check.pk))
        for share in found[check.pk]:
            _expect(share, check, spells)
    for check_id, number, state, seconds in _sums(checks, clipped, windows):
        found[check_id][number - 1].seconds[state] = float(seconds)
    return found


def _expect(share: Share, check: Check, spells: list[Spell]) -> None:
    begins = max(share.begins, check.made_at)
    share.expected = max(0.0, (share.ends - begins).total_seconds())
    share.maintenance = sum(max(0.0, (min(last, share.ends) - max(first, begins)).total_seconds()) for first, last in spells)


def _sums(checks: Sequence[Check], times: Sequence[Spell], windows: Maintained) -> list[tuple[uuid.UUID, int, str, float]]:
    kept = [(begins, ends) for begins, ends in times]
    with connection.cursor() as cursor:
        cursor.execute(
            _SUMS,
            {
                "tenant": current_tenant_id(),
                "begins": [begins for begins, _ in kept],
                "ends": [ends for _, ends in kept],
                "checks": [check.pk for check in checks],
                "spells": [_multirange(windows.spells(check.pk)) for check in checks],
            },
        )
        rows: list[tuple[uuid.UUID, int, str, float]] = cursor.fetchall()
    return rows


def _multirange(spells: Iterable[Spell]) -> str:
    return "{" + ",".join(f"[{begins.isoformat()},{ends.isoformat()})" for begins, ends in spells) + "}"


def merged(spells: Iterable[Spell]) -> list[Spell]:
    """The same times without overlaps, in order."""
    found: list[Spell] = []
    for begins, ends in sorted(spells):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found
