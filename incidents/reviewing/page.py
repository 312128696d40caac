"""What the page of an incident shows of its review."""

from typing import Any

from accounts.models import Member
from incidents.models import Incident, IncidentReview
from incidents.reviewing.actions import OVER, is_approved
from incidents.reviewing.rights import may_approve
from incidents.rights import may_work


def reviews_of(incident: Incident, member: Member) -> dict[str, Any] | None:
    """The `data` of templates/incidents/reviews.html; None while there is nothing to say."""
    rows = list(incident.reviews.select_related("author__user", "approved_by__user", "submitted_by__user"))
    works = may_work(member, incident)
    if not rows and not incident.is_grave and incident.status not in OVER:
        return None
    unfinished = any(row.status != IncidentReview.Status.APPROVED for row in rows)
    approved = is_approved(incident)
    return {
        "reviews": rows,
        "is_approved": approved,
        "due_on": None if approved else incident.review_due_on,
        "is_needed": incident.is_grave,
        "may_begin": works and not unfinished and incident.status != Incident.Status.DISMISSED,
        "to_approve": [row.pk for row in rows if row.status == "submitted" and may_approve(member, row, incident)],
    }
