"""How often something was done lately, counted in the cache; whoever does it too often is refused elsewhere."""

import time

from django.core.cache import cache

MINUTE = 60


def count_up(key: str, seconds: int, many: int = 1) -> int:
    """How often this was counted since it was first, up to so many seconds ago; with the `many` of now."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key, many)
    except ValueError:  # it ended just now
        return many


def count_in_minute(name: str, many: int = 1) -> int:
    """How often this was counted in the minute at hand, with the `many` of now."""
    return count_up(_key(name), 2 * MINUTE, many)


def counted_in_minute(name: str) -> int:
    """How often this was counted in the minute at hand."""
    found: int = cache.get(_key(name), 0)
    return found


def later() -> dict[str, str]:
    """The header that says when the minute at hand is over."""
    return {"Retry-After": str(max(1, round((minute() + 1) * MINUTE - time.time())))}


def minute() -> int:
    """The minute at hand, counted from 1970."""
    return int(time.time() // MINUTE)


def _key(name: str) -> str:
    return f"{name}:{minute()}"
