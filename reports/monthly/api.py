"""Reports in the API."""

from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Lists, Retrieves, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from evidence.models import Evidence
from reports.models import MonthlyReport, ReportSettings
from reports.monthly import mail, views
from reports.monthly.actions import try_again
from reports.monthly.kept import KINDS
from reports.monthly.listing import READ, WRITE, MonthlyList, ReportList


class ReportSerializer(RecordSerializer[MonthlyReport]):
    """A report: its days, its state, and the hash of the file that holds its figures."""

    sha256 = serializers.SerializerMethodField(help_text="Of the figures as JSON, once they are taken.")

    class Meta:
        model = MonthlyReport
        fields: ClassVar[list[str]] = [
            "id", "reference", "kind", "month", "starts_on", "ends_on", "status", "asked_by", "asked_at", "as_of", "implemented",
            "in_scope", "matters", "sha256", "evidence", "ready_at", "problem",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_sha256(self, report: MonthlyReport) -> str | None:
        """None before they are taken."""
        return report.snapshot.sha256 if report.snapshot else None


@extend_schema_serializer(component_name="PrintedReport")
class PrintedSerializer(RecordSerializer[Evidence]):
    """A report of any kind as PDF, kept as evidence."""

    kind = serializers.ChoiceField(list(KINDS.values()), source="report_kind")
    sha256 = serializers.CharField(source="file.sha256")
    size = serializers.IntegerField(source="file.size", help_text="bytes")
    data_as_of = serializers.DateTimeField(help_text="The moment of its figures.")
    about = serializers.UUIDField(source="subject_id", help_text="The report, gap analysis or review.")

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "kind", "about", "period_from", "period_to", "data_as_of", "collected_at", "sha256",
            "size",
        ]  # fmt: skip


@extend_schema_serializer(component_name="ReportRecipients")
class RecipientsSerializer(serializers.Serializer[Any]):
    """Who is told of each monthly report: those chosen, and those whom that means now."""

    members = serializers.ListField(child=serializers.UUIDField(), source="recipients", help_text="Those chosen.")
    told = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_told(self, _settings: ReportSettings) -> list[Any]:
        """Of those chosen who may read reports, else everybody with the executive role."""
        return [member.pk for member in mail.recipients()]


def _json(request: ApiRequest, report: MonthlyReport) -> HttpResponseBase:
    return views.served_data(report, request)


def _register(request: ApiRequest, report: MonthlyReport) -> HttpResponseBase:
    return views.served_register(report, request)


def _pdf(request: ApiRequest, report: MonthlyReport) -> HttpResponseBase:
    if report.evidence is None:
        raise Http404
    return views.take_away(report.evidence, request)


def _file(request: ApiRequest, evidence: Evidence) -> HttpResponseBase:
    return views.take_away(evidence, request)


def _retry(request: ApiRequest, report: MonthlyReport) -> None:
    try_again(report, actor=request.member)


class ReportApi(Resource):
    """Monthly reports and those on demand."""

    output = ReportSerializer
    tag = "Reports"
    list = Lists(screen=MonthlyList, widen=lambda rows: rows.select_related("snapshot"))
    retrieve = Shows(screen=views.ReportDetail, summary="One report.")
    create = Creates(screen=views.ReportCreate)
    retry = Acts(permission=WRITE, summary="Have a report that failed made now.", do=_retry)
    json = Serves(permission=READ, summary="Its figures as JSON, as they were kept.", do=_json)
    register = Serves(
        permission=READ, summary="Every row of the tables it cuts, as a workbook, where there are such.", do=_register
    )
    pdf = Serves(permission=READ, summary="The report as PDF, once it is printed. The download is noted.", do=_pdf)


class PrintedApi(Resource):
    """Every report of every kind as PDF."""

    output = PrintedSerializer
    tag = "Reports"
    list = Lists(screen=ReportList)
    retrieve = Shows(screen=ReportList, summary="One printed report.")
    file = Serves(permission=READ, summary="The PDF. The download is noted.", do=_file)


class RecipientsApi(Resource):
    """Who is told: the one record at its address."""

    output = RecipientsSerializer
    tag = "Reports"
    retrieve = Retrieves(permission=WRITE, summary="Who is told of each monthly report.")
    partial_update = Changes(screen=views.Recipients)

    def find(self, request: ApiRequest, **kwargs: Any) -> ReportSettings:
        """As chosen, or as it is before anybody has chosen."""
        return ReportSettings.objects.first() or ReportSettings()
