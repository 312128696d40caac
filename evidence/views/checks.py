"""The stored files and what their last reading found."""

from typing import Any

from django.db.models import QuerySet

from audit.exports import RecordsExports
from evidence.checks import result_badge
from evidence.hiding import evidence_seen_by
from evidence.models import FileCheck
from evidence.views.lists import evidence_tabs
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen


def _badge(check: FileCheck) -> Badge:
    return result_badge(check.result)


class FileChecks(RecordsExports, ListScreen):
    """Every stored file is read again in turn, and compared with the hash of the day it was kept."""

    permission = "evidence.read"
    title = "File checks"
    lede = "Every stored file is read again at least every 30 days and compared with the hash recorded when it was kept."
    noun = "files"
    noun_one = "file"
    columns = (
        Column("file.name", "File", link=True),
        Column("result", "Last reading", sort="result", value=_badge, text=lambda one: one.get_result_display()),
        Column("since", "Since", sort="since"),
        Column("checked_at", "Read", sort="checked_at"),
        Column("sha256", "SHA-256", value=lambda one: one.file.sha256[:12], text=lambda one: one.file.sha256, hide_below=1000),
    )
    default_order = ("checked_at",)
    filters = (Filter("result", "Last reading", choices=FileCheck.Result.choices, multiple=True),)
    empty = Empty("No file was read again yet", "The first reading begins within a quarter of an hour after a file is kept.")

    def get_queryset(self) -> QuerySet[Any]:
        """With the file, and the items that have it; whoever is limited sees those of the items that they see."""
        rows = FileCheck.objects.select_related("file").prefetch_related("file__evidence")
        member = self.request.member
        return rows.filter(file__in=evidence_seen_by(member).values("file")) if member.limits else rows

    def row_url(self, row: FileCheck) -> str:
        """To the item that has the file; a file of a population has none."""
        items = list(row.file.evidence.all())
        return items[0].get_absolute_url() if items else ""

    def row_label(self, row: FileCheck) -> str:
        """The file's name."""
        return str(row.file)

    def get_tabs(self) -> Any:
        """Beside the evidence."""
        return evidence_tabs(self.request.member)
