"""The schedule of looks, in Valkey: a sorted set of checks by when they are due, shared by all runners.

A check's due times lie on a grid of its own: its interval, shifted by a phase that follows from its id. A runner claims what
is due for as long as a look may take; if it is killed, the claim ends by itself and the check comes back with the time at
which it was due. The database has everything: what Valkey forgets is put back within a minute.
"""

import logging
import math
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PREFIX = "plumbline:monitor:"
WRITING = 15.0  # seconds that a claim lasts beyond the timeout of its look
SHARE = 4  # an organization holds at most so many times the places that are free: alone four fifths, two of them 4/9 each
PATIENCE = 30.0  # of a check whose timeout is not known here
ALIVE_FOR = 60.0  # seconds after which a runner that says nothing is taken to be down
log = logging.getLogger(__name__)

# KEYS: due, claimed, patience, changes. ARGV: now, how many, seconds for writing, patience by default, how many times the
# places that are free an organization may hold, then the organizations that hold some with their number
_CLAIM = """
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES')
local claims, held, free = {}, {}, tonumber(ARGV[2])
for i = 6, #ARGV, 2 do held[ARGV[i]] = tonumber(ARGV[i + 1]) end
for i = 1, #found, 2 do
  if free < 1 then break end
  local member = found[i]
  local whose = string.sub(member, 1, 36)
  if (held[whose] or 0) < free * ARGV[5] then
    local due = redis.call('HGET', KEYS[2], member) or found[i + 1]
    local ends = string.format('%.3f', ARGV[1] + (redis.call('HGET', KEYS[3], member) or ARGV[4]) + ARGV[3])
    redis.call('ZADD', KEYS[1], ends, member)
    redis.call('HSET', KEYS[2], member, due)
    claims[#claims + 1] = {member, due, ends}
    held[whose], free = (held[whose] or 0) + 1, free - 1
  end
end
return {claims, redis.call('HGETALL', KEYS[4])}
"""
# KEYS: due, claimed. ARGV: member, when the claim ends, next due
_DONE = """
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ends and tonumber(ends) == tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  return 1
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A check to look at: `tenant:check`, when it was due, and until when it is ours. Seconds since 1970."""

    member: str
    due: float
    ends: float

    @property
    def check_id(self) -> uuid.UUID:
        """Which check."""
        return uuid.UUID(self.member.partition(":")[2])

    @property
    def tenant_id(self) -> uuid.UUID:
        """Whose."""
        return uuid.UUID(self.member.partition(":")[0])


def member_of(tenant_id: uuid.UUID, check_id: uuid.UUID) -> str:
    """The name of a check in the schedule."""
    return f"{tenant_id}:{check_id}"


