"""Mail about reviews that are due: to whoever writes one, or whose the incident is while nobody does."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from incidents.models import Incident, IncidentReview
from incidents.rights import may_see
from tenancy.models import Organization
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Reviews of incidents", "incident.remind_of_review", (1,))


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write on the day before a review is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    versions = IncidentReview.objects.filter(incident=OuterRef("pk"))
    done = versions.filter(status=IncidentReview.Status.APPROVED, reopened=OuterRef("times_reopened"))
    waits = versions.filter(status=IncidentReview.Status.SUBMITTED)  # for those who approve: they were told
    rows = Incident.objects.filter(status=Incident.Status.RESOLVED, review_due_on__lte=today + REMINDING.longest)
    drafts = IncidentReview.objects.filter(incident__in=rows.values("pk"), status=IncidentReview.Status.DRAFT)
    writers = {one.incident_id: one.author for one in drafts.select_related("author__user", "author__organization")}
    open_ones = rows.exclude(Exists(done)).exclude(Exists(waits)).order_by("review_due_on", "pk")
    for incident in open_ones.select_related("assigned_to__user", "assigned_to__organization"):
        member = writers.get(incident.pk) or incident.assigned_to
        if member is not None and incident.review_due_on is not None and may_see(member, incident):
            yield Due(member.pk, incident, incident.review_due_on)
