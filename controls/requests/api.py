"""The auditor's request list in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from controls.models import AuditRequest, RequestComment, RequestProof
from controls.requests import answering, giving, judging, listing, views
from controls.requests.rights import EVERYBODY, visible_to
from workflow.once import OnceReasonForm


class RequestSerializer(RecordSerializer[AuditRequest]):
    """Something that an auditor asks for."""

    controls = serializers.SerializerMethodField()

    class Meta:
        model = AuditRequest
        fields: ClassVar[list[str]] = [
            "id", "period", "reference", "title", "description", "category", "criteria", "controls", "also", "requested_by",
            "requested_on", "due_on", "assignee", "status", "statement", "submitted_by", "submitted_at", "judged_by", "judged_at",
            "judgement", "times_returned", "raised_by", "raised_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_controls(self, request: AuditRequest) -> list[str]:
        """The controls it is about."""
        return sorted(str(row.control_id) for row in request.controls.all())


class GivenSerializer(RecordSerializer[RequestProof]):
    """What is given to a request: an item of evidence, a test population or a sample."""

    class Meta:
        model = RequestProof
        fields: ClassVar[list[str]] = [
            "id", "request", "evidence", "population", "sample", "name", "status", "linked_by", "linked_at",
        ]  # fmt: skip

    name = serializers.CharField()


class CommentSerializer(RecordSerializer[RequestComment]):
    """What was said about a request."""

    class Meta:
        model = RequestComment
        fields: ClassVar[list[str]] = ["id", "request", "text", "said_by", "said_at"]


def _with_controls(rows: QuerySet[AuditRequest]) -> QuerySet[AuditRequest]:
    return rows.prefetch_related("controls")


def _start(request: ApiRequest, asked: AuditRequest) -> None:
    giving.start(asked, actor=request.member)


def _given(request: ApiRequest, asked: AuditRequest) -> QuerySet[RequestProof]:
    rows = giving.seen_by(request.member, giving.linked(asked))
    return rows.select_related("evidence", "population", "sample__population")


def _every_given(request: ApiRequest) -> QuerySet[RequestProof]:
    rows = giving.seen_by(request.member, RequestProof.objects.filter(request__in=visible_to(request.member)))
    return rows.select_related("evidence", "population", "sample__population", "request__assignee")


def _comments(request: ApiRequest, asked: AuditRequest) -> QuerySet[RequestComment]:
    return RequestComment.objects.filter(request=asked)


def _take_away(request: ApiRequest, proof: RequestProof, *, reason: str) -> None:
    giving.take_away(proof, actor=request.member, reason=reason)


def _file(request: ApiRequest, proof: RequestProof) -> HttpResponseBase:
    return answering.serve(request.member, proof.request, proof.pk)


class RequestApi(Resource):
    """What the auditor asks for."""

    output = RequestSerializer
    tag = "Auditor's requests"
    list = Lists(
        screen=listing.RequestList,
        filters=("state", "due", "whose", "category"),
        also=("period",),
        widen=_with_controls,
    )
    retrieve = Shows(screen=views.RequestDetail)
    create = Creates(screen=views.RequestCreate)
    partial_update = Changes(screen=views.RequestEdit)
    assign = Does(screen=views.RequestAssign)
    start = Acts(permission=EVERYBODY, summary="Begin to work on it.", do=_start)
    given = Gathers(permission=EVERYBODY, summary="What is given to it.", below=True, output=GivenSerializer, rows=_given)
    supply = Does(screen=answering.RequestSupply)
    submit = Does(screen=answering.RequestSubmit)
    take_back = Does(screen=answering.RequestTakeBack)
    accept = Does(screen=judging.RequestAccept)
    give_back = Does(screen=judging.RequestReturn)
    withdraw = Does(screen=judging.RequestWithdraw)
    restore = Does(screen=judging.RequestRestore)
    comments = Gathers(permission=EVERYBODY, summary="What was said of it.", below=True, output=CommentSerializer, rows=_comments)
    comment = Does(screen=views.RequestComment)


class GivenApi(Resource):
    """What is given to the auditor's requests."""

    output = GivenSerializer
    tag = "Auditor's requests"
    holds = False  # the action locks the request before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One of them.", rows=_every_given)
    remove = Acts(permission=EVERYBODY, summary="Take it away from the request.", form=OnceReasonForm, do=_take_away)
    file = Serves(permission=EVERYBODY, summary="Its file; 404 for a sample.", do=_file)
