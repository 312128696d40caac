"""Screens of imports: a list with its files, the preview, and a result for each row."""

import csv
import io
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from audit.exports import RecordsExports
from evidence.actions import WRITE
from evidence.forms import ImportForm
from evidence.importing.actions import begin_import, counts_of, discard_import
from evidence.models import Evidence, EvidenceImport, ImportRow
from evidence.tables.rejected import safe_cell
from evidence.tasks import start_import
from evidence.views.lists import evidence_tabs
from ui.components import Badge, Tone
from ui.screens import Column, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceScreen

CRUMBS = (("Evidence", "evidence:list"), ("Imports", "evidence:import-list"))
TONES: dict[str, Tone] = {"ready": "info", "applying": "info", "done": "ok", "discarded": "muted"}
WRONG = ~Q(reasons=[])
STATES = {
    "kept": Q(evidence__isnull=False),
    "refused": ~Q(refused=""),
    "wrong": WRONG,
    "open": Q(evidence__isnull=True, refused="", reasons=[]),
}
SAMPLE = """File,Title,Category,Source,Period from,Period to,Collected at,Expires,Tags,Controls
access/okta-users.csv,Okta users,Access control,Okta,2026-07-01,2026-09-30,2026-10-01,2027-01-31,okta; quarterly,AC-005
policies/security.pdf,Information security policy,Policy,Policy portal,,,2026-02-11,2027-02-28,policy,AC-001:policy
"""


def _badge(made: EvidenceImport) -> Badge:
    return Badge(made.get_status_display(), TONES[made.status])


def _state(row: ImportRow) -> Badge:
    if row.evidence_id:
        return Badge("Kept", "ok")
    if row.reasons:
        return Badge("Wrong", "bad")
    return Badge("Refused", "warn") if row.refused else Badge("Ready", "info")


def _category(row: ImportRow) -> str:
    return dict(Evidence.Category.choices).get(row.facts.get("category", ""), "")


class ImportList(RecordsExports, ListScreen):
    """Every list that was sent."""

    permission = WRITE
    title = "Imports"
    noun = "imports"
    noun_one = "import"
    columns = (
        Column("name", "List", sort="name", link=True),
        Column("created_at", "Sent", sort="created_at"),
        Column("created_by.name", "By", sort="created_by__user__name", hide_below=700),
        Column("status", "State", sort="status", value=_badge, text=lambda one: one.get_status_display()),
    )
    default_order = ("-created_at",)
    empty = Empty(
        "Nothing was imported yet",
        "Evidence that you have already comes in with a list: a row for each file, and the files, as a ZIP or one by one.",
        action=("Import with a list", "evidence:import-create"),
        sample=("Sample list", "evidence:import-sample"),
    )
    primary_action = ("Import with a list", "evidence:import-create", WRITE)

    def get_queryset(self) -> QuerySet[Any]:
        """With who sent it."""
        return EvidenceImport.objects.select_related("created_by__user")

    def get_tabs(self) -> Any:
        """Beside the evidence."""
        return evidence_tabs(self.request.member)


class ImportCreate(OnceScreen):
    """Send a list and its files."""

    permission = WRITE
    form_class = ImportForm
    title = "Import with a list"
    breadcrumbs = CRUMBS
    submit_label = "Show what it would become"
    explain = "Nothing becomes evidence before you have seen every row with what is wrong with it."

    def act(self, form: ImportForm) -> EvidenceImport:
        """Read it."""
        return begin_import(actor=self.request.member, **form.cleaned_data)


class ImportDetail(RecordsExports, ListScreen):
    """The rows of one import."""

    permission = WRITE
    template_name = "evidence/import_detail.html"
    breadcrumbs = CRUMBS
    noun = "rows"
    noun_one = "row"
    columns = (
        Column("number", "Row", sort="number", numeric=True),
        Column("name", "File", sort="name"),
        Column("title", "Title", value=lambda row: row.facts.get("title"), hide_below=1000),
        Column("category", "Category", value=_category, hide_below=1300),
        Column("state", "Result", value=_state, text=lambda row: _state(row).label),
        Column("why", "Why", value=lambda row: " ".join(row.reasons) or row.refused),
        Column("evidence", "Item", template="evidence/cells/item.html", text=lambda row: row.evidence and row.evidence.reference),
    )
    default_order = ("number",)
    filters = (
        Filter(
            "state",
            "Result",
            choices=[("kept", "Kept"), ("refused", "Refused"), ("wrong", "Wrong"), ("open", "Ready")],
            where=STATES,
        ),
    )
    search_fields = ("name",)
    search_hint = "File name"

    @cached_property
    def made(self) -> EvidenceImport:
        """The import."""
        return get_object_or_404(EvidenceImport.objects.select_related("created_by__user", "manifest"), pk=self.kwargs["pk"])

    def get_title(self) -> str:
        """The list's name."""
        return self.made.name

    def get_queryset(self) -> QuerySet[Any]:
        """With the items."""
        return ImportRow.objects.filter(of=self.made).select_related("evidence")

    def row_url(self, row: ImportRow) -> str:
        """To the item it became."""
        return row.evidence.get_absolute_url() if row.evidence else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the counts and the job."""
        job = Job.objects.filter(subject_id=self.made.pk).order_by("-created_at").first()
        return super().get_context_data(**kwargs, made=self.made, badge=_badge(self.made), counts=counts_of(self.made), job=job)


@screen(WRITE, methods=["POST"])
def start(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have a worker do it, and watch."""
    return redirect("workflow:job", start_import(get_object_or_404(EvidenceImport, pk=pk), actor=request.member).pk)


@screen(WRITE, methods=["POST"])
def discard(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Leave it."""
    discard_import(get_object_or_404(EvidenceImport, pk=pk), actor=request.member)
    return redirect("evidence:import-list")


@screen(WRITE)
def wrong(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The rows that came to nothing, as the list had them, with why: to be corrected and sent again."""
    made = get_object_or_404(EvidenceImport, pk=pk)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*map(safe_cell, made.headers), "Row", "Why"])
    for row in ImportRow.objects.filter(WRONG | ~Q(refused=""), of=made).order_by("number"):
        cells = [*row.cells, *[""] * (len(made.headers) - len(row.cells))]
        writer.writerow([*map(safe_cell, cells), row.number, safe_cell(" ".join(row.reasons) or row.refused)])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rows-to-correct.csv"'
    return response


@screen(WRITE)
def sample(request: ScreenRequest) -> HttpResponse:
    """A list to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="evidence-list.csv"'
    return response
