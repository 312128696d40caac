"""Keeping results: a batch of an organization in a few statements, whatever its size.

Results are kept once each; then every check's standing moves on, its hours are counted, its span grows or a new one begins,
and outages begin and end. What is not newer than the last result of its check is kept, and changes nothing.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from monitoring.checking.judging import DEGRADED, DOWN, UNKNOWN, Look, Rules, Standing, Turn, judge
from monitoring.checking.maintaining import Maintained, maintained
from monitoring.checking.outages import begin_outage, end_outage
from monitoring.checking.sketch import binned
from monitoring.models import CLOCKS, Check, CheckResult, CheckSpan
from monitoring.probing.target import Found
from tenancy.scope import current_tenant_id, now


@dataclass(frozen=True, slots=True)
class Kept:
    """A result as it comes in: of which check, when it was due and begun, what was found."""

    check_id: uuid.UUID
    due_at: dt.datetime
    started_at: dt.datetime
    found: Found


_INSERT = """
INSERT INTO monitoring_checkresult
  (tenant_id, check_of_id, due_at, started_at, outcome, duration_ms, value, detail, in_maintenance)
SELECT %(tenant)s, r.* FROM unnest(%(checks)s::uuid[], %(due)s::timestamptz[], %(started)s::timestamptz[], %(outcomes)s::text[],
  %(durations)s::integer[], %(values)s::float8[], %(details)s::text[], %(maintenance)s::boolean[]) AS r
ON CONFLICT (tenant_id, check_of_id, due_at) DO NOTHING RETURNING check_of_id, due_at
"""
_HOURS = """
INSERT INTO monitoring_checkhour AS h
  (id, tenant_id, check_of_id, hour, results, degraded, failed, timed, total_ms, max_ms, bins, counts)
SELECT uuid_v7(), %(tenant)s, r.id, r.hour, r.results, r.degraded, r.failed, r.timed, r.total, r.most, r.bins::smallint[],
  r.counts::integer[] FROM unnest(%(checks)s::uuid[], %(hours)s::timestamptz[], %(results)s::integer[],
  %(degraded)s::integer[], %(failed)s::integer[], %(timed)s::integer[], %(total)s::bigint[], %(most)s::integer[],
  %(bins)s::text[], %(counts)s::text[]) AS r (id, hour, results, degraded, failed, timed, total, most, bins, counts)
ON CONFLICT (tenant_id, check_of_id, hour) DO UPDATE SET results = h.results + excluded.results,
  degraded = h.degraded + excluded.degraded, failed = h.failed + excluded.failed, timed = h.timed + excluded.timed,
  total_ms = h.total_ms + excluded.total_ms, max_ms = greatest(h.max_ms, excluded.max_ms),
  (bins, counts) = (SELECT coalesce(array_agg(b ORDER BY b), '{}'), coalesce(array_agg(n ORDER BY b), '{}') FROM (
    SELECT b, sum(n)::integer AS n FROM (
      SELECT * FROM unnest(h.bins, h.counts) UNION ALL SELECT * FROM unnest(excluded.bins, excluded.counts)
    ) AS each (b, n) GROUP BY b) AS summed)
"""
_STANDINGS = """
UPDATE monitoring_check AS c SET health = r.health, since = r.since, pending = r.pending, pending_at = r.pending_at,
  covered_until = r.covered, last_at = r.at, last_outcome = r.outcome, last_detail = r.detail, last_ms = r.ms,
  last_value = coalesce(r.value, c.last_value), certificate_until = coalesce(r.certificate, c.certificate_until)
FROM unnest(%(checks)s::uuid[], %(health)s::text[], %(since)s::timestamptz[], %(pending)s::integer[],
  %(pending_at)s::timestamptz[], %(covered)s::timestamptz[], %(at)s::timestamptz[], %(outcomes)s::text[], %(details)s::text[],
  %(ms)s::integer[], %(values)s::float8[], %(certificates)s::timestamptz[])
  AS r (id, health, since, pending, pending_at, covered, at, outcome, detail, ms, value, certificate)
