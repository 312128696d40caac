"""What findings do by themselves: acceptances end, and whoever a finding is with is reminded."""

import datetime as dt
from collections.abc import Iterator

from audit.actors import SCHEDULE
from controls.findings.actions import lapse
from controls.models import Finding
from tenancy.models import Organization
from ui.values import spelled
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Findings", "finding.remind", before=(7, 1))


def end_acceptances(organization: Organization, at: dt.datetime) -> None:
    """Open accepted findings again once their end has passed. Idempotent."""
    today = organization.day_of(at)
    for finding in Finding.objects.filter(status=Finding.Status.ACCEPTED, accepted_until__lt=today).order_by("pk"):
        lapse(finding, actor=SCHEDULE, reason=f"The acceptance ended on {spelled(finding.accepted_until)}.")


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to everybody who has a finding 7 days and a day before it is due, on the day after, and each week it is late."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    working = Finding.objects.filter(status__in=(Finding.Status.OPEN, Finding.Status.IN_REMEDIATION), owner__member__isnull=False)
    for one in working.filter(due_on__lte=today + REMINDING.longest).select_related("owner"):
        yield Due(one.owner.member_id, one, one.due_on)
