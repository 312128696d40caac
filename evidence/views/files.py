"""Stored files: downloading them, and looking at them safely."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from evidence.downloads import take_away
from evidence.files import SANDBOX
from evidence.hiding import evidence_seen_by
from evidence.hooks import is_kept_apart
from evidence.models import Evidence, EvidenceRevision, StoredFile
from evidence.previews.pictures import kind_of, picture_of
from evidence.previews.text import excerpt_of
from tenancy.spans import current_span
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, ScreenRequest, screen


def visible(member: Any, pk: UUID) -> StoredFile:
    """A stored file. One that is no evidence is for those who may also see populations; Http404 to others.

    What another area keeps apart is shown there only; so is what is no evidence, to whoever is limited to a period.
    """
    stored = get_object_or_404(StoredFile, pk=pk)
    holding = EvidenceRevision.objects.whole().filter(file=stored).values("evidence")
    if evidence_seen_by(member).filter(pk__in=holding).exists():
        return stored
    if holding.exists() or current_span() is not None:
        raise Http404
    if not member.can("snapshots.read") or is_kept_apart(stored.pk):
        raise Http404
    return stored


@screen("evidence.read")
def file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The bytes, as an attachment; who took them is noted."""
    return take_away(visible(request.member, pk), actor=request.member)


@screen("evidence.read")
def picture(request: ScreenRequest, pk: UUID, page: int) -> HttpResponse:
    """A page of an image or PDF as a PNG that was drawn here."""
    return drawn_page(visible(request.member, pk), max(page, 1))


def drawn_page(stored: StoredFile, page: int) -> HttpResponse:
    """The answer with that picture. Raises Http404 where there is none to be drawn."""
    try:
        drawn = picture_of(stored, page)
    except ActionRefused as refusal:  # the bytes are not there; an image cannot say so
        raise Http404 from refusal
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn.png, content_type="image/png")
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class Preview(DetailScreen):
    """A file's text, or its pages one by one."""

    permission = "evidence.read"
    model = StoredFile
    template_name = "evidence/preview_page.html"

    def get_object(self, queryset: Any = None) -> StoredFile:
        """As for downloading."""
        return visible(self.request.member, self.kwargs["pk"])

    def get_breadcrumbs(self) -> Any:
        """Back to the item that has the file."""
        crumbs = [("Evidence", "evidence:list")]
        item = Evidence.objects.filter(revisions__file=self.object.pk).first()
        return [*crumbs, (item.reference, item.get_absolute_url())] if item else crumbs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What can be shown of it."""
        stored = cast("StoredFile", self.object)
        typed = self.request.GET.get("page", "")
        page = max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1
        return super().get_context_data(**kwargs, stored=stored, **shown(stored, page))


def shown(stored: StoredFile, page: int = 0) -> dict[str, Any]:
    """What a template needs to show a file: its text, or (with `page`) which of its pages there are.

    Without `page` nothing is drawn yet: the browser asks for the picture.
    """
    kind = kind_of(stored)
    try:
        if kind == "text":
            return {"kind": kind, "excerpt": excerpt_of(stored)}
        drawn = picture_of(stored, page) if kind and page else None
    except ActionRefused:  # the page says elsewhere that the bytes are not there
        return {"kind": "gone"}
    if page and kind and drawn is None:
        return {"kind": "undrawable"}
    pages = drawn.pages if drawn else 0
    page = min(page, pages)
    address = reverse("evidence:picture", args=[stored.pk, page or 1]) if kind else ""
    return {"kind": kind, "address": address, "page": page, "pages": pages}
