"""Checks, maintenance and what was found, in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Shows, Tells
from api.problems import Refused
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Gathers
from incidents.rights import visible_to
from monitoring.calling.operation import Calls, TakenSerializer
from monitoring.defining import actions, listing, views
from monitoring.defining.trying import try_check
from monitoring.load import views as load
from monitoring.models import CapacityReview, Check, CheckResult, Health, LoadTest, MaintenanceWindow, Outage, RecoveryTest
from monitoring.models.check import EDITS
from monitoring.planning import views as planning
from monitoring.recovery import views as recovery
from monitoring.uptime.charts import slowest_of_95
from monitoring.uptime.periods import WORDS, period_of
from monitoring.uptime.reckoning import Share, share_of
from tenancy.scope import now
from workflow.outgoing.masking import masked

PERIOD = {
    "period": f"One of {', '.join(WORDS)}; the last 30 days by default.",
    "from": "The first day, with `to` instead of a period.",
    "to": "The last day.",
}


class HealthCheckSerializer(RecordSerializer[Check]):
    """What is watched, and how it is. What was found last is at `checks/{id}/health`."""

    has_secret = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Check
        fields: ClassVar[list[str]] = [
            "id", "name", "kind", "system", "critical", "status", "url", "host", "port", "database", "username", "use_tls",
            "header", "has_secret", "expected_statuses", "expected_text", "certificate_days", "tls_at_least", "interval",
            "timeout", "failures", "successes", "slow_after", "value_unit", "warn_above", "fail_above", "warn_below",
            "fail_below", "target", "made_by", "made_at",
        ]  # fmt: skip

    def get_has_secret(self, check: Check) -> bool:
        """Whether it has one; it is never shown."""
        return bool(check.secret)

    def get_url(self, check: Check) -> str:
        """The address; a secret in its query is left out, and put back where it is sent so."""
        return masked(check.url)


class HealthSerializer(serializers.Serializer[Any]):
    """What is known of a check now."""

    health = serializers.ChoiceField(["healthy", "degraded", "down", "unknown"])
    since = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    last_outcome = serializers.CharField(allow_blank=True)
    last_detail = serializers.CharField(allow_blank=True)
    last_ms = serializers.IntegerField(allow_null=True)
    last_value = serializers.FloatField(allow_null=True)
    certificate_until = serializers.DateTimeField(allow_null=True)


class FoundSerializer(serializers.Serializer[Any]):
    """What one look for the asking found; unknown: it could not be made. It is not kept."""

    outcome = serializers.ChoiceField(["healthy", "degraded", "down", "unknown"])
    detail = serializers.CharField(allow_blank=True)
    duration_ms = serializers.IntegerField(allow_null=True)


class ShareSerializer(serializers.Serializer[Any]):
    """Uptime in percent of the time in which something was known, outside of planned maintenance; the rest in seconds."""

    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    uptime = serializers.FloatField(allow_null=True, help_text="(up) / (up + down), in percent; null where nothing is known.")
    target = serializers.FloatField()
    up = serializers.FloatField()
    degraded = serializers.FloatField(help_text="A part of `up`.")
    down = serializers.FloatField()
    maintenance = serializers.FloatField()
    paused = serializers.FloatField()
    unknown = serializers.FloatField()
    p95_ms = serializers.IntegerField(
        allow_null=True,
        help_text="95 % of the answers took at most so many milliseconds, to within 2 %; null where none is known.",
    )


class ResultSerializer(serializers.ModelSerializer[CheckResult]):
    """One look or call; unknown: it could not be made."""

    class Meta:
        model = CheckResult
        fields: ClassVar[list[str]] = [
            "id", "due_at", "started_at", "outcome", "duration_ms", "value", "detail", "in_maintenance",
        ]  # fmt: skip


class ResultsSerializer(serializers.Serializer[Any]):
    """The last results, the newest first."""

    results = ResultSerializer(many=True)


class OutageSerializer(RecordSerializer[Outage]):
    """A time in which something was down."""

    incident = serializers.SerializerMethodField()

    class Meta:
        model = Outage
        fields: ClassVar[list[str]] = ["id", "status", "started_at", "confirmed_at", "ended_at", "detail", "incident"]

    def get_incident(self, row: Outage) -> str | None:
        """Its incident, for those who may see it."""
        if row.incident_id is None:
            return None
        seen = visible_to(self.context["request"].member).filter(pk=row.incident_id).exists()
        return str(row.incident_id) if seen else None


class AddressSerializer(serializers.Serializer[Any]):
    """The secret part of the address that a job calls. It is shown once."""

    key = serializers.CharField()


class MaintenanceSerializer(RecordSerializer[MaintenanceWindow]):
    """Maintenance that was planned."""

    checks = serializers.SerializerMethodField()

    class Meta:
        model = MaintenanceWindow
        fields: ClassVar[list[str]] = ["id", "name", "starts_at", "ends_at", "checks", "reason", "status", "set_by", "set_at"]

    def get_checks(self, window: MaintenanceWindow) -> list[str]:
        """The checks that it is about; none: all."""
        return sorted(str(row.check_of_id) for row in window.checks.all())


_FOUND = ("last_at", "last_outcome", "last_detail", "last_ms", "last_value", "certificate_until")
_SHARED = ("begins", "ends", "uptime", "up", "degraded", "down", "maintenance", "paused", "unknown")
MOST = 1_000


def _health(_request: ApiRequest, check: Check) -> dict[str, Any]:
    found = {name: getattr(check, name) for name in _FOUND}
    health = check.health_at(now())
    return {**found, "health": health, "since": check.since if health != Health.UNKNOWN else None}


def _uptime(request: ApiRequest, check: Check, **asked: str) -> dict[str, Any]:
    if asked["period"] and asked["period"] not in WORDS:
        raise Refused(400, f"A period is one of {', '.join(WORDS)}.")
    spell = period_of(asked, request.organization.today()).spell
    share: Share = share_of(check, *spell)
    told = {name: getattr(share, name) for name in _SHARED}
    return {**told, "target": float(check.target), "p95_ms": slowest_of_95(check, *spell)}


def _results(_request: ApiRequest, check: Check) -> dict[str, Any]:
    return {"results": CheckResult.objects.filter(check_of=check)[:MOST]}


def _outages(_request: ApiRequest, check: Check) -> QuerySet[Outage]:
    return Outage.objects.filter(check_of=check)


def _try(_request: ApiRequest, check: Check) -> Any:
    return try_check(check)


def _resume(request: ApiRequest, check: Check) -> Check:
    return actions.resume(check, actor=request.member)


def _restore(request: ApiRequest, check: Check) -> Check:
    return actions.restore(check, actor=request.member)


def _address(request: ApiRequest, check: Check) -> dict[str, str]:
    return {"key": actions.new_address(check, actor=request.member)}


class HealthCheckApi(Resource):
    """What is watched."""

    output = HealthCheckSerializer
    tag = "Monitoring"
    list = Lists(screen=listing.CheckList, filters=("health", "maintenance", "kind", "critical", "status"))
    retrieve = Shows(screen=views.CheckDetail)
    create = Creates(screen=views.CheckCreate)
    partial_update = Changes(screen=views.CheckEdit)
    pause = Does(screen=views.CheckPause)
    resume = Acts(permission=EDITS, summary="Look again.", do=_resume)
    retire = Does(screen=views.CheckRetire)
    restore = Acts(permission=EDITS, summary="Look again at what was retired.", do=_restore)
    try_now = Acts(permission=EDITS, summary="Look once; what is found is not kept.", do=_try, output=FoundSerializer)
    address = Acts(permission=EDITS, summary="A new address for a job to call.", do=_address, output=AddressSerializer)
    health = Tells(permission=listing.READ, summary="How it is now.", below=True, do=_health, output=HealthSerializer)
    uptime = Tells(permission=listing.READ, summary="Its uptime.", below=True, do=_uptime, asked=PERIOD, output=ShareSerializer)
    heartbeat = Calls(
        permission="monitoring.push",
        summary="A job calls, or a program sends a value.",
        words="Permission: `monitoring.push`. A heartbeat needs no body; `failed` says that the job has failed; a check of a "
        "value needs `value`.",
        output=TakenSerializer,
    )
    results = Tells(permission=listing.READ, summary="Its last 1,000 results.", below=True, do=_results, output=ResultsSerializer)
    outages = Gathers(
        permission=listing.READ, summary="Its outages, the last first.", below=True, rows=_outages, output=OutageSerializer
    )


class MaintenanceApi(Resource):
    """Planned maintenance."""

    output = MaintenanceSerializer
    tag = "Monitoring"
    list = Lists(screen=planning.MaintenanceList, filters=("state",))
    retrieve = Shows(screen=planning.MaintenanceDetail)
    create = Creates(screen=planning.MaintenanceCreate)
    partial_update = Changes(screen=planning.MaintenanceEdit)
    cancel = Does(screen=planning.MaintenanceCancel)


class RecoverySerializer(RecordSerializer[RecoveryTest]):
    """A test that what is lost comes back. Times in minutes; null: it did not come back, or could not be told."""

    passed = serializers.BooleanField(help_text="It works, in time, without losing too much.")

    class Meta:
        model = RecoveryTest
        fields: ClassVar[list[str]] = [
            "id", "reference", "kind", "system", "what", "tested_on", "tested_by", "works", "rto_target_minutes", "rto_minutes",
            "rpo_target_minutes", "rpo_minutes", "passed", "notes", "evidence", "recorded_at",
        ]  # fmt: skip


class CapacitySerializer(RecordSerializer[CapacityReview]):
    """A quarter's look at capacity."""

    class Meta:
        model = CapacityReview
        fields: ClassVar[list[str]] = [
            "id", "reference", "quarter_starts_on", "reviewed_on", "reviewed_by", "findings", "measures", "enough", "evidence",
            "recorded_at",
        ]  # fmt: skip


