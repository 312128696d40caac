"""Schemas, their versions and records in the API."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from api.operations import Acts, Changes, Creates, Does, Lists, Operation, Shows, Tells
from api.problems import Refused, invalid, pointer
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from processing.models import ProcessingRecord, ProcessingSchema, SchemaVersion
from processing.models.schema import WRITE
from processing.records import listing as records
from processing.records import views as record_views
from processing.records.documents import DocumentParser
from processing.records.endpoint import DocumentField, ErrorSerializer
from processing.records.figures import Figures, between, by_schema, figures_of
from processing.records.trying import try_document
from processing.schemas import actions, listing, views
from processing.schemas.listing import READ
from tenancy.scope import now

_LONGEST_HOURS = 24 * 400


class SchemaSerializer(RecordSerializer[ProcessingSchema]):
    """A schema, and when it alerts."""

    class Meta:
        model = ProcessingSchema
        fields: ClassVar[list[str]] = [
            "id", "key", "title", "description", "status", "alert_below", "alert_hours", "alert_least", "alert_severity",
            "made_at",
        ]  # fmt: skip


class VersionSerializer(RecordSerializer[SchemaVersion]):
    """A version of a schema: its texts as they were written."""

    class Meta:
        model = SchemaVersion
        fields: ClassVar[list[str]] = [
            "id", "schema", "number", "input_schema", "output_schema", "sha256", "note", "status", "made_at", "activated_at",
            "retired_at",
        ]  # fmt: skip


class VersionsSerializer(serializers.Serializer[Any]):
    """The versions of a schema."""

    versions = VersionSerializer(many=True)


class ProcessingRecordSerializer(RecordSerializer[ProcessingRecord]):
    """A record. The document is not kept."""

    schema_key = serializers.CharField(source="schema.key")
    version_number = serializers.IntegerField(source="version.number")

    class Meta:
        model = ProcessingRecord
        fields: ClassVar[list[str]] = [
            "id", "schema", "schema_key", "version", "version_number", "operation", "occurred_at", "outcome", "said",
            "input_sha256", "output_sha256", "error_count", "duration_ms", "batch",
        ]  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """With the errors, by a name that serializers use themselves."""
        return {**super().get_fields(), "errors": ErrorSerializer(many=True, read_only=True)}


class TriedSerializer(serializers.Serializer[Any]):
    """What came of it."""

    fits = serializers.BooleanField()
    sha256 = serializers.CharField()
    error_count = serializers.IntegerField(source="count")

    def get_fields(self) -> dict[str, Any]:
        """With the errors, by a name that serializers use themselves."""
        return {**super().get_fields(), "errors": ErrorSerializer(many=True)}


class StartersSerializer(serializers.Serializer[Any]):
    """What was registered."""

    keys = serializers.ListField(child=serializers.CharField())


@dataclass(frozen=True, kw_only=True)
class Starts(Operation):
    """The schemas to start with."""

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> Response:
        """Register them."""
        return Response({"keys": [one.key for one in actions.add_starters(actor=request.member)]}, status=self.status)


def _versions(_request: ApiRequest, schema: ProcessingSchema) -> dict[str, Any]:
    return {"versions": schema.versions.order_by("-number")}


class ProcessingSchemaApi(Resource):
    """Schemas."""

    output = SchemaSerializer
    tag = "Processing"
    list = Lists(screen=listing.SchemaList)
    retrieve = Shows(screen=views.SchemaDetail)
    create = Creates(screen=views.SchemaCreate)
    partial_update = Changes(screen=views.SchemaEdit)
    starters = Starts(permission=WRITE, summary="Register the schemas to start with.", status=201, output=StartersSerializer)
    write = Does(screen=views.VersionWrite)
    retire = Does(screen=views.SchemaRetire)
    restore = Does(screen=views.SchemaRestore)
    versions = Tells(
        below=True,
        permission=READ,
        summary="The versions of a schema, the newest first.",
        do=_versions,
        output=VersionsSerializer,
    )


class TriesSerializer(serializers.Serializer[Any]):
    """A document to try."""

    document = DocumentField()
    against = serializers.ChoiceField(["input", "output"], required=False)


@dataclass(frozen=True, kw_only=True)
class Tries(Operation):
    """A document validated; nothing of it is kept."""

    @property
    def detail(self) -> bool:
        """Its address names the version."""
        return True

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]]:
        """A document."""
        return TriesSerializer

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> Response:
        """Validate it."""
        version = resource.find(request, **kwargs)
        data: Any = request.data
        errors = [(pointer(name[:100]), "There is no such field.") for name in data if name not in {"document", "against"}]
        if "document" not in data:
            errors.append((pointer("document"), "This is missing."))
        if data.get("against", "input") not in ("input", "output"):
            errors.append((pointer("against"), "One of: input, output."))
        if errors:
            raise invalid(errors)
        found = try_document(version, data["document"], data.get("against", "input"))
        if found.problem:
            raise invalid([(pointer("document"), found.problem)])
        return Response(TriedSerializer(found).data)


def _activate(request: ApiRequest, version: SchemaVersion) -> None:
    actions.activate(version, actor=request.member)


class SchemaVersionApi(Resource):
    """Versions of schemas."""

    output = VersionSerializer
    tag = "Processing"
    retrieve = Shows(screen=views.VersionDetail)
    activate = Acts(permission=WRITE, summary="Put a draft in force.", do=_activate)
    validate = Tries(permission=READ, summary="Validate a document by hand; nothing of it is kept.", output=TriedSerializer)

    def get_parsers(self) -> "list[BaseParser]":
        """JSON in which no name stands twice."""
        return [DocumentParser()]


class FiguresSerializer(serializers.Serializer[Any]):
    """What records add up to. Rates are percent, durations milliseconds; null where there is nothing to work them out from."""

    records = serializers.IntegerField()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    unfit = serializers.IntegerField(help_text="Of those that failed: what did not fit its schema.")
    success_rate = serializers.FloatField(allow_null=True)
    error_rate = serializers.FloatField(allow_null=True)
    timed = serializers.IntegerField(help_text="How many say how long they took.")
    mean = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """With what is partial, by a name that serializers use themselves."""
        return {**super().get_fields(), "partial": serializers.IntegerField()}


class SpanSerializer(FiguresSerializer):
    """Over a span, and for each schema by its name."""

    schemas = serializers.DictField(child=FiguresSerializer())

    def get_fields(self) -> dict[str, Any]:
        """With the span, one of whose names Python keeps for itself."""
        return {"from": serializers.DateTimeField(), "to": serializers.DateTimeField(), **super().get_fields()}


def _figures(request: ApiRequest, *, hours: str, until: str) -> dict[str, Any]:
    """The last 24 hours unless the address says otherwise."""
    if hours and not (len(hours) <= 6 and hours.isascii() and hours.isdigit() and 1 <= int(hours) <= _LONGEST_HOURS):
        raise Refused(400, f"hours is a number from 1 to {_LONGEST_HOURS:,}.")
    end = _moment(until)
    begin = end - dt.timedelta(hours=int(hours or 24))
    rows = between(begin, end)
    names = dict(ProcessingSchema.objects.values_list("pk", "key"))
    parts: dict[str, Figures] = {names[key]: found for key, found in by_schema(rows).items()}
    whole = FiguresSerializer(figures_of(rows)).data
    return {"from": begin, "to": end, **whole, "schemas": parts}


def _moment(text: str) -> dt.datetime:
    if not text:
        return now()
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, "until is a moment such as 2026-01-31T10:00:00Z.") from error
    if found.tzinfo is None or not 2000 <= found.year <= 2999:
        raise Refused(400, "until is a moment with its offset from UTC, after the year 2000.")
    return found


class ProcessingRecordApi(Resource):
    """Records."""

    output = ProcessingRecordSerializer
    tag = "Processing"
    list = Lists(screen=records.RecordList, filters=("status", "schema", "fit", "from", "to", "request"))
    retrieve = Shows(screen=record_views.RecordDetail)
    figures = Tells(
        permission=READ,
        summary="Success rate, error rate, mean and 95th percentile of the duration for a span.",
        asked={"hours": "How many hours; 24 unless it is named.", "until": "Up to when; now unless it is named."},
        do=_figures,
        output=SpanSerializer,
    )
