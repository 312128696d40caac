"""Control events, alerts and their rules in the API."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from api.idempotency import once
from api.operations import Changes, Creates, Does, Lists, Operation, Shows, Tells
from api.problems import Refused, invalid, pointer
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from controls.events import listing, views
from controls.events.actions import MOST, OWN, Outcome, log_events
from controls.events.hiding import events_seen_by
from controls.events.schemas import SCHEMAS
from controls.events.totals import KindTotal, Totals, totals_of
from controls.models import Alert, AlertRule, ControlEvent
from controls.models.event import EventKind

if TYPE_CHECKING:
    from django.http import HttpResponse

SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}")
_SOURCE = f"The system that logs them: letters, digits and . _ : / -, at most 60. `{SOURCE.pattern}`"


@extend_schema_field(
    {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST,
        "items": {
            "type": "object",
            "description": "An event. The schema of its kind, at `control-events/schemas`, says all of it.",
            "required": ["event_id", "kind", "control", "occurred_at", "data"],
            "properties": {
                "event_id": {"type": "string", "maxLength": 200, "pattern": "^[!-~]+$"},
                "kind": {"type": "string", "enum": EventKind.values},
                "control": {"type": "string", "maxLength": 36, "description": "The control's code or id."},
                "occurred_at": {"type": "string", "format": "date-time"},
                "data": {"type": "object", "additionalProperties": True},
            },
        },
    }
)
class EventsField(serializers.Field[Any, Any, Any, Any]):
    """The events of a request, each of which is checked against the schema of its kind."""


class LogSerializer(serializers.Serializer[Any]):
    """Up to 500 events of one system."""

    events = EventsField()

    def get_fields(self) -> dict[str, Any]:
        """With their system, by a name that serializers use themselves."""
        return {"source": serializers.RegexField(f"^{SOURCE.pattern}$", help_text=_SOURCE), **super().get_fields()}


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong with one event, as problem details (RFC 9457); pointers are within the event."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """With the errors, by a name that serializers use themselves."""
        return {
            **super().get_fields(),
            "errors": serializers.ListField(child=serializers.DictField(child=serializers.CharField())),
        }


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one event. Hash and id are those of the event as it is kept, also for a duplicate."""

    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    event_id = serializers.CharField(help_text="The sender's own id, as far as it is one.")
    status = serializers.ChoiceField(["accepted", "duplicate", "refused"])
    id = serializers.UUIDField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True, help_text="Over the canonical JSON of the event, with its source.")
    problem = ProblemSerializer(allow_null=True)


class LoggedSerializer(serializers.Serializer[Any]):
    """A result for each event, in their order."""

    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = OutcomeSerializer(many=True)


class ControlEventSerializer(RecordSerializer[ControlEvent]):
    """An event as it was sent. `body` is the exact text under the hash."""

    control_code = serializers.CharField(source="control.code")

    class Meta:
        model = ControlEvent
        fields: ClassVar[list[str]] = [
            "id", "kind", "source", "event_id", "control", "control_code", "occurred_at", "month", "result", "notable",
            "subject", "actor", "ip", "measure", "body", "sha256", "batch",
        ]  # fmt: skip


class SchemasSerializer(serializers.Serializer[Any]):
    """JSON Schemas (draft 2020-12) by kind."""

    schemas = serializers.DictField(child=serializers.DictField())


class KindTotalSerializer(serializers.Serializer[Any]):
    """The events of a kind. The numbers are over what the kind counts: percent of uptime, minutes, items or records."""

    kind = serializers.CharField()
    events = serializers.IntegerField()
    worth_a_look = serializers.IntegerField()
    results = serializers.DictField(child=serializers.IntegerField())
    with_number = serializers.IntegerField(help_text="How many of them have a number.")
    sum = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    least = serializers.FloatField(allow_null=True)
    most = serializers.FloatField(allow_null=True)


class ControlTotalSerializer(serializers.Serializer[Any]):
    """The events of a control by kind."""

    control = serializers.UUIDField()
    code = serializers.CharField()
    events = serializers.IntegerField()
    worth_a_look = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.IntegerField())
    last_at = serializers.DateTimeField()


class TotalsSerializer(serializers.Serializer[Any]):
    """Totals over a span of days of the organization."""

    kinds = KindTotalSerializer(many=True)
    controls = ControlTotalSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """With the days, one of whose names Python keeps for itself."""
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


@dataclass(frozen=True, kw_only=True)
class Logs(Operation):
    """Up to 500 events at once, with a result for each; once for each Idempotency-Key."""

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]]:
        """For the schema; a request is read by hand, since the events have schemas of their own."""
        return LogSerializer

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> "Response | HttpResponse":
        """Keep what can be kept."""
        return once(request, lambda: self._log(request))

    def _log(self, request: ApiRequest) -> Response:
        data: Any = request.data
        if errors := list(_misfits(data)):
            raise invalid(errors)
        found = log_events(data["events"], source=data["source"], organization=request.organization, actor=request.member)
        return Response(shown_log(found))


