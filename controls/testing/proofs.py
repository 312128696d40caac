"""What an item of evidence shows of tests, for its page."""

import uuid
from collections.abc import Iterator

from controls.models import ControlTestEvidence
from evidence.links import Proof
from ui.values import spelled


def proofs(evidence_id: uuid.UUID) -> Iterator[Proof]:
    """The tests of controls that rest on an item, the latest first."""
    rows = ControlTestEvidence.objects.filter(evidence=evidence_id).select_related("test__control")
    for row in rows.order_by("-test__tested_on", "pk"):
        test = row.test
        superseded = ", superseded" if test.status == test.Status.SUPERSEDED else ""
        detail = f"{spelled(test.tested_on)}: {test.get_result_display().lower()}{superseded}"
        yield Proof("Test", f"Test of {test.control}", test.get_absolute_url(), detail)
