"""Freezes, and what goes through them, in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from changes.calendar import listing, views
from changes.calendar.listing import EVERYBODY
from changes.models import ChangeFreezeOverride, FreezeWindow
from changes.rights import visible_to


class FreezeSerializer(RecordSerializer[FreezeWindow]):
    """A time in which some systems, or all, are not to be changed."""

    systems = serializers.SerializerMethodField()

    class Meta:
        model = FreezeWindow
        fields: ClassVar[list[str]] = [
            "id", "name", "starts_at", "ends_at", "systems", "reason", "status", "set_by", "set_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_systems(self, freeze: FreezeWindow) -> list[str]:
        """The systems that it holds; none: all."""
        return sorted(str(row.system_id) for row in freeze.systems.all())


class OverrideSerializer(RecordSerializer[ChangeFreezeOverride]):
    """A change that goes through a freeze, for the window that it had then."""

    class Meta:
        model = ChangeFreezeOverride
        fields: ClassVar[list[str]] = [
            "id", "change", "freeze", "reason", "window_from", "window_until", "given_by", "given_at", "status",
        ]  # fmt: skip


def _overrides(request: ApiRequest) -> QuerySet[ChangeFreezeOverride]:
    return ChangeFreezeOverride.objects.filter(change__in=visible_to(request.member).values("pk")).select_related("change")


class FreezeApi(Resource):
    """Times in which nothing is to be changed."""

    output = FreezeSerializer
    tag = "Changes"
    list = Lists(screen=listing.FreezeList, filters=("state",))
    retrieve = Shows(screen=views.FreezeDetail)
    create = Creates(screen=views.FreezeCreate)
    partial_update = Changes(screen=views.FreezeEdit)
    cancel = Does(screen=views.FreezeCancel)
    restore = Does(screen=views.FreezeRestore)


class OverrideApi(Resource):
    """Changes that were let through a freeze."""

    output = OverrideSerializer
    tag = "Changes"
    holds = False  # the action locks the change before it, and so must everybody
    list = Gathers(permission=EVERYBODY, summary="What was let through a freeze.", rows=_overrides)
    retrieve = Finds(permission=EVERYBODY, summary="One of them.", rows=_overrides)
    withdraw = Does(screen=views.OverrideWithdraw)
