"""One root cause: that of the incident. A draft of the review edits it, and what was approved keeps what it said.

Of an incident that is over the cause is what was approved: another one becomes the incident's when its review is approved.
"""

from dataclasses import dataclass

from audit.actors import Actor
from incidents.models import Incident, IncidentReview
from workflow.changes import change

Status = IncidentReview.Status
FIELD = "root_cause"
_WHY = {
    Status.DRAFT: "The incident is over: what is written here becomes its root cause once this version is approved.",
    Status.SUBMITTED: "This version says another root cause than the incident does now.",
    Status.APPROVED: "The root cause of the incident was changed after this version was approved.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a version and the incident do not say the same: why, and both in the order in which they were written."""

    why: str
    before: dict[str, str]
    after: dict[str, str]


def put(review: IncidentReview, actor: Actor) -> None:
    """What a draft says is the incident's. Part of a caller's action."""
    if not review.incident.is_over:
        change(review.incident, "incident.edit", actor=actor, fields={FIELD: review.root_cause})


def follow(incident: Incident, verb: str, actor: Actor, _note: str) -> None:
    """What is said at the incident is the draft's. A hook."""
    if verb not in {"incident.edit", Incident.RESOLVE.verb}:
        return
    for draft in incident.reviews.filter(status=Status.DRAFT):
        change(draft, "incident_review.write", actor=actor, fields={FIELD: incident.root_cause})


def difference(review: IncidentReview) -> Difference | None:
    """What a version and the incident say, where they differ; None where they say the same, or the version nothing."""
    incident = review.incident
    if not review.root_cause or review.root_cause == incident.root_cause:
        return None
    said = [{"Root cause": review.root_cause}, {"Root cause": incident.root_cause}]
    before, after = said[::-1] if review.status == Status.DRAFT else said
    return Difference(_WHY[Status(review.status)], before, after)
