"""What vulnerabilities do by themselves: acceptances end, and people are reminded of what is due."""

import datetime as dt
from collections.abc import Iterator

from audit.actors import SCHEDULE
from tenancy.models import Organization
from ui.values import spelled
from vulnerabilities.handling.actions import lapse
from vulnerabilities.models import ScanScope, Vulnerability
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Vulnerabilities and scans", "vulnerability.remind", before=(7, 1))


def end_acceptances(organization: Organization, at: dt.datetime) -> None:
    """Open accepted ones again once their end has passed. Idempotent."""
    today = organization.day_of(at)
    ended = Vulnerability.objects.filter(status=Vulnerability.Status.ACCEPTED, accepted_until__lt=today).order_by("pk")
    for one in ended:
        lapse(one, actor=SCHEDULE, reason=f"The acceptance ended on {spelled(one.accepted_until)}.")


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to whoever has a vulnerability or a late scan: 7 days and a day before, the day after, and each week it is late."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    soon = today + REMINDING.longest
    open_ones = Vulnerability.objects.filter(status=Vulnerability.Status.OPEN, owner__member__isnull=False, due_on__lte=soon)
    for one in open_ones.select_related("owner"):
        yield Due(one.owner.member_id, one, one.due_on)
    late = ScanScope.objects.filter(status=ScanScope.Status.ACTIVE, owner__member__isnull=False, next_due_on__lt=today)
    for scope in late.select_related("owner"):
        yield Due(scope.owner.member_id, scope, scope.next_due_on)
