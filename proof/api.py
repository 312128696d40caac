"""Checks of the trail in the API."""

from typing import ClassVar

from rest_framework import serializers

from api.operations import Begins, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.work import JobSerializer
from proof.models import TrailCheck
from proof.trail import views
from proof.trail.tasks import READ, ask_check
from workflow.models import Job


class TrailCheckSerializer(RecordSerializer[TrailCheck]):
    """One check of the whole trail. `faults` are the first of those that were found; all are counted in `found`."""

    faults = serializers.JSONField()

    class Meta:
        model = TrailCheck
        fields: ClassVar[list[str]] = [
            "id", "reference", "at", "finished_at", "asked_by", "outcome", "events", "heads", "root", "found", "faults", "notes",
            "unasked", "evidence",
        ]  # fmt: skip


def _check(request: ApiRequest) -> Job:
    return ask_check(actor=request.member)


class TrailCheckApi(Resource):
    """Checks of the trail."""

    output = TrailCheckSerializer
    tag = "Audit trail"
    list = Lists(screen=views.Seal)
    retrieve = Shows(screen=views.CheckDetail, summary="One check.")
    now = Begins(permission=READ, summary="Check the whole trail now.", do=_check, output=JobSerializer)
