"""What the page of an incident shows of its review."""

import datetime as dt
from typing import Any

from accounts.models import Member
from incidents.models import Incident, IncidentReview
from incidents.reviewing.actions import OVER, is_approved
from incidents.reviewing.rights import may_approve
from incidents.rights import may_work
from tenancy.models import current_organization


def reviews_of(incident: Incident, member: Member) -> dict[str, Any] | None:
    """The `data` of templates/incidents/reviews.html; None while there is nothing to say."""
    rows = list(incident.reviews.select_related("author__user", "approved_by__user", "submitted_by__user"))
    works = may_work(member, incident)
    if not rows and not incident.is_grave and incident.status not in OVER:
        return None
    unfinished = any(row.status != IncidentReview.Status.APPROVED for row in rows)
    approved = is_approved(incident)
    first = min((row.approved_at for row in rows if row.approved_at), default=None)
    return {
        "reviews": rows,
        "is_approved": approved,
        "differs": _differs(incident, rows),
        "due_on": incident.review_due_on,
        "approved_at": first,
        "late": _days_late(incident, first),
        "is_needed": incident.is_grave,
        "may_begin": works and not unfinished and incident.status != Incident.Status.DISMISSED,
        "to_approve": [row.pk for row in rows if row.status == "submitted" and may_approve(member, row, incident)],
    }


def _differs(incident: Incident, rows: list[IncidentReview]) -> IncidentReview | None:
    """The latest approved version, where it says another root cause than the incident does now."""
    latest = next((row for row in rows if row.status == IncidentReview.Status.APPROVED), None)
    return latest if latest is not None and latest.root_cause not in {"", incident.root_cause} else None


def _days_late(incident: Incident, approved_at: dt.datetime | None) -> int:
    """How many days after its day the first review was approved; 0 in time."""
    if approved_at is None or incident.review_due_on is None:
        return 0
    return max(0, (current_organization().day_of(approved_at) - incident.review_due_on).days)
