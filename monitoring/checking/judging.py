"""What a result makes of what was known of a check. Pure: a standing and a result in, a standing and its turn out.

Down after `failures` failures in a row, up after `successes` successes in a row; both count from the first of their row.
Slow, and fast again, need no confirmation. What fails during maintenance says nothing; what succeeds does. After a time
without results nothing is known, but for an outage: it goes on until its end is seen. The same holds from a look on that could
not be made (unknown): it says nothing, and what came before it does not speak beyond it.
"""

import datetime as dt
from dataclasses import dataclass, replace

HEALTHY, DEGRADED, DOWN, UNKNOWN = "healthy", "degraded", "down", "unknown"


@dataclass(frozen=True, slots=True)
class Rules:
    """How many results in a row it takes, and how far apart two may lie to be in a row."""

    failures: int
    successes: int
    allowance: dt.timedelta


@dataclass(frozen=True, slots=True)
class Look:
    """One look or call: when it was due, and what came of it (healthy, degraded, down, unknown)."""

    at: dt.datetime
    outcome: str
    in_maintenance: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known, since when, and the looks in a row that speak against it."""

    health: str = UNKNOWN
    since: dt.datetime | None = None
    last_at: dt.datetime | None = None
    pending: int = 0
    pending_at: dt.datetime | None = None
    covered_until: dt.datetime | None = None  # how long the last look was promised to speak, when it was made


@dataclass(frozen=True, slots=True)
class Turn:
    """From `at` on it is `health`, or nothing is known. With `after_gap` nothing was known right before."""

    health: str
    at: dt.datetime
    after_gap: bool


def judge(standing: Standing, look: Look, rules: Rules) -> tuple[Standing, Turn | None]:
    """The standing after a look, and the turn that it brought, if any. One that is not newer than the last changes nothing."""
    if standing.last_at is not None and look.at <= standing.last_at:
        return standing, None
    if look.outcome == UNKNOWN:
        return _unseen(standing, look)
    gap = standing.last_at is None or look.at > (standing.covered_until or standing.last_at + rules.allowance)
    covered = look.at + rules.allowance
    before = replace(standing, last_at=look.at, covered_until=covered, pending=0 if gap else standing.pending)
    known = standing.health != UNKNOWN and not gap
    if look.in_maintenance and look.outcome == DOWN:
        return _unsettled(replace(before, pending=0, pending_at=None), look, known=known)
    if (look.outcome == DOWN) == (standing.health == DOWN):
        return _agreed(before, look, known=known)
    counted = replace(before, pending=before.pending + 1, pending_at=before.pending_at if before.pending else look.at)
    if counted.pending < (rules.failures if look.outcome == DOWN else rules.successes):
        return _unsettled(counted, look, known=known)
    at = counted.pending_at or look.at
    return Standing(look.outcome, at, look.at, covered_until=covered), Turn(look.outcome, at, after_gap=not known)


def _unseen(standing: Standing, look: Look) -> tuple[Standing, Turn | None]:
    """The look could not be made: what was known ends here, but for an outage."""
    goes_on = standing.health == DOWN
    is_first = standing.health != UNKNOWN and standing.covered_until != standing.last_at
    health, since = (DOWN, standing.since) if goes_on else (UNKNOWN, look.at)
    if standing.health == UNKNOWN and standing.since is not None:
        since = standing.since
    seen = Standing(health, since, look.at, covered_until=look.at)
    return seen, Turn(UNKNOWN, look.at, after_gap=False) if is_first else None


def _agreed(before: Standing, look: Look, *, known: bool) -> tuple[Standing, Turn | None]:
    """What was up is up, or what was down is down."""
    settled = replace(before, health=look.outcome, pending=0, pending_at=None)
    if known and before.health == look.outcome:
        return settled, None
    keeps = before.health == DOWN and before.since is not None
    return replace(settled, since=before.since if keeps else look.at), Turn(look.outcome, look.at, after_gap=not known)


def _unsettled(counted: Standing, look: Look, *, known: bool) -> tuple[Standing, Turn | None]:
    """The look decides nothing yet: what was known goes on; where nothing was, only an outage does."""
    if known:
        return counted, None
    if counted.health == DOWN:
        return counted, Turn(DOWN, look.at, after_gap=True)
    return replace(counted, health=UNKNOWN, since=None), None
