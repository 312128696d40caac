"""Whoever has a request is reminded of it."""

import datetime as dt
from collections.abc import Iterator

from controls.models import AuditRequest
from controls.models.request import WITH_TEAM
from tenancy.models import Organization
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Auditor's requests", "audit_request.remind", before=(7, 1))


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to everybody who has a request 7 days and a day before it is due, on the day after, and each week it is late."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    near = AuditRequest.objects.filter(
        status__in=WITH_TEAM, due_on__lte=today + REMINDING.longest, assignee__member__isnull=False
    )
    for one in near.select_related("assignee"):
        if one.assignee and one.assignee.member_id and one.due_on:
            yield Due(one.assignee.member_id, one, one.due_on)
