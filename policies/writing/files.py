"""A text as it would look, and the files of a version."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from evidence.downloads import take_away
from policies.models import PolicyVersion
from policies.rights import ACKNOWLEDGE, EVERYBODY, READ, versions_visible_to
from policies.writing import forms
from ui import markdown
from ui.screens import ScreenRequest, screen


@screen(ACKNOWLEDGE, methods=["POST"])
def preview(request: ScreenRequest) -> HttpResponse:
    """A text as it would look; nothing is kept."""
    return render(request, "policies/preview.html", {"html": markdown.render(forms.preview_of(request.POST))})


@screen(EVERYBODY)
def file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The uploaded document, as it came."""
    return file_for(get_object_or_404(versions_visible_to(request.member), pk=pk), request.member)


def file_for(version: PolicyVersion, member: Any) -> HttpResponseBase:
    """Its document, noted under whoever takes it. Raises Http404."""
    if version.file is None:
        raise Http404
    return take_away(version.file, actor=member)


@screen(READ)
def minutes(request: ScreenRequest, pk: UUID, approval: UUID) -> HttpResponseBase:
    """The minutes of an approval that was given elsewhere."""
    version = get_object_or_404(versions_visible_to(request.member), pk=pk)
    found = get_object_or_404(version.approvals.select_related("minutes"), pk=approval, minutes__isnull=False)
    return take_away(found.minutes, actor=request.member)
