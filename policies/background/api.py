"""Background checks in the API, for those who see them."""

from typing import ClassVar

from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from policies.background import listing, views
from policies.models import BackgroundCheck
from policies.models.background import DESTROYED, UNREADABLE


class BackgroundCheckSerializer(RecordSerializer[BackgroundCheck]):
    """Somebody was checked before they got access."""

    outcome = serializers.ChoiceField(choices=[*BackgroundCheck.Outcome.choices, (UNREADABLE, DESTROYED)])
    note = serializers.CharField()

    class Meta:
        model = BackgroundCheck
        fields: ClassVar[list[str]] = [
            "id", "person", "checked_on", "provider", "outcome", "note", "recorded_by", "recorded_at", "status",
            "withdrawn_reason",
        ]  # fmt: skip


class BackgroundCheckApi(Resource):
    """The register of background checks."""

    output = BackgroundCheckSerializer
    tag = "Policies"
    list = Lists(screen=listing.CheckList)
    retrieve = Shows(screen=views.CheckDetail)
    create = Creates(screen=views.CheckCreate)
    partial_update = Changes(screen=views.CheckEdit)
    withdraw = Does(screen=views.CheckWithdraw)
