"""UUIDv7 keys: ordered by time, so that indexes grow at one end (RFC 9562, section 5.7)."""

import os
import time
import uuid

_MARKS = 0x7 << 76 | 0b10 << 62  # version and variant
_RANDOM = 0xFFF << 64 | (1 << 62) - 1


def uuid7() -> uuid.UUID:
    """A UUID whose first 48 bits are the Unix time in milliseconds; its SQL twin is uuid_v7()."""
    milliseconds = (time.time_ns() // 1_000_000) & 0xFFFFFFFFFFFF
    random = int.from_bytes(os.urandom(10)) & _RANDOM
    return uuid.UUID(int=milliseconds << 80 | _MARKS | random)
