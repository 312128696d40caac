"""Tasks of incidents that wait for a member, and the mail that reminds of them."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Member
from incidents.models import IncidentTask
from incidents.rights import WORK, may_see, visible_to
from tenancy.models import Organization
from workflow.inbox import InboxEntry, Rows, beyond
from workflow.reminding import Due, Reminding

SHOWN = 50
REMINDING = Reminding("Tasks of incidents", "incident_task.remind", before=(1,))


def waiting(member: Member) -> Iterator[InboxEntry]:
    """What they are to do, by day."""
    if not member.can(WORK):
        return
    today, rows = member.organization.today(), theirs(member)
    for task in rows[:SHOWN]:
        url = f"{task.incident.get_absolute_url()}#task-{task.pk}"
        why = "it prevents another" if task.kind == IncidentTask.Kind.PREVENTIVE else "it is your task"
        late, shared = task.is_late(today), not task.incident.confidential
        yield InboxEntry(_named(task), url, why, task.due_on, overdue=late, delegable=shared)
    yield from beyond(rows, "tasks of incidents", reverse("incidents:list"), today)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(WORK):
        yield theirs(member)


def theirs(member: Member) -> QuerySet[IncidentTask]:
    """Open tasks of a member in incidents that they see."""
    mine = IncidentTask.objects.filter(owner=member.pk, status=IncidentTask.Status.OPEN)
    seen = visible_to(member).values("pk")
    return mine.filter(incident__in=seen).select_related("incident").order_by("due_on", "added_at", "id")


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to whoever has a task on the day before it is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    near = IncidentTask.objects.filter(status=IncidentTask.Status.OPEN, due_on__lte=today + REMINDING.longest)
    for task in near.select_related("incident", "owner__user", "owner__organization"):
        if may_see(task.owner, task.incident):  # it may have become confidential since
            yield Due(task.owner_id, task, task.due_on)


def _named(task: IncidentTask) -> str:
    """A task as it stands in a list and in a mail: of a confidential incident without its words."""
    if task.incident.confidential:
        return f"A task of {task.incident.reference}, which is confidential"
    return f"{task.incident.reference}: {task.title}"
