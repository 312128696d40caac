"""Having a version printed, and taking the PDF away."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from evidence.downloads import REPORT, take_away
from policies.models import PolicyVersion
from policies.printing.tasks import ask_pdf, paper_of
from policies.rights import EVERYBODY, versions_visible_to
from ui.screens import ScreenRequest, screen


@screen(EVERYBODY, methods=["POST"])
def make_pdf(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have it printed; whoever sees it may."""
    found = get_object_or_404(versions_visible_to(request.member), pk=pk)
    ask_pdf(found, actor=request.member)
    return redirect(found)


@screen(EVERYBODY)
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The latest PDF, as it was printed."""
    return pdf_for(get_object_or_404(versions_visible_to(request.member), pk=pk), request.member)


def pdf_for(version: PolicyVersion, member: Any) -> HttpResponseBase:
    """Its latest PDF, noted under whoever takes it. Raises Http404."""
    paper = paper_of(version)
    if paper is None:
        raise Http404
    name = f"{version.policy.reference}-version-{version.number}.pdf"
    return take_away(paper.file, actor=member, evidence=paper.evidence, name=name, verb=REPORT)
