"""Evidence in the API."""

from typing import Any, ClassVar

from django.http import FileResponse
from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from evidence.files import download
from evidence.models import Evidence, Population, Sample
from evidence.populations import views as populations
from evidence.sampling import views as sampling
from evidence.views import adding, changing, item, lists


class EvidenceSerializer(RecordSerializer[Evidence]):
    """What proves that something was done, with the hash of its present file."""

    sha256 = serializers.CharField(source="file.sha256")
    size = serializers.IntegerField(source="file.size", help_text="Bytes.")
    content_type = serializers.CharField(source="file.content_type", help_text="Found from the content.")
    file_name = serializers.CharField(source="file.name")

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "category", "description", "status", "source", "method", "collector", "query",
            "period_from", "period_to", "collected_at", "collected_by", "owner", "validated_by", "validated_at", "expires_on",
            "tags", "revision", "sha256", "size", "content_type", "file_name", "withdrawn_reason", "superseded_by",
        ]  # fmt: skip


def _whole(rows: Any) -> Any:
    """The list fetches what its columns show; the API shows more."""
    return rows.defer(None).select_related("file")


def _file(request: ApiRequest, evidence: Evidence) -> FileResponse:
    return download(evidence.file)


class EvidenceApi(Resource):
    """Evidence."""

    output = EvidenceSerializer
    tag = "Evidence"
    list = Lists(
        screen=lists.EvidenceList, widen=_whole, filters=("freshness", "category", "method", "file", "owner", "month", "tag")
    )
    retrieve = Shows(screen=item.EvidenceDetail)
    create = Creates(screen=adding.EvidenceAdd, summary="Keep a file as evidence.")
    partial_update = Changes(screen=changing.EvidenceChange)
    revise = Does(screen=changing.EvidenceRevise)
    validate = Does(screen=changing.EvidenceValidate)
    withdraw = Does(screen=changing.EvidenceWithdraw)
    restore = Does(screen=changing.EvidenceRestore)
    supersede = Does(screen=changing.EvidenceSupersede)
    reinstate = Does(screen=changing.EvidenceReinstate)
    link = Does(screen=changing.EvidenceLinkAdd)
    file = Serves(permission="evidence.read", summary="The file of the present revision.", do=_file)


class PopulationSerializer(RecordSerializer[Population]):
    """All events of one kind in a period, frozen for testing."""

    class Meta:
        model = Population
        fields: ClassVar[list[str]] = [
            "id", "reference", "kind", "title", "period_from", "period_to", "status", "row_count", "digest", "made_by", "made_at",
        ]  # fmt: skip


class SampleSerializer(RecordSerializer[Sample]):
    """Rows of a population, by a seed or by an auditor's own choice."""

    class Meta:
        model = Sample
        exclude: ClassVar[list[str]] = ["tenant"]


class PopulationApi(Resource):
    """Test populations."""

    output = PopulationSerializer
    tag = "Test populations"
    list = Lists(screen=populations.PopulationList)
    retrieve = Shows(screen=populations.PopulationDetail)
    draw = Does(screen=sampling.SampleDraw, output=SampleSerializer, status=201)
    choose = Does(screen=sampling.SampleChoose, output=SampleSerializer, status=201)


class SampleApi(Resource):
    """Samples."""

    output = SampleSerializer
    tag = "Test populations"
    retrieve = Shows(screen=sampling.SampleDetail)
