"""Reviews of incidents in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Does, Serves
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds
from incidents.models import IncidentReview
from incidents.reviewing import views
from incidents.reviewing.printing import ask_pdf
from incidents.rights import EVERYBODY


class IncidentReviewSerializer(RecordSerializer[IncidentReview]):
    """A version of an incident's review. `record` is the incident as it stood when it was submitted, `standing` its tasks and
    notices as they stood when it was approved."""

    controls = serializers.SerializerMethodField()
    record = serializers.JSONField()
    standing = serializers.JSONField()

    class Meta:
        model = IncidentReview
        fields: ClassVar[list[str]] = [
            "id", "incident", "number", "author", "summary", "root_cause", "went_well", "went_badly", "control_failed",
            "controls", "control_note", "commitment_missed", "commitment_note", "disclose", "disclose_note", "status",
            "begun_at", "record", "content_hash", "submitted_at", "submitted_by", "approved_by", "approved_at", "returned_by",
            "returned_at", "returned_reason", "standing",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_controls(self, review: IncidentReview) -> list[str]:
        """The controls that failed."""
        return sorted(str(row.control_id) for row in review.controls.all())


def seen(request: ApiRequest) -> QuerySet[IncidentReview]:
    """Reviews of incidents that the member sees."""
    return views.reviews_seen(request.member).prefetch_related("controls")


def _pdf(request: ApiRequest, review: IncidentReview) -> HttpResponseBase:
    return views.pdf_for(review, request.member)


def _print(request: ApiRequest, review: IncidentReview) -> None:
    ask_pdf(review, actor=request.member)


class IncidentReviewApi(Resource):
    """Reviews of incidents."""

    output = IncidentReviewSerializer
    tag = "Incidents"
    holds = False  # the action locks the incident before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One version.", rows=seen)
    partial_update = Changes(screen=views.ReviewWrite)
    submit = Does(screen=views.ReviewSubmit)
    withdraw = Does(screen=views.ReviewWithdraw)
    add_approver = Does(screen=views.ApproverAdd)
    approve = Does(screen=views.ReviewApprove)
    give_back = Does(screen=views.ReviewReturn)
    print_ = Acts(permission=EVERYBODY, summary="Have it printed as it stands.", do=_print)
    pdf = Serves(permission=EVERYBODY, summary="Its latest PDF.", do=_pdf)
