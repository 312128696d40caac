"""Risks, their tasks, the scale and the annual assessments in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from evidence.downloads import REPORT, take_away
from risks.assessing import listing as assessment_listing
from risks.assessing import views as assessing
from risks.assessing.actions import approve_assessment
from risks.assessing.forms import GivenApprovalForm
from risks.assessing.kept import pdf_of
from risks.models import STEPS, Risk, RiskAssessment, RiskRating, RiskScale, RiskTask
from risks.register import listing, views
from risks.rights import APPROVE, EVERYBODY, READ, visible_to
from risks.scales.views import ScaleEdit
from risks.tasks import views as tasks
from risks.tasks.actions import add_task
from risks.tasks.forms import TaskForm


class RiskSerializer(RecordSerializer[Risk]):
    """A risk with its present rating; scores are 0 until somebody has rated it."""

    controls = serializers.SerializerMethodField()

    class Meta:
        model = Risk
        fields: ClassVar[list[str]] = [
            "id", "reference", "statement", "cause", "consequence", "category", "owner", "status", "scale", *STEPS,
            "inherent_score", "residual_score", "residual_level", "reasoning", "rated_on", "rated_by", "controls", "treatment",
            "plan", "review_days", "next_review_on", "accepted_by", "accepted_at", "accepted_reason", "accepted_until",
            "closed_at", "closed_reason", "raised_by", "raised_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_controls(self, risk: Risk) -> list[str]:
        """The controls that lower it."""
        return [str(row.control_id) for row in risk.controls.all()]


class RiskRatingSerializer(RecordSerializer[RiskRating]):
    """What somebody said once of how likely and how bad a risk is."""

    class Meta:
        model = RiskRating
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "scale",
            *STEPS,
            "reasoning",
            "controls",
            "rated_on",
            "rated_by",
            "rated_at",
        ]


class RiskTaskSerializer(RecordSerializer[RiskTask]):
    """A part of a risk's treatment."""

    class Meta:
        model = RiskTask
        fields: ClassVar[list[str]] = [
            "id", "risk", "title", "owner", "due_on", "status", "outcome", "added_by", "added_at", "ended_by", "ended_at",
        ]  # fmt: skip


class RiskScaleSerializer(RecordSerializer[RiskScale]):
    """A version of the scale. Versions of one generation mean the same by each step."""

    class Meta:
        model = RiskScale
        fields: ClassVar[list[str]] = [
            "id", "number", "generation", "likelihood", "impact", "levels", "reason", "made_by", "made_at",
        ]  # fmt: skip


class RiskAssessmentSerializer(RecordSerializer[RiskAssessment]):
    """The assessment of a year. `content_hash` is what an approver approves."""

    class Meta:
        model = RiskAssessment
        fields: ClassVar[list[str]] = [
            "id", "reference", "year", "as_of", "objectives", "method", "participants", "conclusion", "previous", "status",
            "content_hash", "prepared_by", "prepared_at", "submitted_by", "submitted_at", "approved_by", "approved_at",
            "approved_hash", "remark", "evidence",
        ]  # fmt: skip


def _ratings(request: ApiRequest, risk: Risk) -> QuerySet[RiskRating]:
    return RiskRating.objects.filter(risk=risk)


def _tasks(request: ApiRequest) -> QuerySet[RiskTask]:
    seen = visible_to(request.member).order_by().values("pk")
    return RiskTask.objects.filter(risk__in=seen).order_by("due_on", "pk")


def _add(request: ApiRequest, risk: Risk, **said: Any) -> RiskTask:
    return add_task(risk, actor=request.member, **said)


def _scales(request: ApiRequest) -> QuerySet[RiskScale]:
    return RiskScale.objects.order_by("-number")


def _approve(request: ApiRequest, assessment: RiskAssessment, content_hash: str, note: str) -> None:
    approve_assessment(assessment, actor=request.member, content_hash=content_hash, note=note)


def _pdf(request: ApiRequest, assessment: RiskAssessment) -> HttpResponseBase:
    kept = pdf_of(assessment)
    if kept is None:
        raise Http404
    return take_away(kept.file, actor=request.member, evidence=kept.evidence, name=f"{assessment}.pdf", verb=REPORT)


def _json(request: ApiRequest, assessment: RiskAssessment) -> HttpResponseBase:
    if assessment.evidence is None:
        raise Http404
    return take_away(assessment.evidence.file, actor=request.member, evidence=assessment.evidence, name=f"{assessment}.json")


class RiskApi(Resource):
    """The register of risks."""

    output = RiskSerializer
    tag = "Risks"
    list = Lists(
        screen=listing.RiskList,
        filters=("view", "state", "level", "category", "treatment", "review", "whose", "inherent", "residual", "target"),
        widen=lambda rows: rows.prefetch_related("controls"),
    )
    retrieve = Shows(screen=views.RiskDetail)
    create = Creates(screen=views.RiskCreate)
    partial_update = Changes(screen=views.RiskEdit)
    rate = Does(screen=views.RiskRate)
    treat = Does(screen=views.RiskTreat)
    accept = Does(screen=views.RiskAccept)
    lapse = Does(screen=views.RiskLapse)
    close = Does(screen=views.RiskClose)
    reopen = Does(screen=views.RiskReopen)
    ratings = Gathers(
        permission=EVERYBODY,
        summary="Every rating it had, the newest first.",
        below=True,
        rows=_ratings,
        output=RiskRatingSerializer,
    )
    add_task = Acts(
        permission=EVERYBODY, summary="Give somebody a task of it.", form=TaskForm, do=_add, output=RiskTaskSerializer, status=201
    )


class RiskTaskApi(Resource):
    """Tasks of risks."""

    output = RiskTaskSerializer
    tag = "Risks"
    list = Gathers(permission=EVERYBODY, summary="Those of risks that you see, the soonest due first.", rows=_tasks)
    retrieve = Finds(permission=EVERYBODY, summary="One task.", rows=_tasks)
    partial_update = Changes(screen=tasks.TaskEdit)
    finish = Does(screen=tasks.TaskFinish)
    cancel = Does(screen=tasks.TaskCancel)
    reopen = Does(screen=tasks.TaskReopen)


class RiskScaleApi(Resource):
    """Versions of the scale, the newest in force. None before the first risk is rated: then the default holds, 5 by 5."""

    output = RiskScaleSerializer
    tag = "Risks"
    list = Gathers(permission=READ, summary="Every version, the newest first.", rows=_scales)
    retrieve = Finds(permission=READ, summary="One version.", rows=_scales)
    create = Creates(screen=ScaleEdit)


class RiskAssessmentApi(Resource):
    """Annual assessments."""

    output = RiskAssessmentSerializer
    tag = "Risks"
    list = Lists(screen=assessment_listing.AssessmentList)
    retrieve = Shows(screen=assessing.AssessmentDetail)
    create = Creates(screen=assessing.AssessmentCreate)
    partial_update = Changes(screen=assessing.AssessmentEdit)
    submit = Does(screen=assessing.AssessmentSubmit)
    approve = Acts(permission=APPROVE, summary="Approve what was seen.", form=GivenApprovalForm, do=_approve)
    give_back = Does(screen=assessing.AssessmentReturn)
    recall = Does(screen=assessing.AssessmentRecall)
    withdraw = Does(screen=assessing.AssessmentWithdraw)
    data = Serves(permission=READ, summary="What was approved, as JSON.", do=_json)
    paper = Serves(permission=READ, summary="Its PDF, once a worker has printed it.", do=_pdf)
