"""Reminding people of violations that are with them."""

import datetime as dt
from collections.abc import Iterator

from policies.models import Violation
from tenancy.models import Organization
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Violations of policies", "violation.remind", before=(7, 1))


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write 7 days and a day before one is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    rows = Violation.objects.filter(status=Violation.Status.OPEN, owner__member__isnull=False)
    for one in rows.filter(due_on__lte=today + REMINDING.longest).select_related("owner").order_by("due_on", "pk"):
        if one.owner is not None and one.owner.member_id is not None:
            yield Due(one.owner.member_id, one, one.due_on)
