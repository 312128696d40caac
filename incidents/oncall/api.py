"""Who is on call, and escalation, in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Shows, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from incidents.models import (
    Escalation,
    EscalationNotice,
    EscalationPolicy,
    EscalationStep,
    OnCallOverride,
    OnCallSchedule,
)
from incidents.models.oncall import RUN, Unit
from incidents.oncall import actions, board, policies, policy_views, views
from incidents.rights import READ, WORK, visible_to
from tenancy.scope import now

TAG = "On call"


class OnCallScheduleSerializer(RecordSerializer[OnCallSchedule]):
    """Who is on call for something, and the rotation that holds now."""

    members = serializers.SerializerMethodField(help_text="One after the other.")
    zone = serializers.CharField(source="rotation.zone")
    every = serializers.IntegerField(source="rotation.every")
    unit = serializers.ChoiceField(Unit.choices, source="rotation.unit")
    starts_on = serializers.DateField(source="rotation.starts_on", help_text="The day of the first hand-over.")
    hands_over_at = serializers.CharField(source="rotation.hands_over_at", help_text="Local time of the zone, such as 09:00:00.")

    class Meta:
        model = OnCallSchedule
        fields: ClassVar[list[str]] = [
            "id", "name", "fallback", "is_default", "status", "members", "every", "unit", "starts_on", "hands_over_at", "zone",
            "made_by", "made_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_members(self, schedule: OnCallSchedule) -> list[str]:
        """In their order."""
        return [str(turn.member_id) for turn in schedule.rotation.turns.order_by("position")]


class OnCallSpanSerializer(serializers.Serializer[Any]):
    """Who is on call from one instant to another."""

    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    member = serializers.UUIDField(source="member.pk")
    name = serializers.CharField(source="member.name")
    why = serializers.ChoiceField(["rotation", "override", "fallback"])
    gap = serializers.CharField(help_text="Why it is not who was meant to be; empty when all is as planned.")


class OnCallNowSerializer(serializers.Serializer[Any]):
    """Who is on call now by each schedule, until when unless something changes, and who comes next."""

    schedule = serializers.UUIDField(source="schedule.pk")
    schedule_name = serializers.CharField(source="schedule.name")
    is_default = serializers.BooleanField(source="schedule.is_default")
    now = OnCallSpanSerializer()
    gaps = OnCallSpanSerializer(many=True)


class OnCallBoardSerializer(serializers.Serializer[Any]):
    """Every schedule in use, the default one first."""

    schedules = OnCallNowSerializer(many=True)


class OnCallWeeksSerializer(serializers.Serializer[Any]):
    """The coming eight weeks, without a hole."""

    spans = OnCallSpanSerializer(many=True)


class OnCallOverrideSerializer(RecordSerializer[OnCallOverride]):
    """Somebody on call for a while."""

    class Meta:
        model = OnCallOverride
        fields: ClassVar[list[str]] = [
            "id", "schedule", "member", "starts_at", "ends_at", "reason", "status", "made_by", "made_at", "withdrawn_at",
        ]  # fmt: skip


def _schedules(_request: ApiRequest) -> QuerySet[OnCallSchedule]:
    return OnCallSchedule.objects.order_by("-pk")


def _overrides(_request: ApiRequest) -> QuerySet[OnCallOverride]:
    return OnCallOverride.objects.order_by("-pk")


def _now(request: ApiRequest) -> dict[str, Any]:
    return {"schedules": board.cards(request.member, now())}


def _weeks(_request: ApiRequest, schedule: OnCallSchedule) -> dict[str, Any]:
    at = now()
    return {"spans": board.coming(board.plan_of(schedule, at), at) if schedule.status == "active" else []}


def _restore_schedule(request: ApiRequest, schedule: OnCallSchedule) -> None:
    actions.restore(schedule, actor=request.member)


def _withdraw(request: ApiRequest, override: OnCallOverride) -> None:
    actions.withdraw(override, actor=request.member)


class OnCallScheduleApi(Resource):
    """On-call schedules."""

    output = OnCallScheduleSerializer
    tag = TAG
    list = Gathers(permission=READ, summary="Schedules.", rows=_schedules)
    retrieve = Shows(screen=views.ScheduleDetail)
    create = Creates(screen=views.ScheduleCreate)
    partial_update = Changes(screen=views.ScheduleEdit)
    retire = Does(screen=views.ScheduleRetire)
    restore = Acts(permission=RUN, summary="Go by it again.", do=_restore_schedule)
    take_over = Does(screen=views.TakeOver)
    now = Tells(permission=READ, summary="Who is on call now.", do=_now, output=OnCallBoardSerializer)
    weeks = Tells(
        permission=READ, summary="Who is on call in the coming weeks.", do=_weeks, output=OnCallWeeksSerializer, below=True
    )


class OnCallOverrideApi(Resource):
    """Who has taken over for a while."""

    output = OnCallOverrideSerializer
    tag = TAG
    list = Gathers(permission=READ, summary="Who has taken over when.", rows=_overrides)
    retrieve = Finds(permission=READ, summary="One of them.", rows=_overrides)
    withdraw = Acts(permission=WORK, summary="The rotation holds again.", do=_withdraw)


class EscalationStepSerializer(RecordSerializer[EscalationStep]):
    """Whom a step tells: team, on_call, schedule:<id>, member:<id> or channel:<id>; and how long it then waits."""

    class Meta:
        model = EscalationStep
        fields: ClassVar[list[str]] = ["id", "policy", "position", "minutes", "targets"]


class EscalationPolicySerializer(RecordSerializer[EscalationPolicy]):
    """Which incidents are told step by step."""

    class Meta:
        model = EscalationPolicy
        fields: ClassVar[list[str]] = ["id", "name", "severities", "kinds", "repeats", "status", "made_by", "made_at"]


class EscalationNoticeSerializer(RecordSerializer[EscalationNotice]):
    """Somebody, or a channel, was told."""

    class Meta:
        model = EscalationNotice
        fields: ClassVar[list[str]] = ["id", "escalation", "round", "step", "target", "member", "told_as", "told_at"]


class EscalationSerializer(RecordSerializer[Escalation]):
    """An incident being told, and to whom it was."""

    notices = EscalationNoticeSerializer(many=True)

    class Meta:
        model = Escalation
        fields: ClassVar[list[str]] = [
            "id", "incident", "policy", "status", "started_at", "due_at", "ended_at", "ended_by", "notices",
        ]  # fmt: skip


def _restore_policy(request: ApiRequest, policy: EscalationPolicy) -> None:
    policies.restore(policy, actor=request.member)


def _steps(_request: ApiRequest, policy: EscalationPolicy) -> QuerySet[EscalationStep]:
    return EscalationStep.objects.filter(policy=policy)


def _all_steps(_request: ApiRequest) -> QuerySet[EscalationStep]:
    return EscalationStep.objects.order_by("-pk")


def _remove(request: ApiRequest, step: EscalationStep) -> None:
    policies.remove_step(step, actor=request.member)


def _escalations(request: ApiRequest) -> QuerySet[Escalation]:
    seen = Escalation.objects.filter(incident__in=visible_to(request.member).values("pk"))
    return seen.prefetch_related("notices").order_by("-pk")


class EscalationPolicyApi(Resource):
    """Escalation policies."""

    output = EscalationPolicySerializer
    tag = TAG
    list = Lists(screen=policy_views.PolicyList)
    retrieve = Shows(screen=policy_views.PolicyDetail)
    create = Creates(screen=policy_views.PolicyCreate)
    partial_update = Changes(screen=policy_views.PolicyEdit)
    retire = Does(screen=policy_views.PolicyRetire)
    restore = Acts(permission=RUN, summary="New incidents go by it again.", do=_restore_policy)
    add_step = Does(screen=policy_views.StepAdd)
    steps = Gathers(permission=READ, summary="Its steps.", below=True, output=EscalationStepSerializer, rows=_steps)


class EscalationStepApi(Resource):
    """Steps of escalation policies."""

    output = EscalationStepSerializer
    tag = TAG
    list = Gathers(permission=READ, summary="Steps of all policies.", rows=_all_steps)
    retrieve = Finds(permission=READ, summary="One of them.", rows=_all_steps)
    partial_update = Changes(screen=policy_views.StepEdit)
    remove = Acts(permission=RUN, summary="Take it out of its policy.", do=_remove)


class EscalationApi(Resource):
    """Incidents being told."""

    output = EscalationSerializer
    tag = TAG
    list = Gathers(permission=READ, summary="Who was told of which incident.", rows=_escalations)
    retrieve = Finds(permission=READ, summary="One of them.", rows=_escalations)