WHERE c.tenant_id = %(tenant)s AND c.id = r.id
"""
# What spoke against the span until it was confirmed belongs to the next one.
_CUT = """
UPDATE monitoring_checkspan AS s SET until_at = greatest(s.from_at, least(s.until_at, r.at))
FROM unnest(%(checks)s::uuid[], %(at)s::timestamptz[]) AS r (id, at)
WHERE s.tenant_id = %(tenant)s AND s.check_of_id = r.id AND s.until_at > r.at
"""
_BEGIN = """
INSERT INTO monitoring_checkspan (id, tenant_id, check_of_id, state, from_at, until_at)
SELECT uuid_v7(), %(tenant)s, r.* FROM unnest(%(checks)s::uuid[], %(states)s::text[], %(from)s::timestamptz[],
  %(until)s::timestamptz[]) AS r
ON CONFLICT (tenant_id, check_of_id, from_at) DO UPDATE SET state = excluded.state, until_at = excluded.until_at
"""
_GROW = """
UPDATE monitoring_checkspan AS s SET until_at = greatest(s.until_at, r.until)
FROM unnest(%(checks)s::uuid[], %(until)s::timestamptz[]) AS r (id, until)
WHERE s.tenant_id = %(tenant)s AND s.id = (SELECT l.id FROM monitoring_checkspan AS l WHERE l.tenant_id = %(tenant)s
  AND l.check_of_id = r.id AND l.until_at IS NOT NULL ORDER BY l.from_at DESC LIMIT 1)
