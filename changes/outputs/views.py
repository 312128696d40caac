"""A change on paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from changes.models import Change
from changes.outputs.kept import pdf_of, records_of
from changes.outputs.printing import JOB_KIND, ask_pdf
from changes.rights import visible_to
from evidence import downloads
from ui.screens import ScreenRequest, screen
from workflow.models import Job


def outputs_of(change: Change) -> dict[str, Any]:
    """What the page of a change shows of it: `records`, `pdf` and `pdf_job`, for templates/changes/outputs.html."""
    job = Job.objects.filter(subject_id=change.pk, kind=JOB_KIND).order_by("-created_at").first()
    records = list(records_of(change)) if change.implemented_at else []
    return {"records": records, "pdf": pdf_of(change) if job else None, "pdf_job": job}


@screen("home.read", methods=["POST"])
def make_pdf(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have it printed as it stands; whoever sees a change may."""
    change = _seen(request.member, pk)
    ask_pdf(change, actor=request.member)
    return redirect(change)


@screen("home.read")
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The latest PDF, as it was printed."""
    change = _seen(request.member, pk)
    kept = pdf_of(change)
    if kept is None:
        raise Http404
    return downloads.take_away(kept.file, actor=request.member, name=f"{change.reference}.pdf")


def _seen(member: Member, pk: UUID) -> Change:
    return get_object_or_404(visible_to(member), pk=pk)
