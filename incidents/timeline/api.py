"""The timeline in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from api.operations import Does, Serves
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds
from evidence.downloads import take_away
from evidence.models import StoredFile
from incidents.models import IncidentEntry
from incidents.rights import EVERYBODY, visible_to
from incidents.timeline import views


class IncidentEntrySerializer(RecordSerializer[IncidentEntry]):
    """A line of a timeline. It is never changed; `corrects` names the line that it stands beside."""

    class Meta:
        model = IncidentEntry
        fields: ClassVar[list[str]] = [
            "id", "incident", "kind", "text", "at", "recorded_at", "recorded_by", "recorded_as", "evidence", "corrects",
            "reason",
        ]  # fmt: skip


def seen(request: ApiRequest) -> QuerySet[IncidentEntry]:
    """Lines of incidents that the member sees."""
    return IncidentEntry.objects.filter(incident__in=visible_to(request.member).values("pk"))


def _file(request: ApiRequest, entry: IncidentEntry) -> HttpResponseBase:
    stored = get_object_or_404(StoredFile, pk=entry.file_id)
    return take_away(stored, actor=request.member, evidence=entry.evidence)


class EntryApi(Resource):
    """Lines of timelines."""

    output = IncidentEntrySerializer
    tag = "Incidents"
    holds = False  # nothing of a line changes
    retrieve = Finds(permission=EVERYBODY, summary="One line.", rows=seen)
    correct = Does(screen=views.EntryCorrect)
    file = Serves(permission=EVERYBODY, summary="Its file.", do=_file)
