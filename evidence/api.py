"""Evidence in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from evidence import downloads
from evidence.downloads import take_away
from evidence.hiding import evidence_seen_by
from evidence.links import unlink_record
from evidence.models import Evidence, EvidenceLink, EvidenceRevision, FileCheck, Population, Sample
from evidence.populations import views as populations
from evidence.sampling import views as sampling
from evidence.sampling.reading import Drawn, drawn
from evidence.views import adding, changing, checks, item, lists


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


class RevisionSerializer(RecordSerializer[EvidenceRevision]):
    """One revision of an item. It is never changed."""

    sha256 = serializers.CharField(source="file.sha256")
    file_name = serializers.CharField(source="file.name")

    class Meta:
        model = EvidenceRevision
        fields: ClassVar[list[str]] = [
            "number", "sha256", "file_name", "collected_at", "collected_by", "period_from", "period_to", "note", "made_at",
        ]  # fmt: skip


class LinkSerializer(RecordSerializer[EvidenceLink]):
    """A record that an item belongs to, by kind and id."""

    class Meta:
        model = EvidenceLink
        fields: ClassVar[list[str]] = ["id", "evidence", "kind", "object_id", "name", "made_by", "made_at"]


def _file(request: ApiRequest, evidence: Evidence, *, revision: str) -> FileResponse:
    if not revision:
        return take_away(evidence.file, actor=request.member, evidence=evidence)
    known = evidence.revisions.select_related("file")
    found = (
        known.filter(number=int(revision)).first() if revision.isascii() and revision.isdigit() and len(revision) < 7 else None
    )
    if found is None:
        raise Http404
    return take_away(found.file, actor=request.member, evidence=evidence)


def _revisions(request: ApiRequest, evidence: Evidence) -> QuerySet[EvidenceRevision]:
    found: QuerySet[EvidenceRevision] = evidence.revisions.select_related("file")
    return found


def _links(request: ApiRequest, evidence: Evidence) -> QuerySet[EvidenceLink]:
    found: QuerySet[EvidenceLink] = evidence.links.all()
    return found


def _every_link(request: ApiRequest) -> QuerySet[EvidenceLink]:
    return EvidenceLink.objects.filter(evidence__in=evidence_seen_by(request.member)).select_related("evidence")


def _unlink(request: ApiRequest, link: EvidenceLink) -> None:
    unlink_record(link, actor=request.member)


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
    links = Gathers(
        permission="evidence.read", summary="The records it belongs to.", below=True, output=LinkSerializer, rows=_links
    )
    revisions = Gathers(
        permission="evidence.read", summary="Its revisions.", below=True, output=RevisionSerializer, rows=_revisions
    )
    file = Serves(
        permission="evidence.read",
        summary="Its file.",
        asked={"revision": "The number of a revision; left out, the present one."},
        do=_file,
    )


class LinkApi(Resource):
    """What links evidence to records of other kinds."""

    output = LinkSerializer
    tag = "Evidence"
    retrieve = Finds(permission="evidence.read", summary="One link.", rows=_every_link)
    remove = Acts(permission="evidence.write", summary="Say that it does not belong to the record after all.", do=_unlink)


class CheckSerializer(RecordSerializer[FileCheck]):
    """What the last reading of a stored file found."""

    sha256 = serializers.CharField(source="file.sha256")
    file_name = serializers.CharField(source="file.name")

    class Meta:
        model = FileCheck
        fields: ClassVar[list[str]] = ["id", "sha256", "file_name", "result", "since", "checked_at"]


class CheckApi(Resource):
    """Readings of stored files."""

    output = CheckSerializer
    tag = "Evidence"
    list = Lists(screen=checks.FileChecks)


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


class SampleRowsSerializer(serializers.Serializer[Any]):
    """The rows of a sample in the order of the draw; `same` is whether it comes out the same now, null for a selection."""

    header = serializers.ListField(child=serializers.CharField(allow_blank=True))
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    same = serializers.BooleanField(allow_null=True)


def _workbook(request: ApiRequest, population: Population) -> FileResponse:
    if population.file is None:
        raise Http404
    return downloads.take_away(population.file, actor=request.member, name=f"{population.reference}.xlsx")


def _samples(request: ApiRequest, population: Population) -> QuerySet[Sample]:
    return Sample.objects.filter(population=population)


def _drawn(request: ApiRequest, sample: Sample) -> Drawn:
    return drawn(sample)


class PopulationApi(Resource):
    """Test populations."""

    output = PopulationSerializer
    tag = "Test populations"
    list = Lists(screen=populations.PopulationList)
    retrieve = Shows(screen=populations.PopulationDetail)
    create = Creates(screen=populations.PopulationFreeze, summary="Freeze a population; a worker does it, and its state tells.")
    file = Serves(permission="evidence.read", summary="The workbook; 404 until it is frozen.", do=_workbook)
    samples = Gathers(
        permission="evidence.read", summary="The samples drawn from it.", below=True, output=SampleSerializer, rows=_samples
    )
    draw = Does(screen=sampling.SampleDraw, output=SampleSerializer, status=201)
    choose = Does(screen=sampling.SampleChoose, output=SampleSerializer, status=201)


class SampleApi(Resource):
    """Samples."""

    output = SampleSerializer
    tag = "Test populations"
    retrieve = Shows(screen=sampling.SampleDetail)
    rows = Tells(
        permission="evidence.read",
        summary="Its rows, read from the frozen file.",
        below=True,
        output=SampleRowsSerializer,
        do=_drawn,
    )
