"""The roadmap in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from controls.models import Roadmap, RoadmapTask
from controls.roadmap import actions, views
from controls.roadmap.listing import RoadmapPage, phases_of
from tenancy.models import current_organization


class PhaseSerializer(serializers.Serializer[Any]):
    """How far a phase is: done of those that were not dropped."""

    phase = serializers.IntegerField()
    name = serializers.CharField(source="label")
    ends_on = serializers.DateField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    late = serializers.IntegerField()


class RoadmapSerializer(RecordSerializer[Roadmap]):
    """What has to be done until the audit of a period; `run` is the latest analysis it was made from."""

    phases = serializers.SerializerMethodField()

    class Meta:
        model = Roadmap
        fields: ClassVar[list[str]] = ["id", "period", "run", "starts_on", "created_at", "phases"]

    @extend_schema_field(PhaseSerializer(many=True))
    def get_phases(self, roadmap: Roadmap) -> Any:
        """Each phase, one query for a roadmap: an organization has one for each audit."""
        today = current_organization().today()
        return PhaseSerializer(phases_of(roadmap, today), many=True).data


class TaskSerializer(RecordSerializer[RoadmapTask]):
    """One thing to do in a phase."""

    class Meta:
        model = RoadmapTask
        fields: ClassVar[list[str]] = [
            "id", "roadmap", "phase", "title", "detail", "control", "criterion", "priority", "owner", "due_on", "status",
            "done_by", "done_at", "reason",
        ]  # fmt: skip


def _roadmaps(request: ApiRequest) -> QuerySet[Roadmap]:
    return Roadmap.objects.all()


def _done(request: ApiRequest, task: RoadmapTask) -> None:
    views.finish(request.member, task)


def _reopen(request: ApiRequest, task: RoadmapTask) -> None:
    actions.reopen_task(task, actor=request.member)


class RoadmapApi(Resource):
    """Roadmaps. One is made from a gap analysis."""

    output = RoadmapSerializer
    tag = "Roadmap"
    list = Gathers(permission="controls.read", summary="The roadmap of each audit period.", rows=_roadmaps)
    retrieve = Finds(permission="controls.read", summary="One roadmap.", rows=_roadmaps)
    add = Does(screen=views.TaskCreate, output=TaskSerializer, status=201)


class TaskApi(Resource):
    """Tasks of the roadmap of a period (`period` in the address, else the present one)."""

    output = TaskSerializer
    tag = "Roadmap"
    list = Lists(screen=RoadmapPage, filters=("phase", "state", "due", "whose", "priority"), also=("period",))
    retrieve = Shows(screen=views.TaskDetail, summary="One task.")
    partial_update = Changes(screen=views.TaskEdit)
    drop = Does(screen=views.TaskDrop)
    done = Acts(permission=views.EVERYBODY, summary="Mark it as done.", do=_done)
    reopen = Acts(permission="controls.write", summary="Open it again.", do=_reopen)
