"""The audit trail in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from audit.masking import shown_body
from audit.models import AuditEvent
from audit.sentences import about
from audit.values import shown_data
from audit.views import EventDetail, EventList


class EventSerializer(RecordSerializer[AuditEvent]):
    """Something that happened. `record` is what is hashed, `leaf` the SHA-256 over 0x00 and its canonical bytes."""

    record = serializers.SerializerMethodField()
    actor_name = serializers.SerializerMethodField()
    object_name = serializers.SerializerMethodField()
    masked = serializers.SerializerMethodField(help_text="Somebody in it was erased: body is not the text that is hashed.")
    body = serializers.SerializerMethodField(help_text="The exact text that is hashed, unless it is masked.")
    leaf = serializers.SerializerMethodField()

    class Meta:
        model = AuditEvent
        fields: ClassVar[list[str]] = [
            "id", "at", "verb", "result", "actor_id", "actor_name", "object_kind", "object_id", "object_name", "record", "body",
            "leaf", "masked",
        ]  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_record(self, event: AuditEvent) -> dict[str, Any]:
        """The body, parsed."""
        return shown_data(event)

    def get_body(self, event: AuditEvent) -> str:
        """The exact text, or what stands in its place."""
        return shown_body(event)

    def get_actor_name(self, event: AuditEvent) -> str:
        """Who acted; somebody who was erased by their pseudonym."""
        return event.pseudonyms[0] or event.actor_name

    def get_object_name(self, event: AuditEvent) -> str:
        """What it is about; somebody who was erased by their pseudonym."""
        return about(event)

    def get_masked(self, event: AuditEvent) -> bool:
        """Whether names were taken out."""
        return any(event.pseudonyms)

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
