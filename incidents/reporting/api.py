"""Security events, and how incidents are opened, in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Retrieves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from incidents.models import Incident, IncidentSettings, SecurityEvent
from incidents.reporting import incident_listing, listing, settings_views, views
from incidents.rights import RUN, may_see
from incidents.settings import named_team, settings_of_incidents


class SecurityEventSerializer(RecordSerializer[SecurityEvent]):
    """Something that was noticed, and what it was."""

    incident = serializers.SerializerMethodField()

    class Meta:
        model = SecurityEvent
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "description", "source", "reported_as", "reported_by", "reported_at", "occurred_at",
            "kind", "severity", "severity_stated", "confidential", "system", "times_seen", "last_seen_at", "status", "incident",
            "evaluated_by", "evaluated_at", "reason",
        ]  # fmt: skip

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_incident(self, event: SecurityEvent) -> str | None:
        """Its incident, for those who may see it."""
        seen = event.incident is not None and may_see(self.context["request"].member, event.incident)
        return str(event.incident_id) if seen else None


class SecurityEventApi(Resource):
    """Security events."""

    output = SecurityEventSerializer
    tag = "Incidents"
    list = Lists(
        screen=listing.EventList,
        filters=("state", "severity", "kind", "source", "whose"),
        widen=lambda rows: rows.select_related("incident"),
    )
    retrieve = Shows(screen=views.EventDetail)
    create = Creates(screen=views.Report)
    rule_out = Does(screen=views.EventRuleOut)
    join = Does(screen=views.EventJoin)
    evaluate_again = Does(screen=views.EventAgain)
    open_incident = Does(screen=views.EventOpen)


class IncidentSerializer(RecordSerializer[Incident]):
    """Something that went wrong."""

    systems = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "description", "kind", "severity", "severity_stated", "gravest", "confidential", "status",
            "data_affected", "systems",
            "reported_by", "reported_at", "detected_by", "assigned_to", "commander", "scribe", "occurred_at", "detected_at",
            "acknowledged_at", "contained_at", "resolved_at", "closed_at", "acknowledge_due_at", "review_due_on", "root_cause",
            "resolution", "dismissed_reason", "times_reopened",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_systems(self, incident: Incident) -> list[str]:
        """The systems that it affects."""
        return sorted(str(row.system_id) for row in incident.systems.all())


class ReportingApi(Resource):
    """Incidents: listed and opened."""

    output = IncidentSerializer
    tag = "Incidents"
    list = Lists(
        screen=incident_listing.IncidentList,
        filters=("view", "state", "severity", "kind", "system", "confidential"),
        widen=lambda rows: rows.prefetch_related("systems"),
    )
    create = Creates(screen=views.IncidentCreate)


class IncidentSettingsSerializer(RecordSerializer[IncidentSettings]):
    """By when incidents are acknowledged and reviewed, and who is told of all of them."""

    team = serializers.SerializerMethodField()

    class Meta:
        model = IncidentSettings
        fields: ClassVar[list[str]] = [
            "acknowledge_critical", "acknowledge_high", "acknowledge_medium", "acknowledge_low", "review_days", "team",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_team(self, _chosen: IncidentSettings) -> list[str]:
        """The members of the security team who are named."""
        return [str(member.pk) for member in named_team()]


class IncidentSettingsApi(Resource):
    """What the organization chose about its incidents: the one record at its address."""

    output = IncidentSettingsSerializer
    tag = "Incidents"
    holds = False
    retrieve = Retrieves(permission=RUN, summary="What holds now.")
    partial_update = Changes(screen=settings_views.SettingsScreen)

    def find(self, request: ApiRequest, **kwargs: Any) -> IncidentSettings:
        """As chosen, or as it is before anybody has chosen."""
        return settings_of_incidents()
