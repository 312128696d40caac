"""The Merkle tree of RFC 6962 (section 2.1) over the leaf hashes of a trail. Pure: hashes in, hashes out.

A tree of `size` leaves is kept as its peaks: the roots of the perfect trees that it consists of, the largest first, one for
each bit that is set in `size`. Appending and the root need no more. Proofs need the leaves, or the roots of their perfect trees.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
EMPTY = hashlib.sha256().digest()  # the root of a tree without leaves
_LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the data."""
    return hashlib.sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both halves."""
    return hashlib.sha256(NODE + left + right).digest()


@dataclass(slots=True)
class Tree:
    """A tree to append to. `peaks` has one hash for each bit set in `size`, the largest tree first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def kept(cls, size: int, peaks: bytes) -> "Tree":
        """The tree that was kept as `size` and its peaks one after the other. Raises ValueError when they do not fit."""
        if size < 0 or len(peaks) != HASH_BYTES * size.bit_count():
            raise ValueError(f"A tree of {size} leaves has {size.bit_count()} peaks.")
        return cls(size, [peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)])

    @property
    def packed(self) -> bytes:
        """Its peaks, one after the other."""
        return b"".join(self.peaks)

    @property
    def root(self) -> bytes:
        """Its hash (MTH of the RFC)."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        self.peaks.append(leaf)
        size = self.size
        while size & 1:
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)
            size >>= 1
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in their order."""
        for leaf in leaves:
            self.append(leaf)


Subtree = Callable[[int, int], bytes]


def subtrees_of(leaves: Sequence[bytes]) -> Subtree:
    """`function(first, count)`: the root over these leaves, each asked for once where it is asked for again."""
    known: dict[tuple[int, int], bytes] = {}

    def root_of(first: int, count: int) -> bytes:
        if count == 1:
            return leaves[first]
        if (first, count) not in known:
            left = split(count)
            known[first, count] = node_hash(root_of(first, left), root_of(first + left, count - left))
        return known[first, count]

    return root_of


def inclusion_proof(index: int, size: int, root_of: Subtree) -> list[bytes]:
    """The audit path of leaf `index` in the tree of the first `size` leaves (RFC 6962, 2.1.1). Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    path, first, count = [], 0, size
    while count > 1:
        left = split(count)
        if index - first < left:
            path.append(root_of(first + left, count - left))
            count = left
        else:
            path.append(root_of(first, left))
            first, count = first + left, count - left
    return path[::-1]


def consistency_proof(earlier: int, size: int, root_of: Subtree) -> list[bytes]:
    """That the tree of `earlier` leaves begins the tree of `size` (RFC 6962, 2.1.2). Raises ValueError."""
    if not 0 < earlier <= size:
        raise ValueError(f"A tree of {earlier} leaves does not begin one of {size}.")
    path, first, count, whole = [], 0, size, True
    while earlier - first != count:
        left = split(count)
        if earlier - first <= left:
            path.append(root_of(first + left, count - left))
            count = left
        else:
            path.append(root_of(first, left))
            first, count, whole = first + left, count - left, False
    return (path if whole else [*path, root_of(first, count)])[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that follows from an inclusion proof (RFC 9162, 2.1.3.2); None when the path does not fit."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(step, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(earlier: int, size: int, earlier_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a consistency proof shows that the one tree begins the other (RFC 9162, 2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not path and earlier_root == root
    steps = [earlier_root, *path] if earlier & (earlier - 1) == 0 else [*path]
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(steps) and _roots_from(steps, at, last) == (earlier_root, root)


def _roots_from(steps: Sequence[bytes], at: int, last: int) -> tuple[bytes, bytes] | None:
    """Both roots that follow from the steps of a consistency proof; None when they are too few or too many."""
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


def split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
