"""What risks do by themselves: acceptances end, and people are reminded of what is due."""

import datetime as dt
from collections.abc import Iterator

from audit.actors import SCHEDULE
from risks.models import Risk, RiskTask
from risks.register.treating import lapse
from tenancy.models import Organization
from ui.values import spelled
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Risks and their tasks", "risk.remind", before=(30, 7, 1))


def end_acceptances(organization: Organization, at: dt.datetime) -> None:
    """Open accepted ones again once their end has passed. Idempotent."""
    today = organization.day_of(at)
    ended = Risk.objects.filter(status=Risk.Status.ACCEPTED, accepted_until__lt=today).order_by("pk")
    for one in ended:
        lapse(one, actor=SCHEDULE, reason=f"The acceptance ended on {spelled(one.accepted_until)}.")


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to whoever has a risk to review or a task: 30, 7 days and a day before, the day after, each week it is late."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    soon = today + REMINDING.longest
    risks = Risk.objects.exclude(status=Risk.Status.CLOSED).filter(owner__member__isnull=False, next_review_on__lte=soon)
    for one in risks.select_related("owner"):
        yield Due(one.owner.member_id, one, one.next_review_on)
    tasks = RiskTask.objects.filter(status=RiskTask.Status.OPEN, owner__member__isnull=False, due_on__lte=soon)
    for task in tasks.select_related("owner"):
        yield Due(task.owner.member_id, task, task.due_on)
