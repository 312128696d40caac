"""The tree against the heads: the leaves in their order have to give the root of each head."""

from collections.abc import Iterator

from django.db import connection

from audit.models import AuditHead, AuditLeaf
from audit.seal.checking.verdict import Fault, Kind, Verdict
from audit.seal.tree import Tree
from tenancy.scope import current_tenant_id

_BATCH = 20_000
# The first event, between two heads, that stands before one of an earlier transaction, or before one written earlier in its own.
_OUT_OF_ORDER = """
SELECT position, id FROM (
  SELECT l.position, l.id, (e.xid, e.at, e.id) < lag((e.xid, e.at, e.id)) OVER (ORDER BY l.position) AS back
  FROM audit_auditleaf l JOIN audit_event e ON e.tenant_id = l.tenant_id AND e.at = l.at AND e.id = l.id
  WHERE l.tenant_id = %s AND l.position >= %s AND l.position < %s
) AS ordered WHERE back ORDER BY position LIMIT 1
"""


def check_tree(verdict: Verdict) -> None:
    """Grow the tree leaf by leaf and compare it at each head; names the first place where they part."""
    walk = _Walk(verdict)
    for position, leaf in _leaves():
        if position != walk.tree.size:
            words = f"The places {walk.tree.size} to {position - 1} in the tree are gone, with their events."
            verdict.add(Fault(Kind.MISSING, words, position=walk.tree.size))
            return
        walk.tree.append(leaf)
        walk.compare()
    if walk.head is not None:
        words = f"Head {walk.head[0]} is over {walk.head[1]:,} events; there are {walk.tree.size:,} in the tree."
        verdict.add(Fault(Kind.TRUNCATED, words, position=walk.tree.size, head=walk.head[0]))
    elif walk.tree.size > walk.good:
        words = f"The tree has {walk.tree.size - walk.good:,} more events than any head is over."
        verdict.add(Fault(Kind.TRUNCATED, words, position=walk.good))


class _Walk:
    """The tree as it grows, the head (number, size, root) that comes next, and the size until which they agree."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict, self.tree, self.good, self.parted = verdict, Tree(), 0, False
        self._heads = iter(AuditHead.objects.order_by("number").values_list("number", "size", "root").iterator(chunk_size=2_000))
        self.head: tuple[int, int, bytes | memoryview[int]] | None = next(self._heads, None)
        self.compare()

    def compare(self) -> None:
        """Compare the tree with every head over as many events."""
        while self.head is not None and self.head[1] == self.tree.size:
            number, size, root = self.head
            self.parted = self.parted or self._parts(number, bytes(root))
            self.good, self.head = size, next(self._heads, None)

    def _parts(self, number: int, root: bytes) -> bool:
        """Whether the tree parts from a head here."""
        if self.tree.root == root:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_OUT_OF_ORDER, [str(current_tenant_id()), self.good, self.tree.size])
            found = cursor.fetchone()
        if found:
            words = f"It does not stand where it was sealed; head {number} is over another order."
            self.verdict.add(Fault(Kind.REORDERED, words, event=found[1], position=found[0], head=number))
        else:
            event = AuditLeaf.objects.filter(position=self.good).values_list("id", flat=True).first()
            where = f"the events at {self.good:,} to {self.tree.size - 1:,}"
            words = f"One of {where} is not what was sealed under head {number}; this is the first of them."
            self.verdict.add(Fault(Kind.ALTERED, words, event=event, position=self.good, head=number))
        return True


def _leaves() -> Iterator[tuple[int, bytes]]:
    rows = AuditLeaf.objects.order_by("position").values_list("position", "leaf").iterator(chunk_size=_BATCH)
    for position, leaf in rows:
        yield position, bytes(leaf)
