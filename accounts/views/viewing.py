"""Looking at the organization as an auditor does, and stopping."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts import viewing
from accounts.actions import look_as_auditor, look_no_more
from accounts.permissions import HOME
from ui.screens import ScreenRequest, screen


@screen(viewing.RUN, methods=["POST"])
def view_as(request: ScreenRequest) -> HttpResponse:
    """Begin."""
    look_as_auditor(request.member)
    viewing.begin(request, request.member)
    return redirect(request.organization.get_absolute_url())


@screen(HOME, methods=["POST"])
def view_leave(request: ScreenRequest) -> HttpResponse:
    """Stop; harmless where nobody looks."""
    if viewing.is_looking(request):
        look_no_more(request.member)
    viewing.end(request)
    messages.success(request, "You see what your own roles show again.")
    return redirect(request.organization.get_absolute_url())
