"""The reports on a campaign's page."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from reviews.models import Campaign
from reviews.outputs.data import TITLES, Kind
from reviews.outputs.kept import reports_of
from reviews.outputs.tasks import make_again
from ui.screens import ScreenRequest, screen


@screen("reviews.read")
def panel(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The panel alone, fetched while a report is being made."""
    campaign = get_object_or_404(Campaign, pk=pk)
    may_write = request.member.can("reviews.write", campaign.pk)
    return render(
        request, "reviews/report_panel.html", {"reports": reports_of(campaign), "campaign": campaign, "may_write": may_write}
    )


@screen("reviews.write", methods=["POST"])
def make(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Make a report again: another revision beside those that are kept."""
    campaign = get_object_or_404(Campaign, pk=pk)
    wanted = request.POST.get("kind", "")
    if wanted not in list(Kind):
        raise BadRequest
    kind = Kind(wanted)
    make_again(campaign, kind, actor=request.member)
    messages.success(request, f"The {TITLES[kind].lower()} of {campaign.reference} is being made.")
    return redirect("reviews:reports", pk=pk)
