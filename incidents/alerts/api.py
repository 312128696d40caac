"""Alerts of other systems come in here, one or many, in a form of our own or as Prometheus Alertmanager sends them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from rest_framework import serializers
from rest_framework.response import Response

from api.admission import spend
from api.operations import Changes, Lists, Operation, Retrieves
from api.problems import invalid, pointer
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from incidents.alerts import receiving, views
from incidents.alerts.reading import MOST, Alert, NotRead, read
from incidents.models import AlertSettings, IncomingAlert, Kind
from incidents.models.severity import WORDS
from incidents.rights import READ, REPORT, events_visible_to, may_see
from tenancy.scope import now


class SentAlertSerializer(serializers.Serializer[Any]):
    """An alert as another system sends it."""

    title = serializers.CharField(max_length=200, help_text="What is wrong, in a line.")
    severity = serializers.CharField(
        max_length=40, required=False, help_text="critical, high, medium or low, or the sender's own word."
    )
    status = serializers.ChoiceField(["firing", "resolved"], required=False, help_text="firing unless it is said.")
    fingerprint = serializers.CharField(
        max_length=500,
        required=False,
        help_text="The same for the same alert; worked out of title and labels where it is left out.",
    )
    description = serializers.CharField(max_length=10_000, required=False)
    kind = serializers.ChoiceField(Kind.choices, required=False, help_text="availability unless it is said.")
    started_at = serializers.DateTimeField(required=False, help_text="With its zone.")
    url = serializers.CharField(max_length=500, required=False, help_text="Where it can be looked at.")
    labels = serializers.DictField(child=serializers.CharField(), required=False)

    def get_fields(self) -> dict[str, Any]:
        """With who sends it, by a name that serializers use themselves."""
        source = serializers.CharField(
            max_length=100, required=False, help_text="Who sends it; the token's owner unless it is said."
        )
        return {"source": source, **super().get_fields()}


class SentAlertsSerializer(SentAlertSerializer):
    """One alert; or up to 200 in `alerts`; or what Prometheus Alertmanager sends to a webhook (version 4)."""

    title = serializers.CharField(max_length=200, required=False)
    alerts = serializers.ListField(child=serializers.DictField(), required=False)


class AlertOutcomeSerializer(serializers.Serializer[Any]):
    """What became of one alert."""

    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    outcome = serializers.ChoiceField(["reported", "counted", "resolved", "unknown"])
    alert = serializers.UUIDField(allow_null=True)
    event = serializers.CharField(allow_null=True, help_text="The number of its security event.")
    event_id = serializers.UUIDField(allow_null=True)
    incident = serializers.CharField(allow_null=True, help_text="The number of its incident.")
    incident_id = serializers.UUIDField(allow_null=True)
    incident_opened = serializers.BooleanField(
        help_text="Whether this request opened it; else the alert joined one that was there."
    )


class AlertsAnsweredSerializer(serializers.Serializer[Any]):
    """A result for each alert, in their order."""

    results = AlertOutcomeSerializer(many=True)


class IncomingAlertSerializer(RecordSerializer[IncomingAlert]):
    """An alert of another system, once however often it was sent."""

    said = serializers.CharField(help_text="The severity in the sender's own word.")
    severity_stated = serializers.BooleanField(help_text="Whether that word states one; else it is medium by default.")

    class Meta:
        model = IncomingAlert
        fields: ClassVar[list[str]] = [
            "id", "title", "severity", "severity_stated", "said", "state", "labels", "times_seen", "first_seen_at",
            "last_seen_at", "resolved_at", "event", "incident",
        ]  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """With who sent it, by a name that serializers use themselves."""
        return {**super().get_fields(), "source": serializers.CharField()}


@dataclass(frozen=True, kw_only=True)
class Receives(Operation):
    """Keeps alerts. Sent again, the same is counted: no Idempotency-Key is needed."""

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]]:
        """For the schema; what was sent is read by hand."""
        return SentAlertsSerializer

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> Response:
        """All of them, or none where one cannot be read."""
        try:
            alerts = read(request.data, source=request.member.name)
        except NotRead as error:
            raise invalid([(pointer(*error.place), str(error))]) from error
        spend(f"alerts:{request.member.pk}", len(alerts), max(MOST, settings.PLUMBLINE_API_RATE), "alerts")
        resource.hold()  # two senders of the same alerts in another order come one after the other
        return Response({"results": [_taken(index, one, request) for index, one in enumerate(alerts)]})


def _taken(index: int, alert: Alert, request: ApiRequest) -> dict[str, Any]:
    """Keep it, and say what the sender may know: the event and incident it is part of; of a confidential one what it sees."""
    since = now()
    row, outcome = receiving.receive(alert, actor=request.member)
    event = row.event if row else None
    incident = (event.incident if event else None) or (row.incident if row else None)
    if event is not None and not events_visible_to(request.member).filter(pk=event.pk).exists():
        event = None
    if incident is not None and incident.confidential and not may_see(request.member, incident):
        incident = None
    return {
        "index": index,
        "outcome": outcome,
        "alert": str(row.pk) if row else None,
        "event": event.reference if event else None,
        "event_id": str(event.pk) if event else None,
        "incident": incident.reference if incident else None,
        "incident_id": str(incident.pk) if incident else None,
        "incident_opened": incident is not None and incident.reported_at >= since,
    }


_WORDS = "; ".join(f"{severity.label.lower()}: {', '.join(words)}" for severity, words in WORDS.items())


class IncomingAlertApi(Resource):
    """Alerts of other systems."""

    output = IncomingAlertSerializer
    tag = "Alerts"
    list = Lists(screen=views.AlertList)
    create = Receives(
        permission=REPORT,
        summary=f"Send an alert, up to {MOST}, or what Prometheus Alertmanager sends.",
        words="Permission: `incidents.report`. The same fingerprint is counted while it fires, and noted when it is resolved. "
        f"By rule it becomes a security event or an incident. Words for severity: {_WORDS}; any other is medium.",
        output=AlertsAnsweredSerializer,
    )


class AlertSettingsSerializer(RecordSerializer[AlertSettings]):
    """How grave an alert opens an incident by itself."""

    class Meta:
        model = AlertSettings
        fields: ClassVar[list[str]] = ["opens"]


class AlertSettingsApi(Resource):
    """The one rule of alerts, at its address."""

    output = AlertSettingsSerializer
    tag = "Alerts"
    holds = False
    retrieve = Retrieves(permission=READ, summary="What holds now.")
    partial_update = Changes(screen=views.AlertSettingsScreen)

    def find(self, request: ApiRequest, **kwargs: Any) -> AlertSettings:
        """As chosen, or as it is before anybody has chosen."""
        return AlertSettings.objects.first() or AlertSettings(opens=receiving.opens())
