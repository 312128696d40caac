"""Clocks, the rules behind them and holidays in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds
from evidence.downloads import take_away
from evidence.models import StoredFile
from incidents.clocks import holidays, rule_views, turning, views
from incidents.models import Holiday, IncidentImpact, IncidentMoment, NotificationClock, NotificationRule
from incidents.rights import EVERYBODY, READ, RUN, visible_to


class NotificationClockSerializer(RecordSerializer[NotificationClock]):
    """The time that a rule leaves to notify somebody of an incident, with the terms it began with."""

    class Meta:
        model = NotificationClock
        fields: ClassVar[list[str]] = [
            "id", "incident", "rule", "name", "recipient", "terms", "trigger_at", "due_at", "status", "decided_by", "decided_at",
            "reason", "notified_at", "notified_by", "notified_whom", "evidence",
        ]  # fmt: skip


class NotificationRuleSerializer(RecordSerializer[NotificationRule]):
    """A duty to notify: data for counsel to confirm, not legal advice."""

    class Meta:
        model = NotificationRule
        fields: ClassVar[list[str]] = [
            "id", "name", "recipient", "basis", "advice", "trigger", "amount", "unit", "cap_trigger", "cap_amount", "cap_unit",
            "follows", "kinds", "data", "status", "confirmed_by", "confirmed_on",
        ]  # fmt: skip


class HolidaySerializer(RecordSerializer[Holiday]):
    """A day without business."""

    class Meta:
        model = Holiday
        fields: ClassVar[list[str]] = ["id", "day", "name"]


class IncidentMomentSerializer(RecordSerializer[IncidentMoment]):
    """When a duty's time began to run, as somebody determined it; the latest of each kind holds."""

    class Meta:
        model = IncidentMoment
        fields: ClassVar[list[str]] = ["id", "incident", "what", "at", "reason", "recorded_by", "recorded_as", "recorded_at"]


class IncidentImpactSerializer(RecordSerializer[IncidentImpact]):
    """Whose data an incident affects, as somebody answered; the latest holds."""

    class Meta:
        model = IncidentImpact
        fields: ClassVar[list[str]] = [
            "id", "incident", "customer", "personal", "health", "reason", "recorded_by", "recorded_as", "recorded_at",
        ]  # fmt: skip


def seen(request: ApiRequest) -> QuerySet[NotificationClock]:
    """Clocks of incidents that the member sees."""
    return NotificationClock.objects.filter(incident__in=visible_to(request.member).values("pk"))


def _proof(request: ApiRequest, clock: NotificationClock) -> HttpResponseBase:
    return take_away(get_object_or_404(StoredFile, pk=clock.file_id), actor=request.member, evidence=clock.evidence)


def _turn_on(request: ApiRequest, rule: NotificationRule) -> None:
    turning.turn_on(rule, actor=request.member)


def _remove(request: ApiRequest, holiday: Holiday) -> None:
    holidays.remove_holiday(holiday, actor=request.member)


def _holidays(_request: ApiRequest) -> QuerySet[Holiday]:
    return Holiday.objects.all()


class ClockApi(Resource):
    """Notification clocks."""

    output = NotificationClockSerializer
    tag = "Incidents"
    holds = False  # the action locks the incident before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One clock.", rows=seen)
    decide = Does(screen=views.ClockDecide)
    notified = Does(screen=views.ClockNotified)
    proof = Serves(permission=EVERYBODY, summary="What proves the notice.", do=_proof)


class NotificationRuleApi(Resource):
    """Rules of notification."""

    output = NotificationRuleSerializer
    tag = "Incidents"
    list = Lists(screen=rule_views.RuleList)
    retrieve = Shows(screen=rule_views.RuleDetail)
    create = Creates(screen=rule_views.RuleCreate)
    partial_update = Changes(screen=rule_views.RuleEdit)
    confirm = Does(screen=rule_views.RuleConfirm)
    turn_on = Acts(permission=RUN, summary="Let it start clocks.", do=_turn_on)
    turn_off = Does(screen=rule_views.RuleOff)


class HolidayApi(Resource):
    """Days without business."""

    output = HolidaySerializer
    tag = "Incidents"
    list = Lists(screen=rule_views.HolidayList)
    retrieve = Finds(permission=READ, summary="One day.", rows=_holidays)
    create = Creates(screen=rule_views.HolidayAdd)
    remove = Acts(permission=RUN, summary="It is a business day again.", do=_remove)