class LoadSerializer(RecordSerializer[LoadTest]):
    """A test under load. The 95th percentile of the answers in milliseconds, errors in percent; null: it was not measured."""

    result = serializers.ChoiceField(
        LoadTest.Result.choices,
        help_text="Failed where a measured value breaks its limit; not evaluable where none does and one is missing.",
    )

    class Meta:
        model = LoadTest
        fields: ClassVar[list[str]] = [
            "id", "reference", "before", "system", "tested_on", "tested_by", "unit", "load_aimed", "load_reached",
            "answer_limit_ms", "answer_ms", "errors_allowed", "errors_seen", "result", "notes", "evidence", "recorded_at",
        ]  # fmt: skip


class RecoveryApi(Resource):
    """Tests that what is lost comes back."""

    output = RecoverySerializer
    tag = "Monitoring"
    list = Lists(screen=recovery.RecoveryList)
    retrieve = Shows(screen=recovery.RecoveryDetail)
    create = Creates(screen=recovery.RecoveryCreate)


class CapacityApi(Resource):
    """Reviews of capacity."""

    output = CapacitySerializer
    tag = "Monitoring"
    list = Lists(screen=recovery.CapacityList)
    retrieve = Shows(screen=recovery.CapacityDetail)
    create = Creates(screen=recovery.CapacityCreate)


class LoadApi(Resource):
    """Tests that the product carries what is expected of it."""

    output = LoadSerializer
    tag = "Monitoring"
    list = Lists(screen=load.LoadList)
    retrieve = Shows(screen=load.LoadDetail)
    create = Creates(screen=load.LoadCreate)
