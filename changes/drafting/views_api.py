"""The views of the list of changes that somebody keeps, in the API: their own."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from api.operations import Acts, Creates
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from changes.drafting import kept_views
from changes.drafting.about import EVERYBODY
from workflow.kept_views import forget_view
from workflow.models import SavedView


class ViewSerializer(RecordSerializer[SavedView]):
    """A search of the list of changes under a name."""

    query = serializers.CharField(help_text="What follows the question mark in the address of the list: `GET /api/changes?…`.")

    class Meta:
        model = SavedView
        fields: ClassVar[list[str]] = ["id", "name", "query"]


def _own(request: ApiRequest) -> QuerySet[SavedView]:
    return kept_views.KEPT.of(request.member)


def _forget(request: ApiRequest, view: SavedView) -> None:
    forget_view(view, actor=request.member)


class ViewApi(Resource):
    """Kept views of the list of changes: whoever asks has their own."""

    output = ViewSerializer
    tag = "Changes"
    list = Gathers(permission=EVERYBODY, summary="The views that you keep.", rows=_own)
    retrieve = Finds(permission=EVERYBODY, summary="One of them.", rows=_own)
    create = Creates(screen=kept_views.ViewKeep)
    forget = Acts(permission=EVERYBODY, summary="Keep it no longer.", do=_forget)
