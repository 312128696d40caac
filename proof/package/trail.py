"""The trail in a package: the events about what is in it, each with its place in the signed tree, and heads that lead there."""

import json
import uuid
from collections.abc import Collection, Iterator

from django.db.models import OuterRef, Subquery
from django.db.models.functions import TruncMonth

from audit.models import AuditEvent, AuditHead, AuditLeaf
from audit.seal.heads import Head
from audit.seal.levels import Levels
from audit.seal.testimony import KeptHead
from audit.seal.tree import consistency_proof, inclusion_proof

_BATCH = 5_000


class BrokenTrail(RuntimeError):
    """The leaves that are kept are not those of the head: nothing can be proven with them."""


class SealedTrail:
    """The active organization's tree as its latest head has it. Raises LookupError where nothing was sealed, and BrokenTrail."""

    def __init__(self) -> None:
        head = AuditHead.objects.order_by("-number").first()
        if head is None:
            raise LookupError
        self.head = head
        leaves = AuditLeaf.objects.filter(position__lt=head.size).order_by("position").values_list("leaf", flat=True)
        self.levels = Levels(bytes(leaf) for leaf in leaves.iterator(chunk_size=20_000))
        if self.levels.size != head.size or self.levels.root_of(0, head.size) != bytes(head.root):
            raise BrokenTrail

    def events(self, keys: Collection[uuid.UUID]) -> Iterator[bytes]:
        """A line for each event about these records, in the order of the tree: its text, its place and its proof."""
        position = AuditLeaf.objects.filter(pk=OuterRef("pk"), position__lt=self.head.size).values("position")
        about = AuditEvent.objects.filter(object_id__in=keys).annotate(position=Subquery(position[:1]))
        rows = about.filter(position__isnull=False).order_by("position").values_list("position", "body")
        for place, body in rows.iterator(chunk_size=_BATCH):
            proof = [step.hex() for step in inclusion_proof(place, self.head.size, self.levels.root_of)]
            yield _line({"body": body, "position": place, "proof": proof})

    def heads(self) -> Iterator[bytes]:
        """A line for each head: the first, the last of every month, those around a hand-over, and the latest.

        Each has the proof that the tree of the one before it begins its own.
        """
        before = 0
        for head in self._chosen():
            proof = consistency_proof(before, head.size, self.levels.root_of) if before else []
            told = json.loads(KeptHead(head.body, bytes(head.signature)).line)
            yield _line({**told, "consistency": [step.hex() for step in proof]})
            before = head.size

    def _chosen(self) -> Iterator[AuditHead]:
        last_of_months = AuditHead.objects.annotate(month=TruncMonth("at")).order_by("month", "-number").distinct("month")
        numbers = {1, self.head.number, *last_of_months.values_list("number", flat=True)}
        for number, body in AuditHead.objects.filter(body__contains='"hands_over_to"').values_list("number", "body"):
            if Head.read(body).hands_over_to is not None:
                numbers |= {number, number + 1}
        yield from AuditHead.objects.filter(number__in=numbers, number__lte=self.head.number).order_by("number")


def _line(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
