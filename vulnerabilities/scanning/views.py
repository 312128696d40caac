"""Screens of one scan."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from audit.actions import action
from audit.record import record
from evidence.downloads import take_away
from ui.screens import DetailScreen, ScreenRequest, screen
from ui.screens.base import Screen
from ui.screens.export import Export, write_csv
from ui.values import exact
from vulnerabilities.models import Scan, ScanScope, Sighting, TlsResult, Tool
from vulnerabilities.reading.resource_list import SAMPLE
from vulnerabilities.reading.resources import RESOURCES, counts_of, kept_resources, resource_table
from vulnerabilities.rights import READ, WRITE
from vulnerabilities.scanning.ignoring import HEADER, table, told
from vulnerabilities.scanning.withdrawing import consequences, refuse_own, withdraw_scan
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Scans", "vulnerabilities:scan-list")
SHOWN = 200


class ScanDetail(DetailScreen):
    """One scan: whether it can be evaluated, and what it saw."""

    permission = READ
    template_name = "vulnerabilities/scan_detail.html"
    breadcrumbs = (LIST,)
    object: Scan

    def get_queryset(self) -> QuerySet[Any]:
        """With scope, evidence and who imported it."""
        return Scan.objects.select_related("scope", "evidence", "file", "imported_by__user", "withdrawn_by__user")

    def get_title(self) -> str:
        """Number and scope."""
        return f"{self.object.reference}: {self.object.scope.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it saw."""
        sightings = Sighting.objects.filter(scan=self.object).select_related("vulnerability")
        shown = list(sightings.order_by("vulnerability__reference")[:SHOWN])
        resources = kept_resources(self.object.resources)
        return super().get_context_data(
            sightings=shown,
            ignored=told(self.object),
            resources=resources[:SHOWN],
            resource_counts=counts_of(resources),
            more_resources=max(0, len(resources) - SHOWN),
            more=max(0, self.object.found + self.object.suppressed - len(shown)) if len(shown) == SHOWN else 0,
            tls=TlsResult.objects.filter(scan=self.object).first(),
            may_read_evidence=self.request.member.can("evidence.read"),
            may_withdraw=self.object.tool != Tool.TLS and Scan.WITHDRAW.allows(self.object, self.request.member),
            **kwargs,
        )


class ScanWithdraw(TransitionScreen, OnceScreen):
    """Say that it was imported wrongly: nothing of it counts any more."""

    permission = WRITE
    model = Scan
    object: Scan
    transition = Scan.WITHDRAW
    form_class = OnceReasonForm
    submit_label = "Withdraw it"
    tone = "danger"
    success_message = "It is withdrawn. The same file can be imported again."

    def get_title(self) -> str:
        """Which."""
        return f"Withdraw {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))

    def check(self) -> None:
        """What Plumbline checked by itself was not imported."""
        super().check()
        refuse_own(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what it would do."""
        return super().get_context_data(explain=consequences(self.object), **kwargs)

    def act(self, form: OnceReasonForm) -> Scan:
        """Withdraw it."""
        return withdraw_scan(self.object, actor=self.request.member, **form.cleaned_data)


class ScanChoose(Screen, TemplateView):
    """Of what a scan is to be imported: a scan belongs to its scope, as it is compared with the one before."""

    permission = WRITE
    title = "Import a scan"
    lede = "A scan belongs to what it scanned: what a later scan of the same no longer has counts as fixed."
    breadcrumbs = (("Vulnerabilities", "vulnerabilities:list"), LIST)
    template_name = "vulnerabilities/scan_choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is scanned with a tool whose files are imported."""
        scopes = ScanScope.objects.filter(status=ScanScope.Status.ACTIVE).exclude(tool=Tool.TLS).order_by("name")
        return super().get_context_data(**self.frame(), scopes=scopes, **kwargs)


@screen(READ)
def raw(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """What the scanner wrote, as it came."""
    scan = get_object_or_404(Scan.objects.select_related("evidence", "file"), pk=pk)
    return take_away(scan.file, actor=request.member, evidence=scan.evidence)


@screen(READ)
def ignored_csv(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """What rules of the tool ignored, by name with their reasons."""
    scan = get_object_or_404(Scan.objects.select_related("scope"), pk=pk)
    notes = (("Scan", f"{scan.reference} of {scan.scope.name}"), ("Ran", exact(scan.ran_at)))
    made = write_csv(HEADER, table(scan), notes)
    _exported(request, scan, made, "Suppressed by the tool")
    return FileResponse(
        made.file, as_attachment=True, filename=f"{scan.reference}-suppressed.csv", content_type="text/csv; charset=utf-8"
    )


@screen(READ)
def resources_csv(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """Each resource of a scan of storage settings, with what it comes to."""
    scan = get_object_or_404(Scan.objects.select_related("scope"), pk=pk)
    notes = (("Scan", f"{scan.reference} of {scan.scope.name}"), ("As of", exact(scan.ran_at)))
    made = write_csv(RESOURCES, resource_table(kept_resources(scan.resources)), notes)
    _exported(request, scan, made, "Resources that hold data")
    return FileResponse(
        made.file, as_attachment=True, filename=f"{scan.reference}-resources.csv", content_type="text/csv; charset=utf-8"
    )


@screen(WRITE)
def storage_sample(_request: ScreenRequest) -> HttpResponse:
    """A small list of resources to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="storage-settings-sample.csv"'
    return response


@action
def _exported(request: ScreenRequest, scan: Scan, made: Export, what: str) -> None:
    facts = {"list": what, "form": "CSV", "filter": scan.reference, "rows": made.count, "sha256": made.sha256}
    record("list.export", request.organization, actor=request.member, metadata=facts)
