"""Tasks of incidents that wait for a member, and the mail that reminds of them."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from incidents.models import IncidentTask
from incidents.rights import WORK, visible_to
from tenancy.models import Organization
from workflow.digests import MORNING, latest_milestone, reminded_since, send_digest
from workflow.inbox import InboxEntry, Rows, beyond

SHOWN = 50
BEFORE = 1  # days before it is due


def waiting(member: Member) -> Iterator[InboxEntry]:
    """What they are to do, by day."""
    if not member.can(WORK):
        return
    today, rows = member.organization.today(), theirs(member)
    for task in rows[:SHOWN]:
        url = f"{task.incident.get_absolute_url()}#task-{task.pk}"
        why = "it prevents another" if task.kind == IncidentTask.Kind.PREVENTIVE else "it is your task"
        yield InboxEntry(_named(task), url, why, task.due_on, overdue=task.is_late(today))
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
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    near = IncidentTask.objects.filter(status=IncidentTask.Status.OPEN, due_on__lte=today + dt.timedelta(days=BEFORE))
    owed: dict[uuid.UUID, list[IncidentTask]] = defaultdict(list)
    for task in near:
        owed[task.owner_id].append(task)
    members = Member.objects.active().filter(pk__in=owed).select_related("user", "organization")
    reminded = [task for member in members if _write(member, owed[member.pk], today) for task in owed[member.pk]]
    if reminded:
        _note(reminded, today)


def _write(member: Member, tasks: list[IncidentTask], today: dt.date) -> bool:
    latest = max(day for one in tasks if (day := latest_milestone(one.due_on, today, [BEFORE])))
    if reminded_since(member.pk, latest, today):
        return False
    late = sum(one.is_late(today) for one in tasks)
    number, state = (late, "overdue") if late else (len(tasks), "due soon")
    subject = f"Tasks of incidents: 1 is {state}" if number == 1 else f"Tasks of incidents: {number:,} are {state}"
    return send_digest(member, subject, today)


@action
def _note(reminded: list[IncidentTask], today: dt.date) -> None:
    kind = IncidentTask._meta.label_lower
    entries = [Entry(kind, one.pk, str(one), metadata={"day": today}) for one in reminded]
    record_many("incident_task.remind", actor=SCHEDULE, entries=entries)


def _named(task: IncidentTask) -> str:
    """A task as it stands in a list and in a mail: of a confidential incident without its words."""
    if task.incident.confidential:
        return f"A task of {task.incident.reference}, which is confidential"
    return f"{task.incident.reference}: {task.title}"
