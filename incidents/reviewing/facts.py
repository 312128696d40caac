"""What the audit binder is told of incidents: those that reviews say are disclosed in the system description."""

import datetime as dt
from collections.abc import Iterator

from controls.binder.facts import Fact, Outcome
from controls.models import AuditPeriod
from incidents.models import IncidentReview
from tenancy.models import current_organization


def disclosed(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Incidents of the period that an approved review discloses, each in the words of its review; the latest version holds."""
    organization = current_organization()
    until = organization.end_of(period.ends_on)
    since = organization.end_of(period.starts_on - dt.timedelta(days=1))
    approved = IncidentReview.objects.filter(
        status=IncidentReview.Status.APPROVED, incident__reported_at__gte=since, incident__reported_at__lt=until
    )
    latest: dict[object, IncidentReview] = {}
    for review in approved.select_related("incident").order_by("number"):
        latest[review.incident_id] = review
    for review in sorted(latest.values(), key=lambda one: one.incident.reference):
        if review.disclose == IncidentReview.Answer.YES:
            yield Fact(Outcome.HOLDS, f"{review.incident.reference}: {review.disclose_note}", review.get_absolute_url())
