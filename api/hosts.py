"""Hosts of the own network that the product may reach. They are allowed by people: the screen asks for a second factor."""

from typing import ClassVar

from api.operations import Does, Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from workflow.models import AllowedHost
from workflow.outgoing import views


class AllowedHostSerializer(RecordSerializer[AllowedHost]):
    """A host that checks and webhooks may reach although it is not on the public internet."""

    class Meta:
        model = AllowedHost
        fields: ClassVar[list[str]] = ["id", "host", "port", "reason", "status", "allowed_by", "allowed_at", "withdrawn_at"]


class AllowedHostApi(Resource):
    """Allowed hosts."""

    output = AllowedHostSerializer
    tag = "Organization"
    list = Lists(screen=views.HostList)
    retrieve = Shows(screen=views.HostDetail)
    withdraw = Does(screen=views.HostWithdraw)
