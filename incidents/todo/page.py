"""What the page of an incident shows of its tasks."""

from typing import Any

from accounts.models import Member
from incidents.models import Incident, IncidentTask
from incidents.rights import may_work


def tasks_of(incident: Incident, member: Member) -> dict[str, Any]:
    """The `data` of templates/incidents/tasks.html: what is open first, then by day."""
    tasks = list(IncidentTask.objects.filter(incident=incident).select_related("owner__user", "ended_by__user"))
    tasks.sort(key=lambda one: (one.status != IncidentTask.Status.OPEN, one.due_on, one.added_at))
    done = sum(one.status == IncidentTask.Status.DONE for one in tasks)
    measures = sum(one.kind == IncidentTask.Kind.PREVENTIVE and one.status != IncidentTask.Status.CANCELLED for one in tasks)
    works = may_work(member, incident)
    return {
        "tasks": tasks,
        "done": done,
        "counted": sum(one.status != IncidentTask.Status.CANCELLED for one in tasks),
        "needs_measure": incident.is_grave and not measures and incident.status != Incident.Status.DISMISSED,
        "may_work": works,
        "may_add": works and incident.status != Incident.Status.DISMISSED,
    }
