"""Audit periods in the API."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms

from api.operations import Acts, Changes, Creates, Does, Lists, Shows
from api.problems import Refused
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from controls.models import AuditPeriod, CriterionExclusion, Engagement
from controls.periods import views
from controls.periods.actions import take_back_into_scope
from controls.periods.current import usual


class ExclusionSerializer(RecordSerializer[CriterionExclusion]):
    """A criterion that was judged not relevant, and why."""

    class Meta:
        model = CriterionExclusion
        fields: ClassVar[list[str]] = ["criterion", "reason", "made_by", "made_at"]


class EngagementSerializer(RecordSerializer[Engagement]):
    """Who audits the period, and what came of it."""

    class Meta:
        model = Engagement
        fields: ClassVar[list[str]] = [
            "firm", "contact", "email", "fee", "engaged_on", "fieldwork_from", "fieldwork_to", "report_issued_on", "opinion",
            "notes",
        ]  # fmt: skip


class PeriodSerializer(RecordSerializer[AuditPeriod]):
    """An audit period, what was left out of its scope, and its auditors: one at most."""

    exclusions = ExclusionSerializer(many=True)
    engagements = EngagementSerializer(many=True)

    class Meta:
        model = AuditPeriod
        fields: ClassVar[list[str]] = [
            "id", "name", "kind", "starts_on", "ends_on", "categories", "status", "created_at", "exclusions", "engagements",
        ]  # fmt: skip


def asked_period(request: ApiRequest, key: str) -> AuditPeriod:
    """The period of an id; without one the open one around today, else the latest. Raises Refused."""
    if not key:
        found = usual(list(AuditPeriod.objects.all()), request.organization.today())
    else:
        try:
            found = AuditPeriod.objects.filter(pk=UUID(key)).first()
        except ValueError:
            found = None
    if found is None:
        raise Refused(400, "There is no such period.")
    return found


class IncludeForm(forms.Form):
    """Which criterion."""

    criterion = forms.CharField(max_length=6, label="Criterion, such as CC6.4")


def _include(request: ApiRequest, period: AuditPeriod, *, criterion: str) -> None:
    take_back_into_scope(period, [criterion], actor=request.member)


def _whole(rows: Any) -> Any:
    return rows.prefetch_related("exclusions", "engagements")


class PeriodApi(Resource):
    """Audit periods."""

    output = PeriodSerializer
    tag = "Audit periods"
    list = Lists(screen=views.PeriodList, widen=_whole)
    retrieve = Shows(screen=views.PeriodDetail)
    create = Creates(screen=views.PeriodCreate)
    partial_update = Changes(screen=views.PeriodEdit)
    hand_over = Does(screen=views.PeriodHandOver)
    close = Does(screen=views.PeriodClose)
    reopen = Does(screen=views.PeriodReopen)
    exclude = Does(screen=views.Exclude)
    include = Acts(permission="controls.write", summary="Take a criterion back into scope.", form=IncludeForm, do=_include)
    engagement = Does(screen=views.EngagementEdit)
