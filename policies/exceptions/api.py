"""Exceptions from policies in the API."""

from typing import ClassVar

from api.operations import Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from policies.exceptions import listing, views
from policies.models import PolicyException


class PolicyExceptionSerializer(RecordSerializer[PolicyException]):
    """Somebody may depart from a policy until a day. What was asked for never changes."""

    class Meta:
        model = PolicyException
        fields: ClassVar[list[str]] = [
            "id", "reference", "policy", "version", "person", "what", "why", "compensating", "risk", "severity", "ends_on",
            "status", "asked_by", "asked_at", "decided_by", "decided_at", "decision_note", "ended_on", "ended_reason", "finding",
            "brought_by", "brought_at", "told",
        ]  # fmt: skip


class PolicyExceptionApi(Resource):
    """Exceptions from policies."""

    output = PolicyExceptionSerializer
    tag = "Policies"
    list = Lists(screen=listing.ExceptionList, filters=("state", "ends", "view", "policy"))
    retrieve = Shows(screen=views.ExceptionDetail)
    create = Creates(screen=views.ExceptionAsk)
    approve = Does(screen=views.ExceptionApprove)
    refuse = Does(screen=views.ExceptionRefuse)
    withdraw = Does(screen=views.ExceptionWithdraw)
    end = Does(screen=views.ExceptionEnd)
