"""What an item of evidence shows of findings, for its page."""

import uuid
from collections.abc import Iterator

from controls.models import FindingEvidence
from evidence.links import Proof


def proofs(evidence_id: uuid.UUID) -> Iterator[Proof]:
    """The findings that were put right with an item."""
    rows = FindingEvidence.objects.filter(evidence=evidence_id, status=FindingEvidence.Status.LINKED)
    for row in rows.select_related("finding").order_by("finding__reference"):
        finding = row.finding
        name = f"{finding.reference} {finding.title}"
        yield Proof("Finding", name, finding.get_absolute_url(), finding.get_status_display())
