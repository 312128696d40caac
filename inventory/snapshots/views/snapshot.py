"""The page of one population, and what is started from it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from evidence.files import verify
from inventory.formats.registry import FORMATS
from inventory.models import Account, Snapshot, SnapshotFile
from inventory.snapshots import actions
from inventory.snapshots.completeness import judge, what_was_checked
from inventory.snapshots.recounts import said_of
from inventory.snapshots.repeating import repeat_of
from inventory.snapshots.returning import BUSY, take_back
from ui.components import Badge
from ui.screens import DetailScreen, ScreenRequest, screen
from ui.values import percent_of
from workflow.jobs import progress_of
from workflow.models import Job

REJECTED_SHOWN = 20
UNMATCHED_SHOWN = 5


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
            files=[(one, _check_of(one)) for one in snapshot.files.select_related("file")],
            format=FORMATS.get(snapshot.source_format),
            checked=what_was_checked(snapshot),
            recounts=said_of(snapshot.count_changes),
            differences=verdict.differences if verdict else [],
            repeat=repeat_of(snapshot) if verdict else None,
            rejected=list(snapshot.rejected.all()[:REJECTED_SHOWN]),
            figures=_figures(snapshot),
            unmatched=_unmatched(snapshot) if self.request.member.can("people.read") else None,
            may_write=self.request.member.can("snapshots.write"),
            may_confirm=self.request.member.can("snapshots.confirm"),
            **working_on(snapshot),
            **kwargs,
        )


def _check_of(file: SnapshotFile) -> Badge:
    """Whether the stored bytes are those that were uploaded; they are hashed anew each time."""
    return Badge("As uploaded", "ok") if verify(file.file) else Badge("Does not match its hash", "bad")


def _figures(snapshot: Snapshot) -> list[tuple[str, int, str, str]]:
    """(label, value, note, tone) of what was read."""
    return [
        ("Read", snapshot.rows_read, "entitlements in the files", ""),
        ("Accepted", snapshot.rows_accepted, "entitlements", ""),
        ("Rejected", snapshot.rows_rejected, "rows with errors", "warn" if snapshot.rows_rejected else ""),
        ("Repeated", snapshot.rows_duplicate, "left out", ""),
        ("Accounts", snapshot.account_count, "", ""),
    ]


def _unmatched(snapshot: Snapshot) -> dict[str, Any] | None:
    """How many accounts of it are nobody's, the first of them, and where they are matched; None when all have somebody."""
    if snapshot.status != Snapshot.Status.IMPORTED:
        return None
    names = (
        Account.objects.filter(last_snapshot=snapshot, kind=Account.Kind.UNMATCHED)
        .order_by("name")
        .values_list("name", flat=True)
    )
    if not (count := names.count()):
        return None
    query = urlencode({"kind": Account.Kind.UNMATCHED.value, "system": str(snapshot.system_id)})
    return {"count": count, "first": names[:UNMATCHED_SHOWN], "url": f"{reverse('inventory:account-list')}?{query}"}


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
        "percent": percent_of(done, total or 0),
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
