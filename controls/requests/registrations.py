"""The place of the request list in the frame, in everybody's work, in the schedule and behind the evidence."""

import uuid
from collections.abc import Iterator

from controls.models import AuditRequest, RequestProof
from controls.requests.giving import evidence_changed
from controls.requests.inbox import about, waiting
from controls.requests.periodic import remind
from evidence.hooks import on_changed
from evidence.links import Proof, register_proofs
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.personal import register_naming
from workflow.schedule import register_periodic


def proofs(evidence_id: uuid.UUID) -> Iterator[Proof]:
    """The requests that an item was given to."""
    rows = RequestProof.objects.filter(evidence=evidence_id, status=RequestProof.Status.LINKED).select_related("request")
    for row in rows.order_by("request__place"):
        name = f"{row.request.reference} {row.request.title}"
        yield Proof("Auditor's request", name, row.request.get_absolute_url(), row.request.get_status_display())


def register() -> None:
    """Fill the registries."""
    register_place("audit", "Requests", "controls:request-list", "requests.read", order=10)
    register_naming(AuditRequest, "requested_by")
    register_inbox(waiting, about)
    register_periodic("controls.remind_of_requests", remind)
    register_proofs(proofs)
    on_changed(evidence_changed)