def next_due(member: str, interval: int, after: float) -> float:
    """The first time on the check's grid after a moment."""
    phase = zlib.crc32(member.encode()) % (interval * 1000) / 1000
    return ((after - phase) // interval + 1) * interval + phase


class Schedule:
    """The schedule as runners use it."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self.client = redis.asyncio.Redis.from_url(url, decode_responses=True)
        self.prefix = prefix
        self._claim = self.client.register_script(_CLAIM)
        self._done = self.client.register_script(_DONE)

    def key(self, name: str) -> str:
        """A key of ours."""
        return self.prefix + name

    async def claim(
        self, at: float, most: int, held: Mapping[uuid.UUID, int] | None = None
    ) -> tuple[list[Claim], dict[str, str]]:
        """Claim at most so many checks that are due, the longest due first; and the counts of changes by organization.

        `held` says how many places each organization has already: none takes so many that others find none free.
        """
        places = [word for key, count in (held or {}).items() for word in (str(key), count)]
        keys = [self.key(name) for name in ("due", "claimed", "patience", "changes")]
        claims, changes = await self._claim(keys=keys, args=[at, most, WRITING, PATIENCE, SHARE, *places])
        counted = dict(zip(changes[::2], changes[1::2], strict=True))
        return [Claim(member, float(due), float(ends)) for member, due, ends in claims], counted

    async def done(self, claim: Claim, due: float) -> bool:
        """Give a claim back, due at a later time; False when it was not ours any more."""
        keys = [self.key("due"), self.key("claimed")]
        return bool(await self._done(keys=keys, args=[claim.member, f"{claim.ends:.3f}", f"{due:.3f}"]))

    async def sync(self, wanted: Mapping[str, tuple[float, int]], latest: Mapping[str, float] | None = None) -> None:
        """Let exactly these checks be scheduled: those that are there keep their time; `wanted`: first due, timeout.

        What is due later than `latest` was put there by a clock that was ahead: it is due as if it were new.
        """
        scored: Any = await self.client.zrange(self.key("due"), 0, -1, withscores=True)
        there = {str(member): float(due) for member, due in scored}
        gone = [member for member in there if member not in wanted]
        ahead = [member for member, due in there.items() if member in wanted and due > (latest or {}).get(member, math.inf)]
        async with self.client.pipeline(transaction=False) as pipeline:
            for member in gone:
                pipeline.zrem(self.key("due"), member)
                pipeline.hdel(self.key("claimed"), member)
                pipeline.hdel(self.key("patience"), member)
            for member in ahead:
                pipeline.zrem(self.key("due"), member)
                pipeline.hdel(self.key("claimed"), member)
            if wanted:
                pipeline.zadd(self.key("due"), {member: due for member, (due, _) in wanted.items()}, nx=True)
                pipeline.hset(self.key("patience"), mapping={member: timeout for member, (_, timeout) in wanted.items()})
            await pipeline.execute()

    async def alive(self, at: float) -> float:
        """Say that a runner is there; since when one has been, without a pause."""
        key = self.key("alive")
        last = await self.client.hmget(key, ["at", "since"])
        since = min(float(last[1]), at) if last[0] and last[1] and at - float(last[0]) < ALIVE_FOR else at
        await self.client.hset(key, mapping={"at": at, "since": since})
        return since

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()


@cache
def _client(url: str) -> redis.Redis:
    once = Retry(NoBackoff(), 1)  # whoever waits for a page does not wait for Valkey
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2, retry=once)


def client() -> redis.Redis:
    """Valkey, as the web server and the workers reach it."""
    return _client(settings.PLUMBLINE_MONITOR_URL)


def put(tenant_id: uuid.UUID, check_id: uuid.UUID, due: float | None) -> None:
    """Let a check be looked at from `due` on, or not at all; runners learn that it has changed. Call it after the commit.

    Where Valkey does not answer, a runner finds out within a minute by itself.
    """
    member = member_of(tenant_id, check_id)
    try:
        with client().pipeline(transaction=False) as pipeline:
            pipeline.hdel(PREFIX + "claimed", member)
            if due is None:
                pipeline.zrem(PREFIX + "due", member)
            else:
                pipeline.zadd(PREFIX + "due", {member: due})
            pipeline.hincrby(PREFIX + "changes", str(tenant_id), 1)
            pipeline.execute()
    except redis.RedisError as error:
        log.warning("The schedule of checks could not be told of a change: %s", error)


def postpone(tenant_id: uuid.UUID, check_id: uuid.UUID, due: float) -> None:
    """A call came: its silence counts from now on. The check itself has not changed."""
    member = member_of(tenant_id, check_id)
    try:
        with client().pipeline(transaction=False) as pipeline:
            pipeline.hdel(PREFIX + "claimed", member)
            pipeline.zadd(PREFIX + "due", {member: due})
            pipeline.execute()
    except redis.RedisError as error:
        log.warning("The schedule of checks could not be told of a call: %s", error)


def runner_seen(at: float) -> float | None:
    """How many seconds ago a runner said that it is there; None for never. Raises redis.RedisError."""
    last = client().hget(PREFIX + "alive", "at")
    return at - float(last) if last else None
