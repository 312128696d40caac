"""Vulnerabilities, scans, scopes and penetration tests in the API."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Retrieves, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.work import JobSerializer
from evidence.downloads import take_away
from vulnerabilities.endpoints.tasks import ask_check
from vulnerabilities.handling import listing, settings_screen, views
from vulnerabilities.models import PenetrationTest, Scan, ScanScope, TlsResult, Vulnerability, VulnerabilitySettings
from vulnerabilities.penetration import actions as tests
from vulnerabilities.penetration import listing as test_listing
from vulnerabilities.penetration import views as test_views
from vulnerabilities.penetration.forms import NewFindingForm
from vulnerabilities.rights import READ, WRITE
from vulnerabilities.scanning import listing as scan_listing
from vulnerabilities.scanning import views as scan_views
from vulnerabilities.scanning.forms import GivenScanForm
from vulnerabilities.scanning.importing import receive
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scanning.tasks import start_import
from vulnerabilities.scopes import actions as scopes
from vulnerabilities.scopes import endpoints_list
from vulnerabilities.scopes import listing as scope_listing
from vulnerabilities.scopes import views as scope_views
from vulnerabilities.settings import NAMES, settings_of_vulnerabilities
from workflow.models import Job


class VulnerabilitySerializer(RecordSerializer[Vulnerability]):
    """A weakness that a scan or a penetration test has found."""

    class Meta:
        model = Vulnerability
        fields: ClassVar[list[str]] = [
            "id", "reference", "scope", "engagement", "fingerprint", "identifier", "names", "title", "description",
            "remediation", "package", "version", "fixed_in", "location", "url", "severity", "severity_told",
            "severity_reason", "owner", "finding", "first_seen_at", "last_seen_at", "due_on", "status", "fixed_at",
            "times_reopened", "accepted_by", "accepted_at", "accepted_reason", "accepted_until", "done", "handed_in_by",
            "handed_in_at", "retested_by", "retested_on", "retest_note",
        ]  # fmt: skip


class ScanScopeSerializer(RecordSerializer[ScanScope]):
    """Something that is scanned with one tool, again and again."""

    class Meta:
        model = ScanScope
        fields: ClassVar[list[str]] = [
            "id", "name", "tool", "target", "host", "port", "system", "owner", "every_days", "status", "next_due_on",
            "checked_at", "made_by", "made_at",
        ]  # fmt: skip


class TlsSerializer(RecordSerializer[TlsResult]):
    """What a handshake with an endpoint showed."""

    class Meta:
        model = TlsResult
        fields: ClassVar[list[str]] = [
            "address", "protocol", "cipher", "accepts_old", "subject", "names", "issuer", "not_before", "not_after",
            "serial", "key", "sha256", "trusted", "trust_error",
        ]  # fmt: skip


class ScanSerializer(RecordSerializer[Scan]):
    """One run of a tool, and whether it can be evaluated."""

    class Meta:
        model = Scan
        fields: ClassVar[list[str]] = [
            "id", "reference", "scope", "tool", "tool_name", "tool_version", "target", "ran_at", "ran_basis",
            "imported_at", "imported_by", "evidence", "sha256", "evaluable", "reasons", "notes", "elsewhere", "checked",
            "skipped", "found", "new", "reopened", "fixed", "suppressed", "status", "withdrawn_at", "withdrawn_by",
            "withdrawn_reason",
        ]  # fmt: skip


class ShownScanSerializer(ScanSerializer):
    """With what rules of the tool ignore, and what the endpoint showed, for a TLS check."""

    handshake = TlsSerializer(source="tls", many=True, read_only=True)
    ignored = serializers.JSONField(help_text="What rules of the tool ignore, by name with the reason in the file.")
    resources = serializers.JSONField(help_text="Of storage settings: each resource that holds data, with what it comes to.")

    class Meta(ScanSerializer.Meta):
        fields: ClassVar[list[str]] = [*ScanSerializer.Meta.fields, "ignored", "resources", "handshake"]


class PenetrationTestSerializer(RecordSerializer[PenetrationTest]):
    """People who did not build a system try to break it."""

    class Meta:
        model = PenetrationTest
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "firm", "scope", "system", "owner", "starts_on", "ends_on", "every_days",
            "reported_on", "report", "summary", "status", "made_by", "made_at", "closed_at",
        ]  # fmt: skip


class VulnerabilitySettingsSerializer(RecordSerializer[VulnerabilitySettings]):
    """By when vulnerabilities are fixed."""

    class Meta:
        model = VulnerabilitySettings
        fields: ClassVar[list[str]] = list(NAMES)


def _import(request: ApiRequest, scope: ScanScope, *, file: Any, narrower: bool = False, moved: str = "", **said: Any) -> Job:
    stored = receive(scope, actor=request.member, upload=file)
    said["tool_version"] = said.get("tool_version") or ""
    return start_import(stored, scope, actor=request.member, stated=Stated(narrower=narrower, moved=moved or "", **said))


def _check(request: ApiRequest, scope: ScanScope) -> Job:
    return ask_check(scope, actor=request.member)


def _restore(request: ApiRequest, scope: ScanScope) -> None:
    scopes.restore_scope(scope, actor=request.member)


def _close(request: ApiRequest, test: PenetrationTest) -> None:
    tests.close_test(test, actor=request.member)


def _add(request: ApiRequest, test: PenetrationTest, **said: Any) -> Vulnerability:
    said.pop("once", None)
    return tests.add_finding(test, actor=request.member, **said)


def _raw(request: ApiRequest, scan: Scan) -> HttpResponseBase:
    return take_away(scan.file, actor=request.member, evidence=scan.evidence)


class VulnerabilityApi(Resource):
    """Vulnerabilities."""

    output = VulnerabilitySerializer
    tag = "Vulnerabilities"
    list = Lists(
        screen=listing.VulnerabilityList, filters=("view", "state", "severity", "due", "whose", "source", "scope", "test")
    )
    retrieve = Shows(screen=views.VulnerabilityDetail)
    hand_on = Does(screen=views.VulnerabilityHandOn)
    rate = Does(screen=views.VulnerabilityRate)
    accept = Does(screen=views.VulnerabilityAccept)
    lapse = Does(screen=views.VulnerabilityLapse)
    hand_in = Does(screen=views.VulnerabilityHandIn)
    retest = Does(screen=views.VulnerabilityRetest)
    reopen = Does(screen=views.VulnerabilityReopen)
    raise_finding = Does(screen=views.VulnerabilityFinding)


class ScanScopeApi(Resource):
    """What is scanned."""

    output = ScanScopeSerializer
    tag = "Scans"
    list = Lists(screen=scope_listing.ScopeList, filters=("state", "tool", "due"))
    retrieve = Shows(screen=scope_views.ScopeDetail)
    create = Creates(screen=scope_views.ScopeCreate)
    partial_update = Changes(screen=scope_views.ScopeEdit)
    retire = Does(screen=scope_views.ScopeRetire)
    restore = Acts(permission=WRITE, summary="Scan it again.", do=_restore)
    import_scan = Acts(
        permission=WRITE,
        summary="Import a scan as its tool writes it, or a list of storage settings.",
        words="Permission: `vulnerabilities.write`. A worker does it: the job says what came of it. The file names its tool; a "
        "scan that skipped packages, failed or checked nothing is kept, and closes nothing; one of "
        "something else opens nothing either.",
        form=GivenScanForm,
        do=_import,
        output=JobSerializer,
    )


class EndpointApi(Resource):
    """TLS endpoints that Plumbline checks by itself."""

    output = ScanScopeSerializer
    tag = "Scans"
    list = Lists(screen=endpoints_list.EndpointList, filters=("state", "due"))
    create = Creates(screen=scope_views.EndpointCreate)
    retrieve = Shows(screen=endpoints_list.EndpointList)
    check = Acts(permission=WRITE, summary="Check it at once.", do=_check, output=JobSerializer)


class ScanApi(Resource):
    """Scans."""

    output = ScanSerializer
    tag = "Scans"
    list = Lists(screen=scan_listing.ScanList, filters=("state", "evaluable", "tool", "from", "to", "scope"))
    retrieve = Shows(screen=scan_views.ScanDetail, output=ShownScanSerializer)
    withdraw = Does(screen=scan_views.ScanWithdraw)
    raw = Serves(permission=READ, summary="What the tool wrote, as it came.", do=_raw)

    def shown(self, record: Any, *, many: bool = False) -> Any:
        """One scan with all that it told; of several only what they came to."""
        output = self.output if many else ShownScanSerializer
        return output(record, many=many, context={"request": self.request}).data


class PenetrationTestApi(Resource):
    """Penetration tests."""

    output = PenetrationTestSerializer
    tag = "Penetration tests"
    list = Lists(screen=test_listing.TestList)
    retrieve = Shows(screen=test_views.TestDetail)
    create = Creates(screen=test_views.TestCreate)
    partial_update = Changes(screen=test_views.TestEdit)
    report = Does(screen=test_views.TestReport)
    add_finding = Acts(
        permission=WRITE,
        summary="Enter something that it found.",
        form=NewFindingForm,
        do=_add,
        output=VulnerabilitySerializer,
        status=201,
    )
    close = Acts(permission=WRITE, summary="Close it, once nothing that it found is open.", do=_close)
    reopen = Does(screen=test_views.TestReopen)
    cancel = Does(screen=test_views.TestCancel)


class VulnerabilitySettingsApi(Resource):
    """By when vulnerabilities are fixed: the one record at its address."""

    output = VulnerabilitySettingsSerializer
    tag = "Vulnerabilities"
    holds = False
    retrieve = Retrieves(permission=READ, summary="What holds now.")
    partial_update = Changes(screen=settings_screen.SettingsEdit)

    def find(self, request: ApiRequest, **kwargs: Any) -> VulnerabilitySettings:
        """As chosen, or as it is before anybody has chosen."""
        return settings_of_vulnerabilities()
