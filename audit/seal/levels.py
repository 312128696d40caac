"""A whole tree in memory, 64 bytes for each leaf, to make proofs of many leaves from."""

import hashlib
from collections.abc import Iterable

from audit.seal.tree import HASH_BYTES, node_hash

_NODE = b"\x01"


class Levels:
    """The hashes of all perfect trees over `leaves`, level by level; `root_of` is what proofs ask (audit/seal/tree.py)."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = bytearray()
        for leaf in leaves:
            level += leaf
        self.size = len(level) // HASH_BYTES
        self._levels = [level]
        while len(level) >= 2 * HASH_BYTES:
            level = _above(level)
            self._levels.append(level)

    def root_of(self, first: int, count: int) -> bytes:
        """The root over `count` leaves from `first` on. Whole trees are looked up; only the edge of the last is worked out."""
        whole = count & (count - 1) == 0 and first % count == 0
        if whole:
            at = (first // count) * HASH_BYTES
            return bytes(self._levels[count.bit_length() - 1][at : at + HASH_BYTES])
        left = 1 << (count - 1).bit_length() - 1
        return node_hash(self.root_of(first, left), self.root_of(first + left, count - left))


def _above(level: bytearray) -> bytearray:
    pairs = len(level) // (2 * HASH_BYTES)
    above, width, sha256 = bytearray(pairs * HASH_BYTES), 2 * HASH_BYTES, hashlib.sha256
    for pair in range(pairs):
        above[pair * HASH_BYTES : (pair + 1) * HASH_BYTES] = sha256(_NODE + level[pair * width : (pair + 1) * width]).digest()
    return above
