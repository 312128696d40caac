"""A review's own pages: overview, items, removals, reports, activity."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from inventory.models import Person
from reviews.campaigns.actions import problems_of
from reviews.campaigns.progress import progress_of
from reviews.campaigns.views import LIST, campaign_path, job_progress
from reviews.models import Campaign, Item
from reviews.outputs.kept import reports_of
from reviews.reminders import remind_reviewer
from reviews.rights import KIND, WRITE
from reviews.signoff.actions import open_removals, removals_of
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.delegations.looking import care_context
from workflow.delegations.views import HandOver

SHOWN = 50


def tabs_of(campaign: Campaign) -> list[tuple[str, str, int | None]]:
    """The tabs of a review; a draft has none."""
    if campaign.status in {Campaign.Status.DRAFT, Campaign.Status.STARTING} or not campaign.item_count:
        return []
    over = campaign.status in {Campaign.Status.SIGNED_OFF, Campaign.Status.CLOSED}
    return [
        ("Overview", campaign.get_absolute_url(), None),
        ("Items", campaign_path(campaign, "items"), campaign.item_count),
        *(
            [("Removals", campaign_path(campaign, "removals"), None), ("Reports", campaign_path(campaign, "reports"), None)]
            if over
            else []
        ),
        ("Activity", campaign_path(campaign, "activity"), None),
    ]


class CampaignPage(DetailScreen, abstract=True):
    """A page of one review."""

    model = Campaign
    object: Campaign

    def get_title(self) -> str:
        """Reference and name."""
        return f"{self.object.reference} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list."""
        return (LIST,)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """The review's tabs."""
        return tabs_of(self.object)


class CampaignDetail(CampaignPage):
    """The overview: a draft's scope, or how far the review is, what was checked, and what an auditor would ask about."""

    permission = "reviews.read"
    template_name = "reviews/campaign_detail.html"
    queryset = Campaign.objects.select_related(
        "created_by__user", "started_by__user", "signed_off_by__user", "closed_by__user", "second_reviewer"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the state of the review calls for."""
        campaign, member = self.object, self.request.member
        moves = {"start": Campaign.START, "sign_off": Campaign.SIGN_OFF, "close": Campaign.CLOSE, "cancel": Campaign.CANCEL}
        may = {name: move.allows(campaign, member) for name, move in moves.items()}
        scope = campaign.scope.select_related("system", "snapshot__imported_by__user", "incomplete_accepted_by__user")
        return super().get_context_data(
            **kwargs,
            campaign=campaign,
            scope=scope,
            may=may,
            may_write=self.may(WRITE),
            **care_context(campaign, KIND.key, member),
            **self._by_state(),
        )

    def _by_state(self) -> dict[str, Any]:
        campaign = self.object
        if campaign.status == Campaign.Status.DRAFT:
            return {"problems": problems_of(campaign), **job_progress(campaign)}
        if campaign.status == Campaign.Status.STARTING:
            return job_progress(campaign)
        progress = progress_of(campaign, self.request.organization.today())
        flagged = campaign.items.filter(flagged=True, decision=Item.Decision.RETAIN).order_by("position")
        asked, still = (removals_of(campaign).count(), open_removals(campaign).count()) if campaign.signed_off_at else (0, 0)
        return {
            "progress": progress,
            "flagged_kept": flagged.select_related("system", "entitlement", "decider")[:SHOWN],
            "flagged_count": flagged.count(),
            "open_removals": still,
            "removals_words": f"{asked - still:,} of {asked:,} are over",
        }


class CampaignReports(CampaignPage):
    """The reports, kept as evidence."""

    permission = "reviews.read"
    template_name = "reviews/campaign_reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the hash of each file worked out again."""
        return super().get_context_data(
            **kwargs, campaign=self.object, reports=reports_of(self.object), may_write=self.may(WRITE)
        )


class CampaignActivity(CampaignPage):
    """What happened to the review, as sentences."""

    permission = "reviews.read"
    template_name = "reviews/campaign_activity.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The review itself."""
        return super().get_context_data(**kwargs, campaign=self.object)


@screen(WRITE, methods=["POST"])
def remind(request: ScreenRequest, pk: UUID, person_id: UUID) -> HttpResponse:
    """Send one reviewer a reminder now."""
    campaign = get_object_or_404(Campaign, pk=pk)
    person = get_object_or_404(Person, pk=person_id)
    remind_reviewer(campaign, person, request.member)
    messages.success(request, f"{person.name} is reminded.")
    return redirect(reverse("reviews:detail", args=[pk]))


class CampaignHandOver(HandOver):
    """Put a review into somebody's care until a day."""

    kind = KIND.key
    model = Campaign
    object: Campaign

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the review."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))
