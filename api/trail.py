"""The audit trail in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from audit.models import AuditEvent
from audit.views import EventDetail, EventList


class EventSerializer(RecordSerializer[AuditEvent]):
    """Something that happened. `record` is what is hashed, `leaf` the SHA-256 over 0x00 and its canonical bytes."""

    record = serializers.SerializerMethodField()
    body = serializers.CharField(help_text="The exact text that is hashed.")
    leaf = serializers.SerializerMethodField()

    class Meta:
        model = AuditEvent
        fields: ClassVar[list[str]] = [
            "id", "at", "verb", "result", "actor_id", "actor_name", "object_kind", "object_id", "object_name", "record", "body",
            "leaf",
        ]  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_record(self, event: AuditEvent) -> dict[str, Any]:
        """The body, parsed."""
        return event.data

    def get_leaf(self, event: AuditEvent) -> str:
        """As hexadecimal digits."""
        return bytes(event.leaf).hex()


class EventApi(Resource):
    """Events."""

    output = EventSerializer
    tag = "Audit trail"
    by_time = True
    list = Lists(screen=EventList, filters=("result", "area", "verb", "actor", "when", "from", "to", "object"))
    retrieve = Shows(screen=EventDetail)
