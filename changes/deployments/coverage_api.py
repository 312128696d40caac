"""Coverage in the API: what deployments add up to, which environments count, and accounting for all of them anew."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from api.days import day_of
from api.operations import Changes, Operation, Retrieves
from api.requests import ApiRequest
from api.resources import Resource
from changes.deployments import views
from changes.deployments.actions import LINK, reconcile_everything
from changes.deployments.coverage import coverage
from changes.deployments.environments import counted_environments
from changes.deployments.listing import READ
from changes.models import ChangeSettings


class CoverageSerializer(serializers.Serializer[Any]):
    """The deployments of a span of days to environments that count: how many fall into each class, each into exactly one."""

    total = serializers.IntegerField()
    approved_beforehand = serializers.IntegerField(help_text="Approved before, by itself or by a template.")
    on_word = serializers.IntegerField(
        help_text="Of those approved beforehand: this rests on the moment that the pipeline stated."
    )
    classes = serializers.DictField(child=serializers.IntegerField())
    notes = serializers.DictField(child=serializers.IntegerField(), help_text="What is worth knowing of some of them.")
    from_files = serializers.IntegerField(help_text="Of all: brought by a file, which says when they were deployed.")
    environments = serializers.ListField(child=serializers.CharField(), help_text="Those that count; none: all.")

    def get_fields(self) -> dict[str, Any]:
        """With the days, one of whose names Python keeps for itself."""
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


class MoveSerializer(serializers.Serializer[Any]):
    """Deployments that fell from one class into another."""

    to = serializers.CharField()
    count = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        """With where they came from, by a name that Python keeps for itself."""
        return {"from": serializers.CharField(), **super().get_fields()}


class ReconciledSerializer(serializers.Serializer[Any]):
    """What accounting anew has changed."""

    changed = serializers.IntegerField()
    moves = MoveSerializer(many=True)


class EnvironmentsSerializer(serializers.Serializer[Any]):
    """The environments that count; none: all."""

    environments = serializers.ListField(child=serializers.CharField(), source="counted_environments")


def covered(request: ApiRequest, **days: str) -> dict[str, Any]:
    """The coverage of some days; the last 30 unless the address says otherwise."""
    last = day_of(days["to"], request.organization.today())
    first = day_of(days["from"], last - dt.timedelta(days=29))
    found = coverage(first, last, request.organization)
    return {
        "from": first,
        "to": last,
        "total": found.total,
        "approved_beforehand": found.beforehand,
        "on_word": found.on_word,
        "classes": dict(found.counts),
        "notes": dict(found.notes),
        "from_files": found.from_files,
        "environments": counted_environments(),
    }


@dataclass(frozen=True, kw_only=True)
class Reconciles(Operation):
    """All deployments accounted for anew."""

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> Response:
        """Do it, and say what it changed."""
        moves = reconcile_everything(actor=request.member)
        return Response({"changed": len(moves.keys), "moves": moves.told()})


RECONCILES = Reconciles(permission=LINK, summary="Account for every deployment anew.", output=ReconciledSerializer)


class EnvironmentsApi(Resource):
    """Which environments count: the one record at its address."""

    output = EnvironmentsSerializer
    tag = "Deployments"
    retrieve = Retrieves(permission=READ, summary="Which environments count; none: all.")
    partial_update = Changes(screen=views.EnvironmentsEdit)

    def find(self, request: ApiRequest, **kwargs: Any) -> ChangeSettings:
        """As chosen, or as it is before anybody has chosen."""
        return ChangeSettings.objects.first() or ChangeSettings()
