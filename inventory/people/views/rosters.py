"""Screens of roster imports: upload, columns, preview, apply."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from audit.exports import RecordsExports
from evidence import downloads
from evidence.files import open_file
from evidence.tables.reading import open_table
from evidence.tables.rejected import rejected_rows
from inventory.formats.mapping import Mapping
from inventory.models import RosterImport
from inventory.people import forms
from inventory.people.roster import Plan, read_plan
from inventory.people.roster_actions import (
    discard_roster,
    headers_of,
    prepare_roster,
    refresh_roster,
    upload_roster,
)
from inventory.people.views.people import people_tabs
from inventory.tasks import start_applying
from ui.components import Badge
from ui.screens import Column, Empty, FormScreen, ListScreen, ScreenRequest, screen
from workflow.models import Job

CRUMBS = (("People", "inventory:person-list"), ("Roster imports", "inventory:roster-list"))
TONES = {"draft": "warn", "ready": "info", "applying": "info", "applied": "ok", "discarded": "muted"}
SHOWN = 200  # Rows of each kind on the preview.
SAMPLE = """Employee number,Name,E-mail,Manager e-mail,Department,Title,Type,First day,Last working day,Contract ends,State
1001,Ana Souza,ana.souza@example.com,,Executive,Chief executive,Employee,2019-02-04,,,Active
1002,Ben Okafor,ben.okafor@example.com,ana.souza@example.com,Engineering,Platform lead,Employee,2020-06-15,,,Active
1003,Chloé Martin,chloe.martin@example.com,ben.okafor@example.com,Engineering,Engineer,Employee,2022-09-01,,,On leave
2001,Dev Patel,dev.patel@example.com,ben.okafor@example.com,Engineering,Engineer,Contractor,2025-01-13,,2026-12-31,Active
1004,Eva Lindqvist,eva.lindqvist@example.com,ana.souza@example.com,Support,Support lead,Employee,2018-03-12,2026-06-30,,Left
"""


def _badge(roster: RosterImport) -> Badge:
    return Badge(roster.get_status_display(), TONES[roster.status])  # type: ignore[arg-type]


def _count(name: str) -> Any:
    return lambda roster: roster.counts.get(name)


class RosterList(RecordsExports, ListScreen):
    """Every roster that was uploaded."""

    permission = "people.read"
    title = "Roster imports"
    noun = "imports"
    noun_one = "import"
    columns = (
        Column("name", "File", sort="name", link=True),
        Column("created_at", "Uploaded", sort="created_at"),
        Column("created_by.name", "By", sort="created_by__user__name", hide_below=1000),
        Column("joiners", "Joiners", value=_count("joiners"), numeric=True, hide_below=700),
        Column("movers", "Movers", value=_count("movers"), numeric=True, hide_below=700),
        Column("leavers", "Leavers", value=_count("leavers"), numeric=True, hide_below=700),
        Column("status", "State", value=_badge, sort="status"),
    )
    default_order = ("-created_at",)
    search_fields = ("name",)
    search_hint = "File name"
    empty = Empty(
        "No roster was imported yet",
        "Import the list of people from the HR system. A later one shows joiners, movers and leavers.",
        action=("Import people", "inventory:roster-upload"),
        sample=("Sample file", "inventory:roster-sample"),
    )
    primary_action = ("Import people", "inventory:roster-upload", "people.write")

    def get_queryset(self) -> QuerySet[Any]:
        """With who uploaded it."""
        return RosterImport.objects.select_related("created_by__user")

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside people and accounts."""
        return people_tabs()


class RosterUpload(FormScreen):
    """Upload a roster."""

    permission = "people.write"
    form_class = forms.RosterUploadForm
    template_name = "inventory/roster_upload.html"
    title = "Import people"
    breadcrumbs = CRUMBS
    submit_label = "Upload"
    explain = "CSV or Excel from the HR system. Nothing changes before you have seen what would."

    def act(self, form: forms.RosterUploadForm) -> RosterImport:
        """Keep the file."""
        file = form.cleaned_data["file"]
        return upload_roster(actor=self.request.member, source=file, name=file.name, full_roster=form.cleaned_data["full_roster"])


