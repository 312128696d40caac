"""Keys and their rotations in the API. Keys themselves are never shown, and replacing them is for people."""

from typing import Any, ClassVar

from rest_framework import serializers

from api.operations import Acts, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from keys.models import DataKey
from proof.keys import views
from proof.keys.actions import RUN, resume_rotation, stop_rotation
from proof.models import KeyRotation


class DataKeySerializer(RecordSerializer[DataKey]):
    """A data key: what it is for, the name of the master key that wraps it, and how many values lie under it."""

    name = serializers.CharField()
    values_under = serializers.IntegerField()

    class Meta:
        model = DataKey
        fields: ClassVar[list[str]] = [
            "id", "name", "purpose", "master", "made_at", "retired_at", "destroyed_at", "values_under",
        ]  # fmt: skip


class DataKeyApi(Resource):
    """Keys of encrypted fields."""

    output = DataKeySerializer
    tag = "Organization"
    list = Lists(screen=views.KeyList)
    retrieve = Shows(screen=views.KeyList, summary="One key.")


class KeyRotationSerializer(RecordSerializer[KeyRotation]):
    """A rotation: how much was to do, how much is done, and what did not open."""

    class Meta:
        model = KeyRotation
        fields: ClassVar[list[str]] = [
            "id", "level", "status", "total", "done", "unreadable", "started_by", "started_at", "finished_at",
        ]  # fmt: skip


def _stop(request: ApiRequest, rotation: KeyRotation) -> Any:
    stop_rotation(rotation, actor=request.member)
    return rotation


def _resume(request: ApiRequest, rotation: KeyRotation) -> Any:
    resume_rotation(rotation, actor=request.member)
    return rotation


class KeyRotationApi(Resource):
    """Rotations of keys."""

    output = KeyRotationSerializer
    tag = "Organization"
    list = Lists(screen=views.RotationList)
    retrieve = Shows(screen=views.RotationList, summary="One rotation.")
    stop = Acts(permission=RUN, summary="Stop it; every value stays readable.", do=_stop)
    resume = Acts(permission=RUN, summary="Let it go on.", do=_resume)
