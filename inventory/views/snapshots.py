"""Screens of an import: upload, columns, preview, and the population it becomes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from audit.exports import RecordsExports
from inventory.formats.errors import FormatError
from inventory.formats.registry import FORMATS
from inventory.forms.snapshots import (
    DiscardForm,
    MappingForm,
    ReasonForm,
    SnapshotEditForm,
    SnapshotForm,
    initial_of,
)
from inventory.models import Snapshot, System
from inventory.snapshots import actions
from inventory.snapshots.completeness import judge, what_was_checked
from inventory.snapshots.reading import GENERIC
from inventory.snapshots.returning import BUSY, take_back
from ui.components import Badge
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from workflow.jobs import progress_of
from workflow.models import Job

REJECTED_SHOWN = 20
CHECKED = (("yes", "Checked against the source's own count"), ("no", "Not complete"))


def system_choices(_screen: Any) -> list[tuple[str, str]]:
    """Every system by its name."""
    return [(str(key), name) for key, name in System.objects.values_list("pk", "name")]


def short_check(snapshot: Snapshot) -> Badge | None:
    """The check in a word, as a list has no room for the sentence."""
    badge = snapshot.check_badge
    return Badge("Checked", "ok") if badge and badge.tone == "ok" else badge


class SnapshotList(RecordsExports, ListScreen):
    """All populations, imported and being prepared."""

    permission = "snapshots.read"
    title = "Populations"
    noun = "populations"
    noun_one = "population"
    queryset = Snapshot.objects.select_related("system", "imported_by__user")
    columns = (
        Column("system.name", "System", sort="system__name", link=True),
        Column("as_of", "As of", sort="as_of"),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        Column("check", "Check", value=short_check, text=lambda one: str(one.check_badge or "")),
        Column("rows_accepted", "Entitlements", sort="rows_accepted", numeric=True, hide_below=700),
        Column("account_count", "Accounts", sort="account_count", numeric=True, hide_below=1300),
        Column("rows_rejected", "Rejected", sort="rows_rejected", numeric=True, hide_below=1300),
        Column("reasons", "Why not complete", hide_below=1300, value=lambda one: " ".join(one.incomplete_reasons)),
        Column("imported_at", "Imported", sort="imported_at", hide_below=1300),
    )
    default_order = ("-as_of",)
    filters = (
        Filter("system", "System", choices=system_choices, lookup="system_id"),
        Filter("status", "State", choices=Snapshot.Status.choices, multiple=True),
    )
    search_fields = ("system__name", "extracted_by", "query")
    search_hint = "System, extractor or report"
    empty = Empty(
        "No population yet",
        "A population is everything a system's own export says about who may do what. Reviews and verified removals need one.",
        action=("Import a population", "inventory:snapshot-create"),
        sample=("Sample file", "inventory:snapshot-sample"),
    )
    primary_action = ("Import a population", "inventory:snapshot-create", "snapshots.write")


class SnapshotCreate(FormScreen):
    """The upload and the questions, on one page."""

    permission = "snapshots.write"
    form_class = SnapshotForm
    template_name = "inventory/snapshot_create.html"
    title = "Import a population"
    submit_label = "Upload and read"
    explain = "Nothing is imported yet: you see a preview first."
    breadcrumbs = (("Populations", "inventory:snapshot-list"),)

    def get_initial(self) -> dict[str, Any]:
        """The system asked for, and the person at the screen as the extractor."""
        return {"system": self.request.GET.get("system", ""), "extracted_by": self.request.member.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Times are read where the organization lives."""
        return {**super().get_form_kwargs(), "zone": self.request.organization.tzinfo}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What each known export covers and lacks."""
        return super().get_context_data(formats=list(FORMATS.values()), **kwargs)

    def act(self, form: SnapshotForm) -> str:
        """Prepare it; a form sent twice leads to what the first made."""
        data = form.cleaned_data
        try:
            snapshot = actions.create_snapshot(
                key=data["key"],
                system=data["system"],
                uploads=data["uploads"],
                answers=form.answers,
                picture=data["stated_picture"],
                plain_table=data["plain_table"],
                actor=self.request.member,
            )
        except actions.AlreadyMade as made:
            snapshot = made.snapshot
        return next_step(snapshot)


def next_step(snapshot: Snapshot) -> str:
    """Where an import goes on."""
    if snapshot.status == Snapshot.Status.DRAFT and snapshot.source_format == GENERIC:
        return reverse("inventory:snapshot-mapping", args=[snapshot.pk])
    return snapshot.get_absolute_url()


class _SnapshotForm(FormScreen, abstract=True):
    """A form about one snapshot."""

    queryset = Snapshot.objects.select_related("system")

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        return (("Populations", "inventory:snapshot-list"), (str(self.object), self.object.get_absolute_url()))


class SnapshotEdit(_SnapshotForm):
    """Correcting answers or files before the import."""

    permission = "snapshots.write"
    form_class = SnapshotEditForm
    title = "Correct the import"
    submit_label = "Save and read again"
    explain = "The files are read again with these answers; nothing is imported yet."

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.object, self.request.organization.tzinfo)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "zone": self.request.organization.tzinfo}

    def act(self, form: SnapshotEditForm) -> str:
        data = form.cleaned_data
        snapshot = actions.change_snapshot(
            self.object,
            answers=form.answers,
            uploads=data["uploads"],
            picture=data["stated_picture"],
            plain_table=data["plain_table"],
            actor=self.request.member,
        )
        return next_step(snapshot)


class SnapshotMapping(_SnapshotForm):
    """Saying which column means what; the answer is remembered for files with the same headers."""

    permission = "snapshots.write"
    form_class = MappingForm
    template_name = "inventory/snapshot_mapping.html"
    title = "Which column means what"
    submit_label = "Save and read"

    def load(self) -> None:
        """Read the headers with the record; what cannot be read is refused in a sentence."""
        super().load()
        file = self.object.files.select_related("file").first()
        if self.object.source_format != GENERIC or file is None:
            raise ActionRefused("This export is known; its columns need no mapping.")
        try:
            self.headers, self.rows = actions.table_headers(file.file)
        except FormatError as error:
            raise ActionRefused(str(error)) from error

    def get_form_kwargs(self) -> dict[str, Any]:
        mapping, self.remembered = actions.suggested_mapping(self.object, self.headers)
        return {**super().get_form_kwargs(), "headers": self.headers, "mapping": mapping}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(headers=self.headers, sample_rows=self.rows, **kwargs)
        return {**context, "remembered": self.remembered}

    def act(self, form: MappingForm) -> Snapshot:
        return actions.set_mapping(self.object, mapping=form.mapping, headers=self.headers, actor=self.request.member)


class SnapshotConfirm(_SnapshotForm):
    """A compliance manager accepts a difference from the previous population by name."""

    permission = "snapshots.confirm"
    form_class = ReasonForm
    title = "Accept the difference"
    submit_label = "Accept by name"
    explain = (
        "The population differs from the last complete one. If that is right, say why. It may then be reviewed, but no removal "
        "is ever verified by it."
    )
    tone = "danger"

    def act(self, form: ReasonForm) -> Snapshot:
        actions.confirm_difference(self.object, reason=form.cleaned_data["reason"], actor=self.request.member)
        return self.object  # type: ignore[no-any-return]


class SnapshotDiscard(_SnapshotForm):
    """Giving up what was not imported."""

    permission = "snapshots.write"
    form_class = DiscardForm
    title = "Discard this import"
    submit_label = "Discard it"
    explain = "Nothing of it was imported. Its files and answers stay on record as discarded."
    tone = "danger"

    def act(self, form: DiscardForm) -> str:
        actions.discard(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("inventory:snapshot-list")


class SnapshotDetail(DetailScreen):
    """One population: a preview until it is imported, the record of it afterwards."""

    permission = "snapshots.read"
    queryset = Snapshot.objects.select_related(
        "system", "stated_count_file", "created_by__user", "imported_by__user", "shrink_confirmed_by__user"
    )
    template_name = "inventory/snapshot_detail.html"
    breadcrumbs = (("Populations", "inventory:snapshot-list"),)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        return snapshot_tabs(self.object)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        snapshot = self.object
        assert isinstance(snapshot, Snapshot)  # noqa: S101 - the queryset's model
        verdict = judge(snapshot) if snapshot.status == Snapshot.Status.READY else None
        return super().get_context_data(
            snapshot=snapshot,
            files=list(snapshot.files.select_related("file")),
            format=FORMATS.get(snapshot.source_format),
            checked=what_was_checked(snapshot),
            differences=verdict.differences if verdict else [],
            rejected=list(snapshot.rejected.all()[:REJECTED_SHOWN]),
            figures=_figures(snapshot),
            may_write=self.request.member.can("snapshots.write"),
            may_confirm=self.request.member.can("snapshots.confirm"),
            **working_on(snapshot),
            **kwargs,
        )


def _figures(snapshot: Snapshot) -> list[tuple[str, int, str, str]]:
    """(label, value, note, tone) of what was read."""
    return [
        ("Read", snapshot.rows_read, "entitlements in the files", ""),
        ("Accepted", snapshot.rows_accepted, "entitlements", ""),
        ("Rejected", snapshot.rows_rejected, "rows with errors", "warn" if snapshot.rows_rejected else ""),
        ("Repeated", snapshot.rows_duplicate, "left out", ""),
        ("Accounts", snapshot.account_count, "", ""),
    ]


def snapshot_tabs(snapshot: Snapshot) -> list[tuple[str, str, int | None]]:
    """Overview, what was imported, what was not."""
    tabs: list[tuple[str, str, int | None]] = [("Overview", snapshot.get_absolute_url(), None)]
    if snapshot.status == Snapshot.Status.IMPORTED:
        tabs.append(("Entitlements", reverse("inventory:snapshot-entitlements", args=[snapshot.pk]), snapshot.rows_accepted))
    if snapshot.rows_rejected:
        tabs.append(("Rejected rows", reverse("inventory:snapshot-rejected", args=[snapshot.pk]), snapshot.rows_rejected))
    return tabs


def working_on(snapshot: Snapshot) -> dict[str, Any]:
    """The last job, how far it is in percent (None: not known yet), and whether it goes on."""
    job = Job.objects.filter(subject_id=snapshot.pk).order_by("-created_at").first()
    done, total = progress_of(job) if job else (0, 0)
    return {
        "job": job,
        "percent": 100 * done // total if total else None,
        "busy": snapshot.status in BUSY,
    }


@screen("snapshots.read")
def progress(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The bar alone, asked for each second; once the work is over the page is loaded anew."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("system"), pk=pk)
    if snapshot.status not in BUSY:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "inventory/snapshot_detail.html#progress", {"snapshot": snapshot, **working_on(snapshot)})


@screen("snapshots.write", methods=["POST"])
def start(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """Import. Pressed twice, it is imported once."""
    snapshot = get_object_or_404(Snapshot, pk=pk)
    if snapshot.status not in {Snapshot.Status.IMPORTING, Snapshot.Status.IMPORTED}:
        actions.start_import(snapshot, accept_errors=bool(request.POST.get("accept_errors")), actor=request.member)
    return redirect(snapshot)


@screen("snapshots.write", methods=["POST"])
def read(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """Read the files again."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("system"), pk=pk)
    if snapshot.status != Snapshot.Status.READING:
        actions.start_reading(snapshot, actor=request.member)
    return redirect(snapshot)


@screen("snapshots.write", methods=["POST"])
def stop(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """Take back what a dead worker left."""
    snapshot = get_object_or_404(Snapshot, pk=pk, status__in=BUSY)
    take_back(snapshot, actor=request.member)
    messages.success(request, "It was stopped. Nothing was imported.")
    return redirect(snapshot)
