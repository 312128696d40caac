"""Where other systems send documents: `POST /api/processing/<name of a schema>`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from api.idempotency import once
from api.operations import Operation
from api.problems import invalid, pointer
from api.requests import ApiRequest
from api.resources import Resource
from processing.models import Outcome, ProcessingSchema
from processing.records.actions import MOST, RECORD, Kept, record_outcomes
from processing.records.documents import DocumentParser

if TYPE_CHECKING:
    from django.http import HttpResponse

_ANY = {"description": "Any JSON value."}


@extend_schema_field(_ANY)
class DocumentField(serializers.Field[Any, Any, Any, Any]):
    """A document: any JSON value."""


class ErrorSerializer(serializers.Serializer[Any]):
    """Where a document does not fit. Names that only the document has are *: they may be personal data."""

    pointer = serializers.CharField(help_text="Within the record, such as #/input/name; empty for the sender's own code.")
    rule = serializers.CharField(help_text="The keyword of the schema, or `sender`.")
    detail = serializers.CharField()


class SentSerializer(serializers.Serializer[Any]):
    """An operation on a document. Input and output are validated and hashed; they are not kept."""

    operation = serializers.CharField(max_length=100, help_text="What was done, such as import or ticket.create.")
    input = DocumentField(help_text="The document that went in.")
    output = DocumentField(required=False, help_text="What came out, if anything.")
    status = serializers.ChoiceField(Outcome.choices, required=False, help_text="What came of it, as the sender knows it.")
    error = serializers.CharField(max_length=100, required=False, help_text="The sender's own code for what went wrong.")
    duration_ms = serializers.FloatField(required=False, min_value=0, help_text="How long it took, in milliseconds.")
    occurred_at = serializers.DateTimeField(required=False, help_text="With its zone; now when it is left out.")


class SendSerializer(SentSerializer):
    """One operation; or up to 1,000 in `records`."""

    operation = serializers.CharField(max_length=100, required=False)
    input = DocumentField(required=False)
    records = SentSerializer(many=True, required=False)


class RecordedSerializer(serializers.Serializer[Any]):
    """What became of one of them."""

    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(Outcome.choices, allow_null=True, help_text="A failure when it does not fit its schema.")
    fits = serializers.BooleanField(allow_null=True, help_text="Whether input and output fit.")
    input_sha256 = serializers.CharField(allow_null=True, help_text="Over the canonical JSON (RFC 8785).")
    output_sha256 = serializers.CharField(allow_null=True)
    error_count = serializers.IntegerField(help_text="How much does not fit; the first 20 are named.")
    problem = serializers.DictField(allow_null=True, help_text="Why it was refused, as problem details.")

    def get_fields(self) -> dict[str, Any]:
        """With the errors, by a name that serializers use themselves."""
        return {**super().get_fields(), "errors": ErrorSerializer(many=True)}


class ValidatedSerializer(serializers.Serializer[Any]):
    """A result for each, in their order."""

    version = serializers.IntegerField(help_text="The version that they were validated against.")
    success = serializers.IntegerField()
    failure = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RecordedSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """With the schema, and what is partial, by a name that serializers use themselves."""
        return {"schema": serializers.CharField(), "partial": serializers.IntegerField(), **super().get_fields()}


@dataclass(frozen=True, kw_only=True)
class Records(Operation):
    """One document or up to 1,000, with a result for each; once for each Idempotency-Key."""

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]]:
        """For the schema; what was sent is read by hand."""
        return SendSerializer

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> "Response | HttpResponse":
        """Validate and keep what came of it."""
        schema = ProcessingSchema.objects.filter(key=kwargs["key"]).first()
        if schema is None:
            raise Http404
        return once(request, lambda: self._record(request, schema))

    def _record(self, request: ApiRequest, schema: ProcessingSchema) -> Response:
        data: Any = request.data
        if errors := list(_misfits(data)):
            raise invalid(errors)
        single = "records" not in data
        version, kept = record_outcomes(schema, [data] if single else data["records"], actor=request.member)
        if single and kept[0].id is None:
            raise invalid(kept[0].reading.problems)
        results = [_shown(index, one) for index, one in enumerate(kept)]
        counts = {name: sum(one["status"] == name for one in results) for name in Outcome.values}
        refused = sum(one["id"] is None for one in results)
        return Response({"schema": schema.key, "version": version.number, **counts, "refused": refused, "results": results})


def _misfits(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the request as a whole."""
    if "records" not in data:
        return
    many = data["records"]
    if not (isinstance(many, list) and 1 <= len(many) <= MOST):
        yield pointer("records"), f"Send from 1 to {MOST:,} records."
    yield from ((pointer(name[:100]), "There is no such field beside records.") for name in data if name != "records")


def _shown(index: int, kept: Kept) -> dict[str, Any]:
    fresh = kept.reading.record
    if fresh is None or kept.id is None:
        nothing = dict.fromkeys(("id", "status", "fits", "input_sha256", "output_sha256"))
        return {"index": index, **nothing, "errors": [], "error_count": 0, "problem": _problem(kept)}
    return {
        "index": index,
        "id": str(kept.id),
        "status": fresh.outcome,
        "fits": not fresh.error_count,
        "input_sha256": fresh.input_sha256,
        "output_sha256": fresh.output_sha256 or None,
        "errors": fresh.errors,
        "error_count": fresh.error_count,
        "problem": None,
    }


def _problem(kept: Kept) -> dict[str, Any]:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    errors = [{"pointer": where, "detail": words} for where, words in kept.reading.problems]
    about = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return {**about, "detail": "Nothing of this was kept.", "errors": errors}


class ProcessingApi(Resource):
    """Where other systems send documents."""

    output = ValidatedSerializer
    tag = "Processing"
    record = Records(
        permission=RECORD,
        summary="Validate a document, or up to 1,000, and record what came of it.",
        words=f"Permission: `{RECORD}`. The schema is named by its name in the address. The answer is 200 also for a document "
        "that does not fit: it is recorded as a failure, with where and why. One that cannot be taken at all (too deep, too "
        "large, a name twice, a number that JSON does not have) is refused: 422 for a single one, its own result among several. "
        "Documents are not kept, only their SHA-256.",
        output=ValidatedSerializer,
    )

    def get_parsers(self) -> list[BaseParser]:
        """JSON in which no name stands twice."""
        return [DocumentParser()]
