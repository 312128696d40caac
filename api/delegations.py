"""What was handed over to whom, in the API. Handing over is an operation of the record itself."""

from typing import ClassVar

from api.operations import Does, Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from workflow.delegations import views
from workflow.models import Delegation


class DelegationSerializer(RecordSerializer[Delegation]):
    """One record in the care of a guardian, until a day that is included."""

    class Meta:
        model = Delegation
        fields: ClassVar[list[str]] = [
            "id",
            "kind",
            "subject_id",
            "subject",
            "guardian",
            "given_by",
            "grants",
            "until",
            "reason",
            "given_at",
            "status",
            "ended_at",
        ]


class DelegationApi(Resource):
    """Delegations."""

    output = DelegationSerializer
    tag = "Delegations"
    list = Lists(screen=views.DelegationList, filters=("state", "kind"))
    retrieve = Shows(screen=views.DelegationDetail)
    end = Does(screen=views.DelegationEnd)
