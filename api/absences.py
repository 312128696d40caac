"""Who is away and who stands in, in the API."""

from typing import ClassVar

from accounts.permissions import HOME
from api.operations import Acts, Changes, Creates, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from workflow.absences import views
from workflow.absences.actions import end_absence
from workflow.models import Absence


class AbsenceSerializer(RecordSerializer[Absence]):
    """Days on which somebody is away, and their deputy."""

    class Meta:
        model = Absence
        fields: ClassVar[list[str]] = ["id", "member", "deputy", "starts_on", "ends_on", "note", "status", "created_at"]


def _end(request: ApiRequest, absence: Absence) -> None:
    end_absence(absence, actor=request.member)


class AbsenceApi(Resource):
    """Absences."""

    output = AbsenceSerializer
    tag = "Absences"
    list = Lists(screen=views.AbsenceList, filters=("state",))
    retrieve = Shows(screen=views.AbsenceDetail)
    create = Creates(screen=views.AbsenceCreate)
    partial_update = Changes(screen=views.AbsenceEdit)
    end = Acts(permission=HOME, summary="They are back early, or do not go.", do=_end)
