"""Checking an endpoint at once."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ui.screens import ScreenRequest, screen
from vulnerabilities.endpoints.tasks import ask_check
from vulnerabilities.models import ScanScope
from vulnerabilities.rights import WRITE


@screen(WRITE, methods=["POST"])
def check(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have it checked, and watch."""
    job = ask_check(get_object_or_404(ScanScope, pk=pk), actor=request.member)
    return redirect("workflow:job", job.pk)
