"""The trail in a package: the events about what is in it, each with its place in the signed tree, and heads that lead there."""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterator

from django.db.models import Max, Min, OuterRef, Subquery
from django.db.models.functions import TruncMonth

from audit.masking import with_masks
from audit.models import AuditEvent, AuditHead, AuditLeaf
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
        """A line for each event about these records, in the order of the tree: its text, its place and its proof.

        Of an event by or about somebody who was erased there is the hash of its text alone.
        """
        position = AuditLeaf.objects.filter(pk=OuterRef("pk"), position__lt=self.head.size).values("position")
        about = with_masks(AuditEvent.objects.filter(object_id__in=keys)).annotate(position=Subquery(position[:1]))
        rows = about.filter(position__isnull=False).order_by("position")
        for place, body, leaf, *masks in rows.values_list("position", "body", "leaf", "actor_mask", "object_mask").iterator(
            chunk_size=_BATCH
        ):
            proof = [step.hex() for step in inclusion_proof(place, self.head.size, self.levels.root_of)]
            told = {"leaf": bytes(leaf).hex()} if any(masks) else {"body": body}
            yield _line({**told, "position": place, "proof": proof})

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
        heads = AuditHead.objects.filter(number__lte=self.head.number).order_by()
        months = heads.annotate(month=TruncMonth("at", tzinfo=dt.UTC)).values("month").annotate(last=Max("number"))
        keys = heads.values("public").annotate(first=Min("number"))
        numbers = {1, self.head.number, *(row["last"] for row in months)}
        numbers |= {row["first"] - back for row in keys for back in (0, 1)}  # who hands over, and who takes over
        yield from heads.filter(number__in=numbers).order_by("number")


def _line(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
