"""What is due next, of all organizations, in one sorted set of Valkey: asked every few seconds, it costs one look.

The database is the truth. The set only says where to look: what is lost with Valkey is put back by the tick, and what a
killed worker had taken comes back when its lease ends.
"""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

import redis
from django.conf import settings
from django.db import transaction

from tenancy.scope import current_tenant_id

log = logging.getLogger(__name__)
KEY = "plumbline:alarms:due"
LEASE = 40  # seconds in which whoever has taken something is to be done with it
MOST = 500

_TAKE = """
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, member in ipairs(found) do redis.call('ZADD', KEYS[1], ARGV[1] + ARGV[2], member) end
return found
"""


@dataclass(frozen=True, slots=True)
class Due:
    """Something of an organization that is to be looked at: an escalation or a delivery."""

    tenant_id: uuid.UUID
    kind: str
    id: uuid.UUID

    @property
    def member(self) -> str:
        """Its name in the set."""
        return f"{self.tenant_id}:{self.kind}:{self.id}"


def put(kind: str, key: uuid.UUID, at: datetime | None) -> None:
    """After the commit, let something be looked at from `at` on, or not any more."""
    due = Due(current_tenant_id(), kind, key)
    transaction.on_commit(partial(_put, due, at.timestamp() if at else None))


def taken() -> list[Due]:
    """What is due, leased to the caller. Empty where Valkey does not answer: the tick looks into the database."""
    try:
        members = _client(settings.REDIS_URL).eval(_TAKE, 1, KEY, time.time(), LEASE, MOST)
    except redis.RedisError as error:
        log.warning("What is due could not be asked for: %s", error)
        return []
    return [Due(uuid.UUID(tenant), kind, uuid.UUID(key)) for tenant, kind, key in (one.split(":") for one in members)]


def forget(due: Due) -> None:
    """It is of no organization that is there."""
    _put(due, None)


def _put(due: Due, at: float | None) -> None:
    client = _client(settings.REDIS_URL)
    try:
        if at is None:
            client.zrem(KEY, due.member)
        else:
            client.zadd(KEY, {due.member: at})
    except redis.RedisError as error:
        log.warning("What is due could not be noted: %s", error)


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
