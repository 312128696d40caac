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
    tree, heads = (
        Tree(),
        iter(AuditHead.objects.order_by("number").values_list("number", "size", "root").iterator(chunk_size=2_000)),
    )
    good, parted = 0, False
    number, size, root = next(heads, (0, 0, b""))
    for position, leaf in _leaves():
        if position != tree.size:
            words = f"The places {tree.size} to {position - 1} in the tree are gone, with their events."
            verdict.add(Fault(Kind.MISSING, words, position=tree.size))
            return
        while number and tree.size == size:
            parted = parted or _compare(verdict, tree, number, bytes(root), good)
            good = size
            number, size, root = next(heads, (0, 0, b""))
        tree.append(leaf)
    while number and tree.size == size:
        parted = parted or _compare(verdict, tree, number, bytes(root), good)
        good = size
        number, size, root = next(heads, (0, 0, b""))
    if number:
        words = f"Head {number} is over {size:,} events; there are {tree.size:,} in the tree."
        verdict.add(Fault(Kind.TRUNCATED, words, position=tree.size, head=number))
    elif tree.size > good:
        words = f"The tree has {tree.size - good:,} more events than any head is over."
        verdict.add(Fault(Kind.TRUNCATED, words, position=good))


def _compare(verdict: Verdict, tree: Tree, number: int, root: bytes, good: int) -> bool:
    """Whether the tree parts from a head here; `good` is the size until which it agreed."""
    if tree.root == root:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_OUT_OF_ORDER, [str(current_tenant_id()), good, tree.size])
        found = cursor.fetchone()
    if found:
        words = f"It does not stand where it was sealed; head {number} is over another order."
        verdict.add(Fault(Kind.REORDERED, words, event=found[1], position=found[0], head=number))
    else:
        event = AuditLeaf.objects.filter(position=good).values_list("id", flat=True).first()
        where = f"the events at {good:,} to {tree.size - 1:,}"
        words = f"One of {where} is not what was sealed under head {number}; this is the first of them."
        verdict.add(Fault(Kind.ALTERED, words, event=event, position=good, head=number))
    return True


def _leaves() -> Iterator[tuple[int, bytes]]:
    rows = AuditLeaf.objects.order_by("position").values_list("position", "leaf").iterator(chunk_size=_BATCH)
    for position, leaf in rows:
        yield position, bytes(leaf)
