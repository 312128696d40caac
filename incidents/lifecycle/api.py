"""Moving incidents in the API."""

from typing import ClassVar

from django.db.models import QuerySet

from api.operations import Acts, Changes, Does, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.rows import Gathers
from incidents.lifecycle import actions, acts
from incidents.lifecycle.views import IncidentDetail
from incidents.models import Incident, IncidentMember, IncidentTime
from incidents.reporting.api import ReportingApi
from incidents.rights import EVERYBODY


class IncidentTimeSerializer(RecordSerializer[IncidentTime]):
    """When something was, as somebody recorded it; the latest of each kind holds, null means that it was withdrawn."""

    class Meta:
        model = IncidentTime
        fields: ClassVar[list[str]] = ["id", "incident", "what", "at", "recorded_by", "recorded_as", "recorded_at", "reason"]


class IncidentMemberSerializer(RecordSerializer[IncidentMember]):
    """Somebody of an incident's team."""

    class Meta:
        model = IncidentMember
        fields: ClassVar[list[str]] = ["id", "incident", "member", "added_by", "added_at"]


def _acknowledge(request: ApiRequest, incident: Incident) -> None:
    actions.acknowledge(incident, actor=request.member)


def _investigate(request: ApiRequest, incident: Incident) -> None:
    actions.investigate(incident, actor=request.member)


def _times(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentTime]:
    return IncidentTime.objects.filter(incident=incident)


def _team(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentMember]:
    return IncidentMember.objects.filter(incident=incident)


class LifecycleApi(ReportingApi):
    """What happens to an incident."""

    retrieve = Shows(screen=IncidentDetail)
    partial_update = Changes(screen=acts.IncidentEdit)
    acknowledge = Acts(permission=EVERYBODY, summary="Say that one is on it.", do=_acknowledge)
    investigate = Acts(permission=EVERYBODY, summary="Begin to look into it.", do=_investigate)
    contain = Does(screen=acts.IncidentContain)
    resolve = Does(screen=acts.IncidentResolve)
    close = Does(screen=acts.IncidentClose)
    dismiss = Does(screen=acts.IncidentDismiss)
    reopen = Does(screen=acts.IncidentReopen)
    severity = Does(screen=acts.IncidentSeverity)
    people = Does(screen=acts.IncidentPeople)
    correct_time = Does(screen=acts.IncidentTimes)
    confide = Does(screen=acts.IncidentConfide)
    disclose = Does(screen=acts.IncidentDisclose)
    times = Gathers(
        permission=EVERYBODY,
        summary="Its times, with what was corrected.",
        below=True,
        output=IncidentTimeSerializer,
        rows=_times,
    )
    team = Gathers(permission=EVERYBODY, summary="Its team.", below=True, output=IncidentMemberSerializer, rows=_team)
