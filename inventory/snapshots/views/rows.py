"""What a population holds, what was rejected, and the files it was read from."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from audit.exports import RecordsExports
from audit.record import record
from evidence import downloads
from evidence.files import open_file
from evidence.tables.reading import open_table
from evidence.tables.rejected import rejected_lines, rejected_rows
from evidence.tables.rows import RowError
from inventory.models import Entitlement, RejectedRow, Snapshot, SnapshotFile
from inventory.models.population import LastUsed
from inventory.snapshots.reading import GENERIC
from inventory.snapshots.views.snapshot import snapshot_tabs
from ui.screens import Column, Empty, Filter, ListScreen, ScreenRequest, screen

SAMPLE = (
    "User ID,User name,Name,E-mail,Role,Privileged,Status,Last login\r\n"
    "U-1001,ada,Ada Example,ada@acme.example,Administrator,yes,active,2026-09-30\r\n"
    "U-1002,ben,Ben Example,ben@acme.example,Viewer,no,active,never\r\n"
    "U-1003,billing,Billing mailbox,billing@acme.example,Billing,no,suspended,N/A\r\n"
)


class _RowsOfSnapshot(RecordsExports, ListScreen, abstract=True):
    """A list below one snapshot."""

    export_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._snapshot: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The parent, fetched once the permission has been checked."""
        if self._snapshot is None:
            self._snapshot = get_object_or_404(Snapshot.objects.select_related("system"), pk=self.kwargs["pk"])
        return self._snapshot

    def get_title(self) -> str:
        return str(self.snapshot)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        return (("Populations", "inventory:snapshot-list"),)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        return snapshot_tabs(self.snapshot)


class SnapshotEntitlements(_RowsOfSnapshot):
    """Every entitlement, as the source had it."""

    permission = "snapshots.read"
    noun = "entitlements"
    noun_one = "entitlement"
    columns = (
        Column("row_number", "Row", sort="position", numeric=True, hide_below=1300),
        Column("account.name", "Account", sort="account__name"),
        Column("account.display_name", "Name", sort="account__display_name", hide_below=1000),
        Column("account.email", "E-mail", hide_below=1300),
        Column("role", "Role or permission", sort="role"),
        Column("resource", "Resource", sort="resource", hide_below=700),
        Column("meaning", "Meaning", hide_below=1300),
        Column("privileged", "Privileged", hide_below=700),
        Column("account_state", "Account state", sort="account_state", hide_below=1000),
        Column("last_used", "Last used", value=lambda one: one.last_used_at or one.get_last_used_state_display(), hide_below=700),
    )
    default_order = ("position",)
    filters = (
        Filter(
            "privileged",
            "Privileged",
            choices=(("yes", "Privileged"), ("no", "Not privileged"), ("unknown", "The file does not say")),
            where={"yes": Q(privileged=True), "no": Q(privileged=False), "unknown": Q(privileged=None)},
        ),
        Filter(
            "access",
            "Access",
            choices=(("yes", "Has access"), ("no", "State counts as no access")),
            where={"yes": Q(no_access=False), "no": Q(no_access=True)},
        ),
        Filter("used", "Last used", choices=LastUsed.choices, lookup="last_used_state"),
    )
    search_fields = ("account__name", "account__display_name", "account__email", "role", "resource")
    search_hint = "Account, name, e-mail, role or resource"
    empty = Empty("Nothing was imported", "The population has no entitlement.")

    def get_queryset(self) -> QuerySet[Entitlement]:
        return Entitlement.objects.filter(snapshot=self.snapshot).select_related("account")

    def on_export(self, count: int, sha256: str, form: str) -> None:
        """A population that leaves is an event."""
        metadata = {"form": form, "rows": count, "sha256": sha256, "filter": self.described()}
        record("snapshot.export", self.snapshot, actor=self.request.member, metadata=metadata)


class SnapshotRejected(_RowsOfSnapshot):
    """Every row that was not taken over, with its number in the file and the reasons."""

    permission = "snapshots.read"
    template_name = "inventory/snapshot_rejected.html"
    noun = "rejected rows"
    noun_one = "rejected row"
    columns = (
        Column("part", "File", sort="part", hide_below=1000),
        Column("row_number", "Row", sort=("part", "row_number"), numeric=True),
        Column("reasons", "Why", value=lambda row: " ".join(row.reasons)),
        Column("raw", "What stood there", hide_below=700),
    )
    default_order = ("part", "row_number")
    search_fields = ("raw",)
    search_hint = "Content of the row"
    empty = Empty("No row was rejected", "Every row of the files could be read.")

    def get_queryset(self) -> QuerySet[RejectedRow]:
        return RejectedRow.objects.filter(snapshot=self.snapshot)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(snapshot=self.snapshot, **kwargs)


@screen("snapshots.read")
def rejected_csv(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """All rejected rows with their reasons, for correcting them at the source."""
    snapshot = get_object_or_404(Snapshot, pk=pk)
    rows = RejectedRow.objects.filter(snapshot=snapshot).order_by("part", "row_number")
    errors = (RowError(row.row_number, row.part, row.raw, row.reasons) for row in rows.iterator(chunk_size=1000))
    files = list(snapshot.files.select_related("file"))
    lines = (
        _as_in_file(files[0], errors)
        if snapshot.source_format == GENERIC and len(files) == 1
        else rejected_lines(errors, {one.part: one.name for one in files})
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected-rows.csv"'
    return response


def _as_in_file(one: SnapshotFile, errors: Iterator[RowError]) -> Iterator[str]:
    """The rejected rows of a plain table, under its own columns."""
    with open_file(one.file) as source, open_table(source) as table:
        yield from rejected_rows(errors, table, one.name)


@screen("snapshots.read")
def file(request: ScreenRequest, pk: UUID, file_id: UUID) -> HttpResponseBase:
    """One of the files of a population, or the picture of the source's count."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("stated_count_file"), pk=pk)
    picture = snapshot.stated_count_file
    if picture is not None and picture.pk == file_id:
        return downloads.take_away(picture, actor=request.member)
    found = snapshot.files.select_related("file").filter(file_id=file_id).first()
    if found is None:
        raise Http404
    return downloads.take_away(found.file, actor=request.member, name=found.name)


@screen("snapshots.read")
def sample(request: ScreenRequest) -> HttpResponseBase:
    """A small list to try an import with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sample-population.csv"'
    return response
