"""Incidents in the API: what was opened and moved, and all that hangs on one."""

from django.db.models import QuerySet

from api.operations import Does
from api.requests import ApiRequest
from api.rows import Gathers
from incidents.clocks import views as clocks_views
from incidents.clocks.api import IncidentImpactSerializer, IncidentMomentSerializer, NotificationClockSerializer
from incidents.lifecycle.api import LifecycleApi
from incidents.links import views as links_views
from incidents.links.api import IncidentLinkSerializer
from incidents.models import (
    Incident,
    IncidentEntry,
    IncidentImpact,
    IncidentLink,
    IncidentMoment,
    IncidentReview,
    IncidentTask,
    NotificationClock,
)
from incidents.reviewing import views as reviewing_views
from incidents.reviewing.api import IncidentReviewSerializer
from incidents.rights import EVERYBODY
from incidents.timeline import views as timeline_views
from incidents.timeline.api import IncidentEntrySerializer
from incidents.todo import views as todo_views
from incidents.todo.api import IncidentTaskSerializer


def _entries(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentEntry]:
    return IncidentEntry.objects.filter(incident=incident)


def _tasks(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentTask]:
    return IncidentTask.objects.filter(incident=incident)


def _links(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentLink]:
    return IncidentLink.objects.filter(incident=incident)


def _clocks(_request: ApiRequest, incident: Incident) -> QuerySet[NotificationClock]:
    return NotificationClock.objects.filter(incident=incident)


def _moments(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentMoment]:
    return IncidentMoment.objects.filter(incident=incident)


def _impacts(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentImpact]:
    return IncidentImpact.objects.filter(incident=incident)


def _reviews(_request: ApiRequest, incident: Incident) -> QuerySet[IncidentReview]:
    return IncidentReview.objects.filter(incident=incident).prefetch_related("controls")


class IncidentApi(LifecycleApi):
    """Incidents."""

    timeline = Gathers(permission=EVERYBODY, summary="Its timeline.", below=True, output=IncidentEntrySerializer, rows=_entries)
    write = Does(screen=timeline_views.EntryAdd)
    tasks = Gathers(permission=EVERYBODY, summary="Its tasks.", below=True, output=IncidentTaskSerializer, rows=_tasks)
    add_task = Does(screen=todo_views.TaskAdd)
    links = Gathers(permission=EVERYBODY, summary="Its links.", below=True, output=IncidentLinkSerializer, rows=_links)
    link = Does(screen=links_views.LinkAdd)
    raise_finding = Does(screen=links_views.FindingRaise)
    clocks = Gathers(permission=EVERYBODY, summary="Its clocks.", below=True, output=NotificationClockSerializer, rows=_clocks)
    moments = Gathers(
        permission=EVERYBODY,
        summary="When duties began.",
        below=True,
        output=IncidentMomentSerializer,
        rows=_moments,
    )
    set_moment = Does(screen=clocks_views.MomentSet)
    impacts = Gathers(
        permission=EVERYBODY,
        summary="Whose data it affects.",
        below=True,
        output=IncidentImpactSerializer,
        rows=_impacts,
    )
    set_impact = Does(screen=clocks_views.ImpactSet)
    reviews = Gathers(permission=EVERYBODY, summary="Its reviews.", below=True, output=IncidentReviewSerializer, rows=_reviews)
    review = Does(screen=reviewing_views.ReviewBegin)
