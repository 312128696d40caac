"""Screens of the end of a review."""

from typing import Any

from accounts.factors import FactorScreenMixin, require_recent_factor
from reviews.campaigns.progress import progress_of
from reviews.campaigns.views import CampaignScreen
from reviews.models import Campaign
from reviews.signoff.actions import close_campaign, open_removals, sign_off
from reviews.signoff.digest import decision_digest
from reviews.signoff.forms import CloseForm, SignOffForm

LISTED = 50


class SignOff(FactorScreenMixin, CampaignScreen):
    """Make the decisions final."""

    permission = "reviews.sign"
    transition = Campaign.SIGN_OFF
    form_class = SignOffForm
    template_name = "reviews/campaign_sign_off.html"
    submit_label = "Sign off"

    def get_title(self) -> str:
        """What is signed."""
        return f"Sign off {self.object.reference}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The first of the undecided items, and how many there are."""
        undecided = self.object.items.filter(decision="").order_by("position")
        listed = list(undecided.select_related("system", "entitlement")[:LISTED])
        return {**super().get_form_kwargs(), "undecided": listed, "total": undecided.count()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures that are signed, and the digest of the decisions, which is taken first so that it is never the newer."""
        shown = decision_digest(self.object)
        progress = progress_of(self.object, self.request.organization.today())
        return super().get_context_data(**kwargs, campaign=self.object, progress=progress, shown=shown)

    def act(self, form: SignOffForm) -> Campaign:
        """Sign."""
        require_recent_factor(self.request)
        given = form.cleaned_data
        rest = given.get("reason_for_rest", "")
        said = {"note": given["note"], "reason_for_rest": rest, "reasons": form.reasons()}
        sign_off(self.object, actor=self.request.member, shown=given["shown"], **said)
        return self.object


class Close(CampaignScreen):
    """Close a review whose removals are all over."""

    permission = "reviews.sign"
    transition = Campaign.CLOSE
    form_class = CloseForm
    template_name = "reviews/campaign_close.html"
    submit_label = "Close the review"
    explain = "The completed report is made, and the next review is noted."

    def get_title(self) -> str:
        """What is closed."""
        return f"Close {self.object.reference}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is still open."""
        still_open = open_removals(self.object).select_related("system", "account", "assignee")[:LISTED]
        return super().get_context_data(**kwargs, campaign=self.object, still_open=still_open)

    def act(self, form: CloseForm) -> Campaign:
        """Close."""
        close_campaign(self.object, actor=self.request.member, note=form.cleaned_data["note"])
        return self.object
