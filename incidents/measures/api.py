"""How long incidents took, in the API."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from api.days import day_of
from api.operations import Tells
from api.problems import Refused
from api.requests import ApiRequest
from api.resources import Resource
from incidents.measures.reading import Measures, measures
from incidents.measures.views import YEAR
from incidents.rights import READ


class MeasuredStageSerializer(serializers.Serializer[Any]):
    """One stage, in seconds; null where no incident has both times."""

    stage = serializers.CharField(help_text="detect, acknowledge, contain or resolve")
    median = serializers.FloatField(allow_null=True)
    percentile_90 = serializers.FloatField(allow_null=True, source="ninetieth")
    recorded = serializers.IntegerField()
    not_recorded = serializers.IntegerField(help_text="Incidents that lack one of the two times.")


class MeasuredStagesSerializer(serializers.Serializer[Any]):
    """The stages of the incidents of a severity, of a month such as 2026-10, of both (2026-10 critical), or of all."""

    key = serializers.CharField()
    incidents = serializers.IntegerField()
    measures = MeasuredStageSerializer(many=True)


class IncidentMeasuresSerializer(serializers.Serializer[Any]):
    """How long the incidents took that were reported on some days and that the token's member may see."""

    whole = MeasuredStagesSerializer()
    by_severity = MeasuredStagesSerializer(many=True)
    by_month = MeasuredStagesSerializer(many=True)
    by_month_and_severity = MeasuredStagesSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """With the days, one of whose names Python keeps for itself."""
        days = {"from": serializers.DateField(source="first"), "to": serializers.DateField(source="last")}
        return {**days, **super().get_fields()}


def _measured(request: ApiRequest, **days: str) -> Measures:
    last = day_of(days["to"], request.organization.today())
    first = day_of(days["from"], last - dt.timedelta(days=YEAR))
    if last < first:
        raise Refused(400, "The last day is before the first.")
    return measures(request.member, first, last)


class MeasuresApi(Resource):
    """How long incidents took."""

    output = IncidentMeasuresSerializer
    tag = "Incidents"
    show = Tells(
        permission=READ,
        summary="Median and 90th percentile of the times to detect, acknowledge, contain and resolve.",
        asked={"from": "The first day; a year before the last without one.", "to": "The last day; today without one."},
        do=_measured,
    )
