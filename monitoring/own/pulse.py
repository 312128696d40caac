"""Whether the parts of the product are alive: each leaves a mark in Valkey, and whoever asks looks how old it is."""

from typing import Any

from monitoring.running.schedule import PREFIX, client

BEAT_EVERY = 30  # seconds
BEAT_FOR = 150.0  # seconds after which the scheduler, or every worker, is taken to be down
QUEUE = "celery"


def mark_beat(at: float) -> None:
    """A task of the scheduler was done. Raises redis.RedisError."""
    client().hset(PREFIX + "pulse", "beat", str(at))


def beat_age(at: float) -> float | None:
    """Seconds since the last one; None for never. Raises redis.RedisError."""
    last: Any = client().hget(PREFIX + "pulse", "beat")
    return at - float(last) if last else None


def queue_length() -> int:
    """Tasks that wait for a worker. Raises redis.RedisError."""
    length: Any = client().llen(QUEUE)
    return int(length)


def schedule_state(at: float) -> tuple[int, float]:
    """How many looks are scheduled, and by how many seconds the most overdue one is late. Raises redis.RedisError."""
    count: Any = client().zcard(PREFIX + "due")
    first: Any = client().zrange(PREFIX + "due", 0, 0, withscores=True)
    return int(count), max(0.0, at - float(first[0][1])) if first else 0.0