@screen("people.write")
def sample(request: ScreenRequest) -> HttpResponse:
    """A roster to try the import with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="roster-sample.csv"'
    return response


class RosterDetail(FormScreen):
    """An import as it stands: its columns, its preview, or what became of it."""

    permission = "people.read"
    model = RosterImport
    template_name = "inventory/roster_detail.html"
    breadcrumbs = CRUMBS
    object: RosterImport
    _plan: Plan | None = None

    def get_title(self) -> str:
        """The file's name."""
        return self.object.name

    @property
    def plan(self) -> Plan:
        """Read once for each request."""
        if self._plan is None:
            self._plan = read_plan(self.object)
        return self._plan

    @property
    def naming(self) -> bool:
        """Whether the columns are being named: at first, or again."""
        return self.object.status == "draft" or (self.object.status == "ready" and "columns" in self.request.GET)

    @property
    def may_write(self) -> bool:
        """Whether this member may go on with it."""
        allowed: bool = self.request.member.can("people.write")
        return allowed

    def load(self) -> None:
        """Whoever may read it sees it; only those who may change the roster go on, and only while there is something to do."""
        super().load()
        if self.request.method == "POST":
            if not self.may_write:
                raise PermissionDenied
            if not self.naming:
                RosterImport.START.check(self.object)

    def get_form_class(self) -> Any:
        """Columns first, then who has left."""
        return forms.RosterMappingForm if self.naming else forms.RosterApplyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the file has."""
        kwargs = super().get_form_kwargs()
        if self.naming:
            return kwargs | {"headers": headers_of(self.object), "mapping": Mapping.from_dict(self.object.mapping)}
        return kwargs | {"missing": self.plan.missing if self.object.status == "ready" else []}

    def act(self, form: Any) -> RosterImport:
        """Preview, or apply."""
        if self.naming:
            prepare_roster(self.object, actor=self.request.member, mapping=form.mapping())
            return self.object
        if self.plan.digest() != self.object.plan_digest:
            refresh_roster(self.object, actor=self.request.member)
            messages.warning(self.request, "The roster has changed since this preview was made. This is the new one.")
            return self.object
        start_applying(
            self.object,
            actor=self.request.member,
            missing_left=form.cleaned_data.get("missing", ()),
            left_on=form.cleaned_data.get("left_on"),
        )
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The step and what it shows."""
        step = "columns" if self.naming else self.object.status
        plan = self.plan if step == "ready" else None
        return super().get_context_data(
            step=step,
            plan=plan,
            counts=plan.counts() if plan else self.object.counts,
            shown=SHOWN,
            headers=headers_of(self.object) if self.naming else [],
            may_write=self.may_write,
            badge=_badge(self.object),
            job=last_job(self.object),
            **kwargs,
        )


def last_job(roster: RosterImport) -> Job | None:
    """What was last set going for it."""
    return Job.objects.filter(subject_id=roster.pk).order_by("-created_at").first()


@screen("people.read")
def progress(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The waiting part alone, asked for each second; once the work is over the page is loaded anew."""
    roster = get_object_or_404(RosterImport, pk=pk)
    if roster.status != RosterImport.Status.APPLYING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "inventory/roster_detail.html#applying", {"object": roster})


@screen("people.write", methods=["POST"])
def discard(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Leave the file unapplied."""
    roster = get_object_or_404(RosterImport, pk=pk)
    discard_roster(roster, actor=request.member)
    messages.success(request, "The import was discarded; the roster is as it was.")
    return redirect("inventory:roster-list")


@screen("people.read")
def rejected(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The rows that are left out, with their reasons, as a CSV."""
    roster = get_object_or_404(RosterImport, pk=pk)
    errors = read_plan(roster).errors
    with open_file(roster.file) as source, open_table(source, name=roster.name) as table:
        text = "".join(rejected_rows(errors, table, roster.name))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected-rows.csv"'
    return response


@screen("people.read")
def original(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The file as it was uploaded."""
    roster = get_object_or_404(RosterImport.objects.select_related("file"), pk=pk)
    return downloads.take_away(roster.file, actor=request.member, name=roster.name)