def _misfits(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the request as a whole."""
    source, events = data.get("source"), data.get("events")
    if not isinstance(source, str) or SOURCE.fullmatch(source) is None:
        yield pointer("source"), "Name the system that logs these events, in letters, digits and . _ : / -, at most 60."
    elif source.lower() == OWN:
        yield pointer("source"), "That is Plumbline's own name, for what it logs of its changes."
    if not isinstance(events, list) or not 1 <= len(events) <= MOST:
        yield pointer("events"), f"Send from 1 to {MOST} events."
    yield from ((pointer(name), "There is no such field.") for name in data if name not in {"source", "events"})


def shown_log(found: list[Outcome]) -> dict[str, Any]:
    """The answer to a request."""
    counts = {name: sum(one.status == status for one in found) for name, status in _COUNTED.items()}
    return {**counts, "results": [_shown(index, one) for index, one in enumerate(found)]}


_COUNTED = {"accepted": "accepted", "duplicates": "duplicate", "refused": "refused"}


def _shown(index: int, one: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"index": index, "event_id": one.event_id, "status": one.status, "id": None, "sha256": None}
    if one.id is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        errors = [{"pointer": where, "detail": words} for where, words in one.errors]
        about = {"type": "about:blank", "title": status.phrase, "status": status.value}
        return {**shown, "problem": {**about, "detail": "This event was not kept.", "errors": errors}}
    return {**shown, "id": str(one.id), "sha256": one.sha256, "problem": None}


def _schemas(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    if kind and kind not in SCHEMAS:
        raise Refused(400, "There is no such kind.")
    return {"schemas": {name: schema for name, schema in SCHEMAS.items() if kind in {"", name}}}


def _totals(request: ApiRequest, *, control: str, **days: str) -> dict[str, Any]:
    """The last 30 days unless the address says otherwise."""
    today = request.organization.today()
    last = _day(days["to"], today)
    first = _day(days["from"], last - dt.timedelta(days=29))
    totals = totals_of(events_seen_by(request.member), request.organization, first, last, control=_key(control))
    return {"from": first, "to": last, **_shown_totals(totals)}


def _shown_totals(totals: Totals) -> dict[str, Any]:
    controls = [
        {
            "control": one.id,
            "code": one.code,
            "events": one.events,
            "worth_a_look": one.notable,
            "kinds": one.kinds,
            "last_at": one.last_at,
        }
        for one in totals.controls
    ]
    return {"kinds": [_shown_kind(one) for one in totals.kinds], "controls": controls}


def _shown_kind(one: KindTotal) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "events": one.events,
        "worth_a_look": one.notable,
        "results": {result: count for result, _, count in one.by_result},
        "with_number": one.known,
        "sum": one.total if one.known else None,
        "mean": one.mean,
        "least": one.least,
        "most": one.most,
    }


def _day(text: str, usual: dt.date) -> dt.date:
    if not text:
        return usual
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, "A day looks like 2026-01-31.") from error
    if not FIRST <= day <= LAST:
        raise Refused(400, "A day lies between the years 2000 and 2999.")
    return day


FIRST, LAST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Refused(400, "control is the id of a control.") from error


class ControlEventApi(Resource):
    """Control events."""

    output = ControlEventSerializer
    tag = "Control events"
    list = Lists(screen=listing.EventList, filters=("category", "look", "result", "source", "month", "from", "to", "control"))
    retrieve = Shows(screen=views.EventDetail)
    create = Logs(
        permission="events.write",
        summary="Log up to 500 events of one system.",
        words="Permission: `events.write`. The answer is 200 also when events are refused: each has a result of its own. An "
        "event that was logged before under its `source` and `event_id` is a duplicate and gets the id of the first.",
        output=LoggedSerializer,
    )
    schemas = Tells(
        permission="controls.read",
        summary="What an event of each kind must say.",
        asked={"kind": "One kind only."},
        do=_schemas,
        output=SchemasSerializer,
    )
    totals = Tells(
        permission="controls.read",
        summary="What the events of a span of days add up to, by kind and by control.",
        asked={
            "from": "The first day; 30 days in all unless it is named.",
            "to": "The last day; today unless it is named.",
            "control": "The id of one control.",
        },
        do=_totals,
        output=TotalsSerializer,
    )


class AlertRuleSerializer(RecordSerializer[AlertRule]):
    """When events ask for a look."""

    class Meta:
        model = AlertRule
        fields: ClassVar[list[str]] = ["id", "name", "watches", "threshold", "minutes", "by", "recipients", "status", "made_at"]


class AlertRuleApi(Resource):
    """Alert rules."""

    output = AlertRuleSerializer
    tag = "Alert rules"
    list = Lists(screen=listing.RuleList)
    retrieve = Shows(screen=views.RuleDetail)
    create = Creates(screen=views.RuleCreate)
    partial_update = Changes(screen=views.RuleEdit)
    turn_off = Does(screen=views.RuleTurnOff)
    turn_on = Does(screen=views.RuleTurnOn)


class AlertSerializer(RecordSerializer[Alert]):
    """Something that asked for a look."""

    class Meta:
        model = Alert
        fields: ClassVar[list[str]] = [
            "id", "reference", "rule", "control", "watches", "by", "same", "sentence", "seen", "first_at", "until", "raised_at",
            "status", "looked_at", "looked_by", "found",
        ]  # fmt: skip


class AlertApi(Resource):
    """Alerts."""

    output = AlertSerializer
    tag = "Alerts"
    list = Lists(screen=listing.AlertList, filters=("control",))
    retrieve = Shows(screen=views.AlertDetail)
    look = Does(screen=views.AlertLook)
