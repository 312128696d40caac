"""Gap analyses in the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.operations import Acts, Creates, Lists, Serves, Shows, Tells
from api.problems import Refused
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from controls.gaps import views
from controls.gaps.difference import Difference, difference
from controls.gaps.kept import pdf_of
from controls.gaps.listing import GapList
from controls.gaps.reading import before, snapshot_of
from controls.models import GapRun, Roadmap
from controls.models.control import Priority
from controls.models.state import Design
from controls.roadmap.actions import make_roadmap
from controls.roadmap.api import RoadmapSerializer
from evidence.downloads import REPORT, take_away


class GapRunSerializer(RecordSerializer[GapRun]):
    """A gap analysis: its few figures, and the hash of the file that holds all of it."""

    sha256 = serializers.CharField(source="file.sha256", help_text="Of the JSON, as it is kept.")

    class Meta:
        model = GapRun
        fields: ClassVar[list[str]] = [
            "id", "reference", "period", "as_of", "quarter", "implemented", "in_scope", "gaps", "critical_gaps", "inputs_digest",
            "sha256", "evidence", "made_by", "made_at",
        ]  # fmt: skip


class GapSerializer(serializers.Serializer[Any]):
    """A control that is not in place, or a criterion that no control answers (`control` is empty then)."""

    control = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    owner = serializers.CharField()
    criteria = serializers.ListField(child=serializers.CharField())
    priority = serializers.ChoiceField(Priority.choices)
    design = serializers.ChoiceField(Design.choices)
    reasons = serializers.ListField(child=serializers.CharField())
    sentence = serializers.CharField()


class MovedSerializer(serializers.Serializer[Any]):
    """A gap that was there before and is more or less urgent, or has other reasons."""

    gap = GapSerializer()
    worse = serializers.BooleanField()
    words = serializers.CharField()


@extend_schema_serializer(component_name="GapDifference")
class DifferenceSerializer(serializers.Serializer[Any]):
    """What changed from an earlier analysis to this one."""

    earlier = serializers.CharField(source="earlier.reference")
    later = serializers.CharField(source="later.reference")
    points = serializers.IntegerField(allow_null=True, help_text="Percentage points of readiness gained; null when unknown.")
    sentence = serializers.CharField()
    new = GapSerializer(many=True)
    closed = GapSerializer(many=True)
    moved = MovedSerializer(many=True)
    unchanged = serializers.IntegerField()
    entered = serializers.ListField(child=serializers.CharField(), help_text="Codes of controls that came into scope.")
    left = serializers.ListField(child=serializers.CharField(), help_text="Codes of controls that left scope.")


def _json(request: ApiRequest, run: GapRun) -> HttpResponseBase:
    return take_away(run.file, actor=request.member, evidence=run.evidence, name=f"{run.reference}.json")


def _pdf(request: ApiRequest, run: GapRun) -> HttpResponseBase:
    kept = pdf_of(run)
    if kept is None:
        raise Http404
    return take_away(kept.file, actor=request.member, evidence=kept.evidence, name=f"{run.reference}.pdf", verb=REPORT)


def _difference(request: ApiRequest, run: GapRun, *, earlier: str) -> Difference:
    other = _chosen(run, earlier) if earlier else before(run)
    if other is None:
        raise Refused(409, "There is no earlier analysis to compare with.")
    return difference(snapshot_of(other), snapshot_of(run))


def _chosen(run: GapRun, key: str) -> GapRun:
    try:
        found = GapRun.objects.filter(pk=UUID(key), made_at__lt=run.made_at).select_related("file").first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(400, "There is no such earlier analysis.")
    return found


def _roadmap(request: ApiRequest, run: GapRun) -> Roadmap:
    return make_roadmap(run, actor=request.member)[0]


class GapApi(Resource):
    """Gap analyses."""

    output = GapRunSerializer
    tag = "Gap analyses"
    list = Lists(screen=GapList, widen=lambda rows: rows.select_related("file"))
    retrieve = Shows(screen=views.GapDetail, summary="One analysis.")
    create = Creates(screen=views.GapCreate)
    json = Serves(permission="controls.read", summary="All of it as JSON, as it was kept.", do=_json)
    pdf = Serves(permission="controls.read", summary="All of it as PDF; 404 until a worker has printed it.", do=_pdf)
    difference = Tells(
        permission="controls.read",
        summary="What changed since an earlier analysis.",
        asked={"earlier": "The earlier one's id; left out, the one before, of the same period if there is one."},
        output=DifferenceSerializer,
        below=True,
        do=_difference,
    )
    roadmap = Acts(
        permission="controls.write",
        summary="Make the period's roadmap from it, or add what it found new.",
        output=RoadmapSerializer,
        do=_roadmap,
    )
