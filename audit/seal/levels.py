"""A whole tree in memory, 64 bytes for each leaf, to make proofs of many leaves from."""

import hashlib
from collections.abc import Iterable

from audit.seal.tree import HASH_BYTES, NODE, node_hash, split


class Levels:
    """The hashes of all perfect trees over `leaves`, level by level; `root_of` is what proofs ask (audit/seal/tree.py)."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        gathered = bytearray()
        for leaf in leaves:
            gathered += leaf
        level = bytes(gathered)
        self.size = len(level) // HASH_BYTES
        self._levels = [level]
        self._edges: dict[tuple[int, int], bytes] = {}
        while len(level) >= 2 * HASH_BYTES:
            level = _above(level)
            self._levels.append(level)

    def root_of(self, first: int, count: int) -> bytes:
        """The root over `count` leaves from `first` on. Whole trees are looked up; the edges of the last are worked out once."""
        if count & (count - 1) == 0 and first % count == 0:
            at = (first // count) * HASH_BYTES
            return self._levels[count.bit_length() - 1][at : at + HASH_BYTES]
        if (first, count) not in self._edges:
            left = split(count)
            self._edges[first, count] = node_hash(self.root_of(first, left), self.root_of(first + left, count - left))
        return self._edges[first, count]


def _above(level: bytes) -> bytes:
    pairs = len(level) // (2 * HASH_BYTES)
    above, width, sha256 = bytearray(pairs * HASH_BYTES), 2 * HASH_BYTES, hashlib.sha256
    for pair in range(pairs):
        above[pair * HASH_BYTES : (pair + 1) * HASH_BYTES] = sha256(NODE + level[pair * width : (pair + 1) * width]).digest()
    return bytes(above)
