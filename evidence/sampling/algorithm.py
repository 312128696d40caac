"""plumbline-sample-1: the draw that anybody can do again. docs/controls.md specifies it byte for byte, with test vectors.

A published algorithm never changes: a better one gets the next number and is added beside it.
"""

import hashlib
import heapq
import unicodedata
from collections.abc import Iterable

ALGORITHM = "plumbline-sample-1"


def rank(seed: str, key: str) -> bytes:
    """SHA-256 over the seed in UTF-8, one zero byte, and the key in UTF-8: 32 bytes."""
    return hashlib.sha256(seed.encode() + b"\x00" + key.encode()).digest()


def draw(seed: str, keys: Iterable[str], size: int) -> list[str]:
    """The `size` keys with the lowest rank, lowest first, compared byte by byte; all of them when there are fewer."""
    return heapq.nsmallest(size, keys, key=lambda key: rank(seed, key))


def normal_seed(typed: str) -> str:
    """The seed as it is used and kept: Unicode in composed form (NFC), without white space at its ends."""
    return unicodedata.normalize("NFC", typed).strip()
