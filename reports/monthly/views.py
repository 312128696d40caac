"""Screens of one report: reading it, asking for one, who is told, and downloading."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django_htmx.http import HttpResponseClientRefresh

from evidence import downloads
from evidence.models import Evidence, StoredFile
from reports.models import MonthlyReport, ReportSettings
from reports.monthly.actions import ask_report, choose_recipients, try_again
from reports.monthly.forms import AskForm, RecipientsForm
from reports.monthly.kept import as_printed, printed
from reports.monthly.listing import READ, WRITE
from reports.monthly.report import context_of
from reports.monthly.span import name_of
from reports.monthly.taking import snapshot_of
from reports.monthly.tasks import JOB_KIND
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceScreen

LIST = ("Reports", "reports:list")


class ReportCreate(OnceScreen):
    """Ask for the report of any days."""

    permission = WRITE
    form_class = AskForm
    title = "Report of any days"
    breadcrumbs = (LIST,)
    submit_label = "Make the report"
    explain = (
        "What happened is of these days. States, such as whether a control is implemented, are as of now. "
        "The figures are kept unchanged and printed as PDF."
    )
    success_message = "The figures are being taken. The PDF follows in a moment."

    def get_initial(self) -> dict[str, Any]:
        """This month until today."""
        today: dt.date = self.request.organization.today()
        return {"first": today.replace(day=1), "last": today}

    def act(self, form: AskForm) -> MonthlyReport:
        """Ask for it."""
        return ask_report(form.cleaned_data["first"], form.cleaned_data["last"], actor=self.request.member)


class ReportDetail(DetailScreen):
    """One report: page one, and every section of it."""

    permission = READ
    queryset = MonthlyReport.objects.select_related("snapshot", "register", "evidence__file", "asked_by__user")
    template_name = "reports/monthly_detail.html"
    breadcrumbs = (LIST,)
    object: MonthlyReport

    def get_title(self) -> str:
        """Number and days."""
        return f"{self.object.reference}: {name_of(self.object.starts_on, self.object.ends_on)}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; one that waits asks again, and is loaded anew once there is something else to show."""
        if not request.headers.get("HX-Request"):
            return super().get(request, *args, **kwargs)
        still = get_object_or_404(MonthlyReport, pk=kwargs["pk"]).status == MonthlyReport.Status.PENDING
        return HttpResponse(status=204) if still else HttpResponseClientRefresh()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the kept figures say, and where its making stands."""
        report = self.object
        job = Job.objects.filter(subject_id=report.pk, kind=JOB_KIND).order_by("-created_at").first()
        return super().get_context_data(
            **self._shown(),
            job=job,
            pdf=as_printed(report.evidence) if report.evidence else None,
            may_retry=report.status == MonthlyReport.Status.FAILED and self.request.member.can(WRITE),
            may_see_trail=self.request.member.can("audit.read"),
            **kwargs,
        )

    def _shown(self) -> dict[str, Any]:
        stored = self.object.snapshot
        if stored is None:
            return {}
        try:
            return context_of(snapshot_of(self.object), stored.sha256)
        except ActionRefused as refusal:
            return {"unreadable": refusal.sentence}


class Recipients(FormScreen):
    """Who is told of each monthly report."""

    permission = WRITE
    form_class = RecipientsForm
    title = "Who is told of the monthly report"
    breadcrumbs = (LIST,)
    submit_label = "Save"
    explain = "They get a mail with the figures of page one and a link, and have to sign in to read the rest."
    success_message = "It is noted who is told."

    def get_initial(self) -> dict[str, Any]:
        """Those chosen so far."""
        kept = ReportSettings.objects.first()
        return {"members": kept.recipients if kept else []}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who may read reports can be chosen."""
        return {**super().get_form_kwargs(), "organization": self.request.organization}

    def act(self, form: RecipientsForm) -> str:
        """Note it."""
        choose_recipients(form.cleaned_data["members"], actor=self.request.member)
        return "reports:list"


@screen(WRITE, methods=["POST"])
def retry(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have a report that failed made now."""
    report = get_object_or_404(MonthlyReport, pk=pk)
    try_again(report, actor=request.member)
    messages.success(request, f"{report.reference} is being made.")
    return redirect(report)


@screen(READ)
def report_file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The PDF of any report; who took it is noted."""
    return take_away(get_object_or_404(printed(), pk=pk), request)


@screen(READ)
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The PDF of a monthly report, once it is there."""
    report = get_object_or_404(MonthlyReport.objects.select_related("evidence__file"), pk=pk)
    if report.evidence is None:
        raise Http404
    return take_away(report.evidence, request)


@screen(READ)
def data(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The figures of a monthly report as JSON, as they were kept."""
    return served_data(get_object_or_404(MonthlyReport.objects.select_related("snapshot"), pk=pk), request)


@screen(READ)
def register(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """Every row of the tables that the report cuts, as a workbook; there is none where it shows everything."""
    return served_register(get_object_or_404(MonthlyReport.objects.select_related("register"), pk=pk), request)


def served_data(report: MonthlyReport, request: Any) -> HttpResponseBase:
    """The figures, noted in the trail under whoever asks."""
    return _served(report.snapshot, f"{report.reference}.json", request)


def served_register(report: MonthlyReport, request: Any) -> HttpResponseBase:
    """The register, noted in the trail under whoever asks."""
    return _served(report.register, f"{report.reference}-register.xlsx", request)


def _served(stored: StoredFile | None, name: str, request: Any) -> HttpResponseBase:
    if stored is None:
        raise Http404
    return downloads.take_away(stored, actor=request.member, name=name)


def take_away(evidence: Evidence, request: Any) -> HttpResponseBase:
    """The file as it was printed, noted in the trail under whoever asks: what somebody makes of the item changes no report."""
    return downloads.take_away(as_printed(evidence), actor=request.member, evidence=evidence, verb=downloads.REPORT)
