"""What an organization decides about its members' sessions."""

from typing import Any

from accounts.actions import set_idle_limit
from accounts.factors import FactorScreenMixin
from accounts.forms import IdleForm
from accounts.models import IdleLimit
from ui.screens import FormScreen


class IdleLimitEdit(FactorScreenMixin, FormScreen):
    """After how many minutes without use members are signed out."""

    permission = "organization.admin"
    form_class = IdleForm
    title = "Idle limit"
    breadcrumbs = (("Organization", "home:organization"),)
    submit_label = "Save the limit"
    explain = (
        "It holds from everybody's next page on. Who belongs to several organizations is signed out after the shortest limit"
        " among them. However busy, a session ends eight hours after it began."
    )
    success_message = "The idle limit was changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"minutes": IdleLimit.minutes_of(self.request.organization)}

    def act(self, form: IdleForm) -> str:
        """Set it."""
        set_idle_limit(actor=self.request.member, **form.cleaned_data)
        return "home:organization"
