"""The audit trail in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from audit.access import AccessLog, kind_of, origin_of
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


class AccessSerializer(EventSerializer):
    """Somebody who came, wrote, took something away or looked at what is administrative, or was refused: with from where."""

    kind = serializers.SerializerMethodField(help_text="Sign-in, Write, Taken away, Administrative read, Denied, Refused write.")
    origin = serializers.SerializerMethodField()

    class Meta(EventSerializer.Meta):
        fields: ClassVar[list[str]] = [
            "id", "at", "kind", "verb", "result", "actor_id", "actor_name", "object_kind", "object_id", "object_name", "origin",
        ]  # fmt: skip

    def get_kind(self, event: AuditEvent) -> str:
        """In words."""
        return kind_of(event)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_origin(self, event: AuditEvent) -> dict[str, str]:
        """Address, browser or program, the beginning of a token, and the path."""
        return origin_of(event)


class AccessApi(Resource):
    """The access log."""

    output = AccessSerializer
    tag = "Audit trail"
    by_time = True
    list = Lists(screen=AccessLog, filters=("kind", "result", "actor", "when", "from", "to"))
    retrieve = Shows(screen=EventDetail)
