"""Screens of evidence, and its files."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from audit.exports import RecordsExports
from evidence.files import download
from evidence.models import Evidence, StoredFile
from evidence.recheck import ASKED, intact
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen


class EvidenceList(RecordsExports, ListScreen):
    """Everything kept as proof."""

    permission = "evidence.read"
    title = "Evidence"
    noun = "items"
    noun_one = "item"
    queryset = Evidence.objects.select_related("file")
    columns = (
        Column("title", "Evidence", sort="title", link=True),
        Column("category", "About", hide_below=1000),
        Column("source", "Source", sort="source", hide_below=700),
        Column("method", "Collected", hide_below=1300),
        Column("collected_at", "When", sort="collected_at"),
        Column("sha256", "SHA-256", value=lambda one: one.file.sha256[:12], text=lambda one: one.file.sha256, hide_below=1000),
    )
    default_order = ("-collected_at",)
    filters = (
        Filter("category", "About", choices=Evidence.Category.choices),
        Filter("method", "Collected", choices=Evidence.Method.choices),
    )
    search_fields = ("title", "source", "file__name")
    search_hint = "Title, source or file"
    empty = Empty("No evidence yet", "Reports of signed and closed reviews are kept here, each with its hash.")


class EvidenceDetail(DetailScreen):
    """One item: where it came from, and whether its bytes are still the same."""

    permission = "evidence.read"
    queryset = Evidence.objects.select_related("file", "collected_by__user")
    template_name = "evidence/evidence_detail.html"
    breadcrumbs = (("Evidence", "evidence:list"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Re-check the hash each time the page is shown, of a large file when asked to."""
        evidence = cast("Evidence", self.object)
        unchanged = intact(evidence.file, self.request.GET)
        return super().get_context_data(evidence=evidence, intact=unchanged, asked=ASKED, **kwargs)


@screen("evidence.read")
def file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """A stored file. One that is no evidence is for those who may also see populations."""
    stored = get_object_or_404(StoredFile, pk=pk)
    if not request.member.can("snapshots.read") and not Evidence.objects.filter(file=stored).exists():
        raise Http404
    return download(stored)
