"""Links of incidents in the API."""

from typing import ClassVar

from django.db.models import QuerySet

from api.operations import Does
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds
from incidents.links import views
from incidents.models import IncidentLink
from incidents.rights import EVERYBODY, visible_to


class IncidentLinkSerializer(RecordSerializer[IncidentLink]):
    """A record that an incident has to do with; `label` is its number."""

    class Meta:
        model = IncidentLink
        fields: ClassVar[list[str]] = ["id", "incident", "kind", "target", "label", "note", "status", "linked_by", "linked_at"]


def seen(request: ApiRequest) -> QuerySet[IncidentLink]:
    """Links of incidents that the member sees."""
    return IncidentLink.objects.filter(incident__in=visible_to(request.member).values("pk"))


class IncidentLinkApi(Resource):
    """Links of incidents."""

    output = IncidentLinkSerializer
    tag = "Incidents"
    holds = False
    retrieve = Finds(permission=EVERYBODY, summary="One link.", rows=seen)
    remove = Does(screen=views.LinkRemove)
