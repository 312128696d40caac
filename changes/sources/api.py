"""Sources of changes in the API. Their secrets are made by people: the screen asks for a second factor."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.work import JobSerializer
from changes.models import ChangeSource, Delivery
from changes.sources import actions, listing, views
from changes.sources.actions import RUN
from changes.sources.forms import ImportForm, ListForm
from changes.sources.importing import receive
from changes.sources.tasks import start_import
from workflow.models import Job


class SourceSerializer(RecordSerializer[ChangeSource]):
    """Where changes come from by themselves."""

    systems = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField(help_text="Where its webhook delivers.")

    class Meta:
        model = ChangeSource
        fields: ClassVar[list[str]] = [
            "id", "name", "provider", "repositories", "branches", "environments", "systems", "directory", "signed_only", "status",
            "address", "secret_at", "former_until", "delivered_at", "refused", "refused_at", "refused_why", "made_by", "made_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_systems(self, source: ChangeSource) -> list[str]:
        """The systems that its changes affect."""
        return sorted(str(row.system_id) for row in source.systems.all())

    def get_address(self, source: ChangeSource) -> str:
        """With the organization's name in it."""
        return views.address_of(source, self.context["request"].organization)


class DeliverySerializer(RecordSerializer[Delivery]):
    """One delivery, or one row of a list, and what became of it."""

    class Meta:
        model = Delivery
        fields: ClassVar[list[str]] = [
            "id", "source", "key", "digest", "event", "act", "repository", "change", "outcome", "detail", "size", "received_at",
            "repeats", "repeated_at",
        ]  # fmt: skip


class GivenListForm(ListForm, ImportForm):
    """A list as gh prints it, imported at once."""


def _restore(request: ApiRequest, source: ChangeSource) -> None:
    actions.restore(source, actor=request.member)


def _import(request: ApiRequest, source: ChangeSource, *, file: Any, leave_out_wrong: bool = False) -> Job:
    stored = receive(source, actor=request.member, upload=file)
    return start_import(stored, source, actor=request.member, leave_out_wrong=leave_out_wrong)


def _with_systems(rows: Any) -> Any:
    return rows.prefetch_related("systems")


class SourceApi(Resource):
    """Sources of changes."""

    output = SourceSerializer
    tag = "Sources of changes"
    list = Lists(screen=listing.SourceList, widen=_with_systems)
    retrieve = Shows(screen=views.SourceDetail)
    create = Creates(screen=views.SourceCreate)
    partial_update = Changes(screen=views.SourceEdit)
    retire = Does(screen=views.SourceRetire)
    restore = Acts(permission=RUN, summary="Listen to it again.", do=_restore)
    deliveries = Lists(screen=listing.DeliveryList, below=True, filters=("file",), output=DeliverySerializer)
    import_list = Acts(
        permission=RUN,
        summary="Import a list of pull requests as gh prints it.",
        words="Permission: `changes.write`. A worker does it row by row: the job says how far it is, the deliveries what became "
        "of each row. Sent again, the same list changes nothing.",
        form=GivenListForm,
        do=_import,
        output=JobSerializer,
    )
