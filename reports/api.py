"""The dashboard's figures in the API, under the names that dashboards of others expect."""

# ruff: noqa: N815 - those names

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.operations import Tells
from api.problems import Refused
from api.requests import ApiRequest
from api.resources import Resource
from controls.findings.rights import may_see_all
from controls.models import AuditPeriod
from controls.models.state import Design, Operation
from controls.periods.current import usual
from controls.status.parts import WHOLE
from reports.dashboard.data import dashboard_data
from reports.dashboard.views import Dashboard


class PeriodFacts(serializers.Serializer[Any]):
    """The audit period."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    type = serializers.CharField()
    to = serializers.DateField()
    categories = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python."""
        return {**super().get_fields(), "from": serializers.DateField()}


class Named(serializers.Serializer[Any]):
    """A part of a whole."""

    name = serializers.CharField()
    value = serializers.IntegerField()


class Collected(serializers.Serializer[Any]):
    """Evidence of a month."""

    month = serializers.CharField()
    collected = serializers.IntegerField()


class Metrics(serializers.Serializer[Any]):
    """The figures. What was not measured is null, never 0 or 100."""

    overallCompliance = serializers.FloatField(allow_null=True, help_text="Readiness: implemented of in scope, in per cent.")
    implemented = serializers.IntegerField(allow_null=True)
    inScope = serializers.IntegerField(allow_null=True)
    criticalGaps = serializers.IntegerField(allow_null=True)
    overdue = serializers.IntegerField(allow_null=True)
    criticalFindings = serializers.IntegerField(allow_null=True, help_text="Null for those who do not see all findings.")
    controlsByStatus = Named(many=True)
    controlsByOperation = Named(many=True)
    evidenceTrend = Collected(many=True)


class OngoingIncidents(serializers.Serializer[Any]):
    """Incidents that are not resolved, of those that the token's member sees."""

    ongoing = serializers.IntegerField()
    critical = serializers.IntegerField()
    notAcknowledgedInTime = serializers.IntegerField()


class WatchedChecks(serializers.Serializer[Any]):
    """Checks in use, as they stand now. What nobody looked at is neither up nor down."""

    watched = serializers.IntegerField()
    up = serializers.IntegerField()
    down = serializers.IntegerField()
    unknown = serializers.IntegerField()


class OpenVulnerabilities(serializers.Serializer[Any]):
    """Vulnerabilities that are not fixed and not accepted."""

    open = serializers.IntegerField()
    critical = serializers.IntegerField()
    overdue = serializers.IntegerField()


class ProcessedDocuments(serializers.Serializer[Any]):
    """What became of the documents of the last hours; those that partly succeeded are in neither number."""

    hours = serializers.IntegerField()
    documents = serializers.IntegerField()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    successRate = serializers.FloatField(allow_null=True, help_text="In per cent; null without documents.")


class RegisteredRisks(serializers.Serializer[Any]):
    """Of the register of risks."""

    open = serializers.IntegerField(help_text="Not closed.")
    grave = serializers.IntegerField(help_text="High or critical with their controls.")
    overdue = serializers.IntegerField(help_text="Not reviewed in time.")
    untreated = serializers.IntegerField(help_text="Open and rated, and nobody chose what is done about them.")
    acceptancesEnding = serializers.IntegerField(help_text="Acceptances that end within 30 days.")


class HeldPolicies(serializers.Serializer[Any]):
    """Of policies, and of the acknowledgements that are asked for now."""

    inForce = serializers.IntegerField()
    overdue = serializers.IntegerField(help_text="In force and not reviewed in time.")
    acknowledgementsAsked = serializers.IntegerField(help_text="In campaigns under way.")
    acknowledgementsConfirmed = serializers.IntegerField(help_text="Of these those that are confirmed.")
    acknowledgementsOverdue = serializers.IntegerField()


class UsedVendors(serializers.Serializer[Any]):
    """Of vendors in use."""

    inUse = serializers.IntegerField()
    overdue = serializers.IntegerField(help_text="Not reviewed in time.")
    dueSoon = serializers.IntegerField(help_text="To be reviewed within 30 days.")
    documentsExpired = serializers.IntegerField(help_text="Expired, and none of the same kind follows.")
    documentsExpiring = serializers.IntegerField(help_text="Within 30 days, and none of the same kind follows.")


class OwedPrivacy(serializers.Serializer[Any]):
    """Of requests of people and of customers who left; null where the token may not read them."""

    requestsOpen = serializers.IntegerField(allow_null=True)
    requestsOverdue = serializers.IntegerField(allow_null=True)
    customersOpen = serializers.IntegerField(allow_null=True, help_text="Customers who left and whose data is not gone yet.")
    customersOverdue = serializers.IntegerField(allow_null=True)


class Risks(serializers.Serializer[Any]):
    """Of the whole organization, now: incidents and health, policies, vendors, risks, privacy. Null where it may not be read."""

    incidents = OngoingIncidents(allow_null=True)
    checks = WatchedChecks(allow_null=True)
    vulnerabilities = OpenVulnerabilities(allow_null=True)
    processing = ProcessedDocuments(allow_null=True)
    policies = HeldPolicies(allow_null=True)
    vendors = UsedVendors(allow_null=True)
    register = RegisteredRisks(allow_null=True)
    privacy = OwedPrivacy(allow_null=True)


class ControlFigures(serializers.Serializer[Any]):
    """A control in scope, with its status and the reasons for it."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    owner = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(Design.choices)
    operation = serializers.ChoiceField(Operation.choices)
    reasons = serializers.ListField(child=serializers.CharField())
    evidenceCount = serializers.IntegerField()
    lastTested = serializers.DateField(allow_null=True)
    nextReview = serializers.DateField(allow_null=True)


@extend_schema_serializer(component_name="Dashboard")
class DashboardSerializer(serializers.Serializer[Any]):
    """The dashboard of an audit period."""

    period = PeriodFacts(allow_null=True)
    scope = serializers.CharField()
    asOf = serializers.DateField()
    metrics = Metrics()
    risks = Risks()
    controls = ControlFigures(many=True)


def _figures(request: ApiRequest, *, period: str, scope: str) -> dict[str, Any]:
    try:
        found = dashboard_data(_period(request, period), request.organization, scope or WHOLE, request.member)
    except KeyError as error:
        raise Refused(400, "The period does not have this scope.") from error
    if not may_see_all(request.member):
        found["metrics"]["criticalFindings"] = None
    return found


def _period(request: ApiRequest, key: str) -> AuditPeriod | None:
    if not key:
        return usual(list(AuditPeriod.objects.all()), request.organization.today())
    try:
        found = AuditPeriod.objects.filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(400, "There is no such period.")
    return found


class DashboardApi(Resource):
    """The dashboard."""

    output = DashboardSerializer
    tag = "Dashboard"
    show = Tells(
        permission=Dashboard.permission,
        summary="Where the organization stands in an audit period.",
        asked={
            "period": "The period's id; left out, the open one around today, else the latest.",
            "scope": "A category or criteria family, such as CC6; left out, everything in scope.",
        },
        do=_figures,
    )
