"""Resets of second factors, in the API. They are asked for and decided by people: those screens ask for a second factor."""

from typing import ClassVar

from accounts.permissions import HOME
from api.operations import Acts, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from workflow.models import FactorReset
from workflow.resetting import views
from workflow.resetting.actions import stop_reset


class FactorResetSerializer(RecordSerializer[FactorReset]):
    """Whose second factor is to be reset, who asked, and what became of it."""

    class Meta:
        model = FactorReset
        fields: ClassVar[list[str]] = [
            "id", "member", "reason", "identity", "asked_by", "asked_at", "expires_at", "status", "decided_by", "decided_at",
        ]  # fmt: skip


def _stop(request: ApiRequest, reset: FactorReset) -> None:
    stop_reset(reset, actor=request.member)


class FactorResetApi(Resource):
    """Resets of second factors."""

    output = FactorResetSerializer
    tag = "Members"
    list = Lists(screen=views.ResetList)
    retrieve = Shows(screen=views.ResetDetail)
    stop = Acts(permission=HOME, summary="The person stops it, or whoever asked takes it back.", do=_stop)
