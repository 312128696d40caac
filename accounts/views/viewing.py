"""Looking at the organization as an auditor does, and stopping."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts import viewing
from accounts.actions import look_as_auditor, look_no_more
from accounts.giving import ADMINISTER
from accounts.models import Member
from accounts.permissions import HOME
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen


@screen(ADMINISTER, methods=["POST"])
def view_as(request: ScreenRequest) -> HttpResponse:
    """Begin."""
    look_as_auditor(request.member)
    viewing.begin(request, request.member)
    return redirect(request.organization.get_absolute_url())


@screen(ADMINISTER, methods=["POST"])
def view_as_member(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Begin to look as one particular auditor, with what they are limited to."""
    auditor = get_object_or_404(Member.objects.of(request.organization), pk=pk)
    try:
        look_as_auditor(request.member, auditor=auditor)
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("members:edit", pk)
    viewing.begin(request, request.member, auditor)
    return redirect(request.organization.get_absolute_url())


@screen(HOME, methods=["POST"])
def view_leave(request: ScreenRequest) -> HttpResponse:
    """Stop; harmless where nobody looks."""
    if viewing.is_looking(request):
        look_no_more(request.member)
    viewing.end(request, request.member)
    messages.success(request, "You see what your own roles show again.")
    return redirect(request.organization.get_absolute_url())
