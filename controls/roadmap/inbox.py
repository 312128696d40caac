"""What of the roadmap waits for a member: their tasks that are due within a month, or late."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Member
from controls.models import RoadmapTask
from controls.roadmap.rights import mine
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond

AHEAD = dt.timedelta(days=30)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own, one by one; tasks of closed periods wait for nobody."""
    if not member.can("occurrences.perform"):
        return
    today = member.organization.today()
    own = _own(member).order_by("due_on", "pk")
    shown = list(own[:SHOWN])
    for task in shown:
        why = "a task of the roadmap that is with you"
        yield InboxEntry(task.title, task.get_absolute_url(), why, task.due_on, overdue=task.due_on < today)
    if len(shown) == SHOWN:
        yield from beyond(own, "tasks of the roadmap", f"{reverse('controls:roadmap')}?whose=me", today)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can("occurrences.perform"):
        yield _own(member)


def _own(member: Member) -> QuerySet[RoadmapTask]:
    until = member.organization.today() + AHEAD
    due = RoadmapTask.objects.filter(mine(member), status=RoadmapTask.Status.OPEN, due_on__lte=until)
    return due.filter(roadmap__period__status="open")
