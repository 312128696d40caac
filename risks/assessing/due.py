"""When the next annual assessment is due."""

import datetime as dt

from risks.models import RiskAssessment

YEAR = dt.timedelta(days=365)
AHEAD = dt.timedelta(days=60)


def latest_approved() -> RiskAssessment | None:
    """The newest assessment that somebody has approved."""
    approved = RiskAssessment.objects.filter(status=RiskAssessment.Status.APPROVED)
    return approved.select_related("approved_by__user", "evidence").order_by("-as_of", "-approved_at").first()


def approved_before(year: int) -> RiskAssessment | None:
    """The approved one of the last year before this."""
    approved = RiskAssessment.objects.filter(status=RiskAssessment.Status.APPROVED, year__lt=year)
    return approved.order_by("-year").first()


def next_due(today: dt.date) -> dt.date | None:
    """The day by which the next is due, once it is within two months or past; none while one is being approved."""
    if RiskAssessment.objects.filter(status=RiskAssessment.Status.SUBMITTED).exists():
        return None
    last = latest_approved()
    due = last.as_of + YEAR if last and last.as_of else today
    return due if due - AHEAD <= today else None