"""


@dataclass(slots=True)
class _Moved:
    """A check, its standing as it moves through the batch, and what it moved."""

    check: Check
    standing: Standing
    rules: Rules
    is_ahead: bool = False  # its last result is of a time that has not come yet
    last: Kept | None = None

    @property
    def has_spoken(self) -> bool:
        """Whether the last result of this batch says something of the time after it."""
        return self.last is not None and UNKNOWN not in {self.last.found.outcome, self.standing.health}


def keep(results: Iterable[Kept]) -> bool:
    """Keep a batch of the active organization's results, and move its checks on; tells whether any check turned.

    Part of a transaction that ends soon: it locks the checks. Results of checks that are not watched are dropped.
    """
    given = sorted(results, key=lambda one: (one.check_id, one.due_at))
    rows = Check.objects.select_for_update(of=("self",)).filter(
        pk__in={one.check_id for one in given}, status=Check.Status.ACTIVE
    )
    moved = {check.pk: _moved(check) for check in rows.order_by("pk")}
    _take_back([one for one in moved.values() if one.is_ahead])
    windows = maintained(list(moved), [one.due_at for one in given])
    fresh = _insert([one for one in given if one.check_id in moved], windows)
    spans = _Spans()
    for one in fresh:
        _move(moved[one.check_id], one, windows, spans)
    _write(fresh, [one for one in moved.values() if one.last is not None], spans)
    return any(one.state != UNKNOWN for one in spans.begun)


@dataclass(frozen=True, slots=True)
class _Begun:
    """From when on a check is in a state, or nothing is known, and until when it was in the one before."""

    check_id: uuid.UUID
    state: str
    at: dt.datetime
    grown: dt.datetime | None


class _Spans:
    """Spans that begin in the batch, in order."""

    def __init__(self) -> None:
        self.begun: list[_Begun] = []


def _moved(check: Check) -> _Moved:
    rules = Rules(check.failures, check.successes, check.allowance)
    if check.last_at is not None and check.last_at > now() + CLOCKS:
        return _Moved(check, Standing(check.health, check.since), rules, is_ahead=True)
    standing = Standing(check.health, check.since, check.last_at, check.pending, check.pending_at, check.covered_until)
    return _Moved(check, standing, rules)


def _take_back(ahead: Sequence[_Moved]) -> None:
    """A clock was ahead and was set back: what was kept of times that have not come yet is forgotten, or nothing would count."""
    if not ahead:
        return
    checks, moment = [one.check.pk for one in ahead], now()
    CheckResult.objects.filter(check_of__in=checks, due_at__gt=moment).delete()
    CheckSpan.objects.filter(check_of__in=checks, from_at__gt=moment).delete()
    CheckSpan.objects.filter(check_of__in=checks, until_at__gt=moment).update(until_at=moment)


def _insert(given: Sequence[Kept], windows: Maintained) -> list[Kept]:
    """Insert; those that were not there."""
    if not given:
        return []
    columns: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "checks": [one.check_id for one in given],
        "due": [one.due_at for one in given],
        "started": [one.started_at for one in given],
        "outcomes": [one.found.outcome for one in given],
        "durations": [one.found.duration_ms for one in given],
        "values": [one.found.value for one in given],
        "details": [one.found.detail for one in given],
        "maintenance": [windows.holds(one.check_id, one.due_at) for one in given],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
        new = set(cursor.fetchall())
    return [one for one in given if (one.check_id, one.due_at) in new]


def _move(moved: _Moved, one: Kept, windows: Maintained, spans: _Spans) -> None:
    before = moved.standing
    look = Look(one.due_at, one.found.outcome, in_maintenance=windows.holds(one.check_id, one.due_at))
    # What was kept before this batch has grown already, by what its check promised then.
    spoke = before.last_at + moved.check.speaks if before.last_at and moved.has_spoken else None
    moved.standing, turn = judge(before, look, moved.rules)
    if moved.standing is before:
        return
    moved.last = one
    if turn is None:
        return
    spans.begun.append(_Begun(one.check_id, turn.health, turn.at, spoke))
    _tell(moved.check, before, turn, one)


def _tell(check: Check, before: Standing, turn: Turn, one: Kept) -> None:
    if turn.health == DOWN and before.health != DOWN:
        begin_outage(check, started_at=turn.at, confirmed_at=one.due_at, detail=one.found.detail)
    elif turn.health not in {DOWN, UNKNOWN} and before.health == DOWN:
        end_outage(check, ended_at=turn.at)


def _write(fresh: Sequence[Kept], moved: Sequence[_Moved], spans: _Spans) -> None:
    tenant = current_tenant_id()
    with connection.cursor() as cursor:
        if fresh:
            cursor.execute(_HOURS, {"tenant": tenant, **_hours(fresh)})
        if not moved:
            return
        for one in spans.begun:  # rare, and their order matters
            key: dict[str, Any] = {"tenant": tenant, "checks": [one.check_id]}
            if one.grown is not None:
                cursor.execute(_GROW, {**key, "until": [one.grown]})
            cursor.execute(_CUT, {**key, "at": [one.at]})
            if one.state != UNKNOWN:
                cursor.execute(_BEGIN, {**key, "states": [one.state], "from": [one.at], "until": [one.at]})
        known = [one for one in moved if one.has_spoken]
        until = [_last(moved_on).due_at + moved_on.check.speaks for moved_on in known]
        cursor.execute(_GROW, {"tenant": tenant, "checks": [moved_on.check.pk for moved_on in known], "until": until})
        cursor.execute(_STANDINGS, {"tenant": tenant, **_standings(moved)})


def _last(moved: _Moved) -> Kept:
    if moved.last is None:
        raise ValueError("Nothing moved it.")
    return moved.last


def _standings(moved: Sequence[_Moved]) -> dict[str, list[Any]]:
    standings = [one.standing for one in moved]
    found = [_last(one).found for one in moved]
    return {
        "checks": [one.check.pk for one in moved],
        "health": [one.health for one in standings],
        "since": [one.since for one in standings],
        "pending": [one.pending for one in standings],
        "pending_at": [one.pending_at for one in standings],
        "covered": [one.covered_until for one in standings],
        "at": [_last(one).due_at for one in moved],
        "outcomes": [one.outcome for one in found],
        "details": [one.detail for one in found],
        "ms": [one.duration_ms for one in found],
        "values": [one.value for one in found],
        "certificates": [one.certificate_until for one in found],
    }


def _array(numbers: list[int]) -> str:
    """An array within an array: PostgreSQL takes those of different lengths as text only."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _hours(fresh: Sequence[Kept]) -> dict[str, list[Any]]:
    """The batch by check and hour."""
    groups: dict[tuple[uuid.UUID, dt.datetime], list[Found]] = defaultdict(list)
    for one in fresh:
        if one.found.outcome == UNKNOWN:  # no look came about
            continue
        groups[one.check_id, one.due_at.replace(minute=0, second=0, microsecond=0)].append(one.found)
    timed = [[one.duration_ms for one in found if one.duration_ms is not None] for found in groups.values()]
    sketches = [binned(times) for times in timed]
    return {
        "checks": [check_id for check_id, _ in groups],
        "hours": [hour for _, hour in groups],
        "results": [len(found) for found in groups.values()],
        "degraded": [sum(one.outcome == DEGRADED for one in found) for found in groups.values()],
        "failed": [sum(one.outcome == DOWN for one in found) for found in groups.values()],
        "timed": [len(times) for times in timed],
        "total": [sum(times) for times in timed],
        "most": [max(times, default=0) for times in timed],
        "bins": [_array(bins) for bins, _ in sketches],
        "counts": [_array(counts) for _, counts in sketches],
    }
