"""Checks of the trail, and packages for the auditor, in the API."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Begins, Creates, Lists, Serves, Shows, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.work import JobSerializer
from proof.models import AuditPackage, TrailCheck
from proof.package import views as packages
from proof.package.actions import READ as PACKAGES
from proof.package.actions import WRITE, try_again
from proof.retention.standing import retention_of
from proof.trail import views
from proof.trail.tasks import READ, ask_check
from workflow.models import Job


class TrailCheckSerializer(RecordSerializer[TrailCheck]):
    """One check of the whole trail. `faults` are the first of those that were found; all are counted in `found`."""

    faults = serializers.JSONField()

    class Meta:
        model = TrailCheck
        fields: ClassVar[list[str]] = [
            "id", "reference", "at", "finished_at", "asked_by", "outcome", "events", "heads", "root", "found", "faults", "notes",
            "unasked", "evidence",
        ]  # fmt: skip


def _check(request: ApiRequest) -> Job:
    return ask_check(actor=request.member)


class RemovedSerializer(serializers.Serializer[Any]):
    """A month that was taken out of the trail."""

    month = serializers.CharField()
    events = serializers.IntegerField()


class StayingSerializer(serializers.Serializer[Any]):
    """A month that is older than the trail is kept, and why it stays."""

    month = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class RetentionSerializer(serializers.Serializer[Any]):
    """For how many months events are kept at least, what was taken out, and what stays longer."""

    months = serializers.IntegerField()
    removed = RemovedSerializer(many=True)
    staying = StayingSerializer(many=True)


def _retention(request: ApiRequest) -> dict[str, Any]:
    found = retention_of(request.organization.today())
    return {
        "months": found.months,
        "removed": [{"month": month, "events": count} for month, count in found.removed],
        "staying": [{"month": month, "reasons": reasons} for month, reasons in found.staying],
    }


class TrailCheckApi(Resource):
    """Checks of the trail."""

    output = TrailCheckSerializer
    tag = "Audit trail"
    list = Lists(screen=views.Seal)
    retrieve = Shows(screen=views.CheckDetail, summary="One check.")
    retention = Tells(permission=READ, summary="How long events are kept.", do=_retention, output=RetentionSerializer)
    now = Begins(permission=READ, summary="Check the whole trail now.", do=_check, output=JobSerializer)


class AuditPackageSerializer(RecordSerializer[AuditPackage]):
    """A package for the auditor; `codes` are those of the controls that were chosen, none of them for all in scope."""

    sha256 = serializers.SerializerMethodField(help_text="Of the zip, once it is ready.")

    class Meta:
        model = AuditPackage
        fields: ClassVar[list[str]] = [
            "id", "reference", "period", "codes", "with_requests", "with_populations", "status", "asked_by", "asked_at",
            "problem", "as_of", "ready_at", "files", "events", "head", "manifest", "sha256",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_sha256(self, package: AuditPackage) -> str | None:
        """None before it is ready."""
        return package.file.sha256 if package.file else None


def _zip(request: ApiRequest, package: AuditPackage) -> HttpResponseBase:
    return packages.served(package, request)


def _retry(request: ApiRequest, package: AuditPackage) -> Any:
    return try_again(package, actor=request.member)


class AuditPackageApi(Resource):
    """Packages for the auditor."""

    output = AuditPackageSerializer
    tag = "Packages"
    list = Lists(screen=packages.PackageList)
    retrieve = Shows(screen=packages.PackageDetail, summary="One package.")
    create = Creates(screen=packages.PackageCreate)
    retry = Acts(permission=WRITE, summary="Make one that failed.", do=_retry)
    zip = Serves(permission=PACKAGES, summary="The zip; 404 until a worker has made it.", do=_zip)
