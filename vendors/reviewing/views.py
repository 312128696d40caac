"""The screen of a new review."""

from typing import Any

from vendors.models import Vendor
from vendors.register.views import AboutVendor
from vendors.reviewing import actions
from vendors.reviewing.forms import ReviewForm


class VendorReviewed(AboutVendor):
    """Record a review of a vendor."""

    form_class = ReviewForm
    verb = "Review"
    submit_label = "Record the review"
    explain = "What is recorded is not changed any more. Risk below the inherent one names what lowers it."
    success_message = "The review is recorded."

    def get_initial(self) -> dict[str, Any]:
        """Today, and the risk as it stands."""
        return {
            "reviewed_on": self.request.organization.today(),
            "residual": self.object.residual or self.object.inherent,
        }

    def act(self, form: ReviewForm) -> Vendor:
        """Record it."""
        actions.review(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object
