"""The tests of an audit period in the API: the figures, and each control in scope."""

from typing import Any

from rest_framework import serializers

from api.operations import Tells
from api.requests import ApiRequest
from api.resources import Resource
from controls.models import Control, ControlTest
from controls.periods.api import asked_period
from controls.status.scope import scope_of
from controls.testing.results import results_of, with_results
from controls.testing.results_views import TestResults
from evidence.hiding import evidence_seen_by

Result = ControlTest.Result


class ControlResultSerializer(serializers.Serializer[Any]):
    """A control in scope, and its last test of the period."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    result = serializers.ChoiceField(Result.choices, allow_null=True)
    test = serializers.UUIDField(source="counting", allow_null=True)
    tested_on = serializers.DateField(allow_null=True)
    tester = serializers.CharField(source="tester_name", allow_null=True)
    tests = serializers.IntegerField(source="tests_made")


class PeriodResultsSerializer(serializers.Serializer[Any]):
    """What was tested in a period, with which result, and how much evidence was collected in it."""

    period = serializers.UUIDField()
    as_of = serializers.DateField()
    in_scope = serializers.IntegerField(source="figures.controls")
    tested = serializers.IntegerField(source="figures.share.part")
    not_tested = serializers.IntegerField(source="figures.untested")
    passed = serializers.IntegerField(source="figures.by_result.pass")
    passed_in_parts = serializers.IntegerField(source="figures.by_result.partial")
    failed = serializers.IntegerField(source="figures.by_result.fail")
    not_evaluable = serializers.IntegerField(source="figures.by_result.not_evaluable")
    tests = serializers.IntegerField(source="figures.tests")
    evidence_collected = serializers.IntegerField(source="figures.evidence")
    controls = ControlResultSerializer(many=True)


def _results(request: ApiRequest, *, period: str) -> dict[str, Any]:
    found, today = asked_period(request, period), request.organization.today()
    controls = Control.objects.filter(scope_of(found)).order_by("code")
    return {
        "period": found.pk,
        "as_of": today,
        "figures": results_of(found, today, evidence_seen_by(request.member), request.organization),
        "controls": list(with_results(controls, found, today)),
    }


class ResultsApi(Resource):
    """Tests of controls, of a whole period."""

    output = PeriodResultsSerializer
    tag = "Tests of controls"
    show = Tells(
        permission=TestResults.permission,
        summary="What was tested in an audit period, with which result, by control.",
        asked={"period": "The period's id; left out, the open one around today, else the latest."},
        do=_results,
    )
