"""The page of all reports, and the list of those that were asked for or made by themselves."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from audit.exports import RecordsExports
from controls.status.readiness import Share
from evidence.models import Evidence
from reports.models import MonthlyReport
from reports.monthly import mail
from reports.monthly.kept import KINDS, printed
from reports.monthly.periodic import next_due
from tenancy.scope import now
from ui.screens import Column, Empty, Filter, ListScreen

READ, WRITE = "reports.read", "reports.write"
ASK = ("Report of any days", "reports:monthly-create", WRITE)
_PAGES = {"report": "reports:monthly-detail", "gaps": "controls:gap-detail", "review": "reviews:reports"}
LABELS = dict(KINDS.values())


def tabs() -> list[tuple[str, str, int | None]]:
    """Both lists."""
    return [("All reports", reverse("reports:list"), None), ("Monthly and on demand", reverse("reports:monthly-list"), None)]


class ReportList(RecordsExports, ListScreen):
    """Every report of every kind, to be read and downloaded."""

    permission = READ
    title = "Reports"
    lede = "Reports as PDF, each kept unchanged. Who downloads one is noted in the trail."
    template_name = "reports/report_list.html"
    noun = "reports"
    noun_one = "report"
    columns = (
        Column("title", "Report", sort="title", link=True),
        Column("report_kind", "Kind", value=lambda row: LABELS[row.report_kind], hide_below=700),
        Column("period_to", "Last day", sort="period_to", hide_below=700),
        Column("data_as_of", "Data as of", sort="data_as_of", hide_below=1000, on_cards=True),
        Column("collected_at", "Made", sort="collected_at", hide_below=1300),
        Column(
            "size", "Size", value=lambda row: row.file.size, template="reports/cells/size.html", hide_below=1300, numeric=True
        ),
        Column("download", "PDF", value=lambda row: row.reference, template="reports/cells/download.html", export=False),
    )
    default_order = ("-collected_at",)
    filters = (Filter("kind", "Kind", choices=list(LABELS.items()), where={key: Q(report_kind=key) for key in LABELS}),)
    search_fields = ("title",)
    search_hint = "Title"
    empty = Empty(
        "No report yet",
        "The report of a month is made by itself on the first of the next, at six in the morning. "
        "Gap analyses and access reviews leave theirs here too.",
        action=ASK[:2],
    )
    primary_action = ASK

    def get_queryset(self) -> QuerySet[Evidence]:
        """Those that are printed."""
        return printed()

    def row_url(self, obj: Evidence) -> str:
        """The page of what the report is about."""
        return reverse(_PAGES[obj.report_kind], args=[obj.subject_id])  # type: ignore[attr-defined] # annotated

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside the list with states."""
        return tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what is not there yet, when the next comes, and who is told."""
        rows = MonthlyReport.objects.exclude(status=MonthlyReport.Status.READY).order_by("asked_at")
        organization = self.request.organization
        return super().get_context_data(
            unfinished=list(rows[:5]),
            next_due=next_due(organization, now()),
            told=mail.recipients(),
            may_choose=self.request.member.can(WRITE),
            **kwargs,
        )


class MonthlyList(RecordsExports, ListScreen):
    """Monthly reports and those on demand, with their states."""

    permission = READ
    title = "Monthly reports"
    lede = "One for each month, made by itself, and those of any days that somebody asked for."
    noun = "reports"
    noun_one = "report"
    breadcrumbs = (("Reports", "reports:list"),)
    queryset = MonthlyReport.objects.select_related("asked_by__user")
    columns = (
        Column("reference", "Report", sort="reference", link=True, whole=True),
        Column("starts_on", "From", sort="starts_on", hide_below=700),
        Column("ends_on", "To", sort="ends_on"),
        Column("kind", "Kind", sort="kind", hide_below=1300),
        Column("as_of", "Data as of", sort="as_of", hide_below=1000, on_cards=True),
        Column("readiness", "Readiness", value=lambda row: str(Share(row.implemented or 0, row.in_scope or 0)), hide_below=700),
        Column("matters", "Matters", sort="matters", numeric=True, hide_below=1000),
        Column("status_badge", "State", sort="status"),
        Column("asked_by", "Asked for by", value=lambda row: row.asked_by.name if row.asked_by else "Plumbline", hide_below=1300),
    )
    default_order = ("-ends_on", "-asked_at")
    filters = (
        Filter("state", "State", choices=MonthlyReport.Status.choices, lookup="status"),
        Filter("kind", "Kind", choices=MonthlyReport.Kind.choices),
    )
    search_fields = ("reference", "month")
    search_hint = "Number or month, such as 2026-10"
    empty = Empty(
        "No report yet",
        "The report of a month is made by itself on the first of the next, at six in the morning.",
        action=ASK[:2],
    )
    primary_action = ASK

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside all reports."""
        return tabs()
