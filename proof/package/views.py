"""Screens of packages: the list, asking for one, its page with how to check it, and the zip."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django_htmx.http import HttpResponseClientRefresh

from audit.exports import RecordsExports
from audit.seal.keys import fingerprint_of, seal_keys
from controls.periods.current import period_of
from evidence import downloads
from proof.models import AuditPackage
from proof.package.actions import READ, WRITE, ask_package, try_again
from proof.package.forms import PackageForm
from proof.package.tasks import JOB_KIND
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceScreen

LIST = ("Packages", "proof:packages")
ASK = ("Make a package", "proof:package-create", WRITE)


class PackageList(RecordsExports, ListScreen):
    """Every package that was asked for."""

    permission = READ
    title = "Packages"
    lede = "What an auditor takes along: controls with their proof, in a zip that anybody can check without this product."
    noun = "packages"
    noun_one = "package"
    queryset = AuditPackage.objects.select_related("period", "file", "asked_by__user")
    columns = (
        Column("reference", "Package", sort="reference", link=True, whole=True),
        Column("period.name", "Audit period", sort="period__name"),
        Column("asked_at", "Asked for", sort="asked_at", hide_below=700),
        Column("asked_by.name", "By", hide_below=1000),
        Column("files", "Files", sort="files", numeric=True, hide_below=700),
        Column("events", "Events", sort="events", numeric=True, hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-asked_at",)
    filters = (Filter("state", "State", choices=AuditPackage.Status.choices, lookup="status"),)
    search_fields = ("reference", "period__name")
    search_hint = "Number or period"
    empty = Empty(
        "No package yet",
        "A package holds the controls of an audit period with their policies, evidence, tests and events, signed. "
        "Whoever has it can check it on any machine.",
        action=ASK[:2],
    )
    primary_action = ASK


class PackageCreate(OnceScreen):
    """Ask for a package."""

    permission = WRITE
    form_class = PackageForm
    title = "Make a package"
    breadcrumbs = (LIST,)
    submit_label = "Make the package"
    explain = (
        "Evidence of the period is copied with its hashes; evidence that hangs only on confidential incidents, and what was "
        "withdrawn, is left out. A missing or altered file stops it, by name."
    )
    success_message = "The package is being made."

    def get_initial(self) -> dict[str, Any]:
        """The period in hand."""
        return {"period": period_of(self.request)}

    def act(self, form: PackageForm) -> AuditPackage:
        """Ask for it."""
        given = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "period"}}
        return ask_package(form.cleaned_data["period"], actor=self.request.member, **given)


class PackageDetail(DetailScreen):
    """One package: what it holds, its hashes, and how to check it."""

    permission = READ
    queryset = AuditPackage.objects.select_related("period", "file", "asked_by__user")
    template_name = "proof/package_detail.html"
    breadcrumbs = (LIST,)
    object: AuditPackage

    def get_title(self) -> str:
        """Number and period."""
        return f"{self.object.reference}: {self.object.period.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; one that waits asks again, and is loaded anew once there is something else to show."""
        if not request.headers.get("HX-Request"):
            return super().get(request, *args, **kwargs)
        still = get_object_or_404(AuditPackage, pk=kwargs["pk"]).status == AuditPackage.Status.PENDING
        return HttpResponse(status=204) if still else HttpResponseClientRefresh()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the key that signs, and where its making stands."""
        return super().get_context_data(
            fingerprint=fingerprint_of(seal_keys()[-1].public),
            job=Job.objects.filter(subject_id=self.object.pk, kind=JOB_KIND).order_by("-created_at").first(),
            may_retry=self.request.member.can(WRITE) and self.object.status == AuditPackage.Status.FAILED,
            **kwargs,
        )


@screen(READ)
def download(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The zip."""
    return served(get_object_or_404(AuditPackage.objects.select_related("file"), pk=pk), request)


def served(package: AuditPackage, request: Any) -> HttpResponseBase:
    """The zip, noted in the trail. Raises Http404 before it is ready."""
    if package.file is None:
        raise Http404
    return downloads.take_away(package.file, actor=request.member, name=f"{package.reference}.zip")


@screen(WRITE, methods=["POST"])
def retry(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Make it now."""
    package = get_object_or_404(AuditPackage, pk=pk)
    try_again(package, actor=request.member)
    return redirect(package)
