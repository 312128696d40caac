"""Tasks of incidents in the API."""

from typing import ClassVar

from django.db.models import QuerySet

from api.operations import Changes, Does
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds
from incidents.models import IncidentTask
from incidents.rights import EVERYBODY, visible_to
from incidents.todo import views


class IncidentTaskSerializer(RecordSerializer[IncidentTask]):
    """Something to be done because of an incident."""

    class Meta:
        model = IncidentTask
        fields: ClassVar[list[str]] = [
            "id", "incident", "kind", "title", "details", "owner", "due_on", "status", "added_by", "added_at", "ended_by",
            "ended_at", "outcome",
        ]  # fmt: skip


def seen(request: ApiRequest) -> QuerySet[IncidentTask]:
    """Tasks of incidents that the member sees."""
    return IncidentTask.objects.filter(incident__in=visible_to(request.member).values("pk"))


class IncidentTaskApi(Resource):
    """Tasks of incidents."""

    output = IncidentTaskSerializer
    tag = "Incidents"
    holds = False  # the action locks the incident before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One task.", rows=seen)
    partial_update = Changes(screen=views.TaskEdit)
    finish = Does(screen=views.TaskFinish)
    cancel = Does(screen=views.TaskCancel)
    reopen = Does(screen=views.TaskReopen)
