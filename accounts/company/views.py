"""Settings of company sign-in: the providers, who is known by them, and whether passwords serve."""

from typing import Any

from django.db import models
from django.urls import reverse

from accounts.company import actions
from accounts.company.attempts import callback_of
from accounts.company.forms import AddProviderForm, ChangeProviderForm, FactorNoteForm
from accounts.company.listing import LIST, state_badge
from accounts.company.reach import company_of
from accounts.factors import FactorFormMixin, FactorScreenMixin
from accounts.forms import ReasonForm
from accounts.models import IdentityProvider, ProviderIdentity
from ui.links import site_path
from ui.screens import DetailScreen, FormScreen

RUN = actions.RUN


class ProviderDetail(DetailScreen):
    """One provider and the people known by it."""

    permission = RUN
    template_name = "accounts/company/provider.html"
    breadcrumbs = (LIST,)
    object: IdentityProvider

    def get_queryset(self) -> models.QuerySet[Any]:
        """With who set it up."""
        return IdentityProvider.objects.select_related("created_by__user", "factor_by__user", "addresses_vouched_by__user")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What to enter at the provider."""
        organization = self.request.organization
        return super().get_context_data(
            badge=state_badge(self.object),
            callback=callback_of(organization, self.object),
            sign_in=site_path("accounts:company", slug=organization.slug),
            people=self.object.identities.filter(status="linked").count(),
            **kwargs,
        )


class ProviderAdd(FactorScreenMixin, FormScreen):
    """Add one."""

    permission = RUN
    form_class = AddProviderForm
    title = "Add a provider"
    breadcrumbs = (LIST,)
    submit_label = "Add it"
    explain = (
        "Register Plumbline there as a web application with the code flow; its page here tells the redirect address."
        " Nobody is let in by this alone: people are invited as before, and confirm once that both accounts are theirs."
    )
    success_message = "The provider is added. Enter its redirect address there, try it, and sign in with it yourself."

    def act(self, form: AddProviderForm) -> IdentityProvider:
        """Add it."""
        return actions.add_provider(actor=self.request.member, **form.cleaned_data)


class _ProviderScreen(FactorScreenMixin, FormScreen, abstract=True):
    """A form about a provider in use."""

    permission = RUN
    model = IdentityProvider
    object: IdentityProvider

    def get_queryset(self) -> models.QuerySet[Any]:
        """Those in use."""
        return IdentityProvider.objects.filter(status="active")

    def get_breadcrumbs(self) -> Any:
        """Back to it."""
        return (LIST, (str(self.object), self.object.get_absolute_url()))


class ProviderChange(_ProviderScreen):
    """Correct it."""

    form_class = ChangeProviderForm
    submit_label = "Save"
    explain = "Its issuer and client ID stay as they are: another one is another provider, which knows other people."
    success_message = "The provider was changed."

    def get_title(self) -> str:
        """Which."""
        return f"Change {self.object.name}"

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.object.name, "domain": self.object.domain, "vouches": self.object.vouches}

    def act(self, form: ChangeProviderForm) -> IdentityProvider:
        """Change it."""
        return actions.change_provider(self.object, actor=self.request.member, **form.cleaned_data)


class ProviderFactor(_ProviderScreen):
    """Say that it asks for a second factor."""

    form_class = FactorNoteForm
    submit_label = "Record it"
    explain = (
        "People whose roles allow no more than Employee does then enter with the provider's second factor alone."
        " Everybody who may do more goes on showing their own authenticator here."
    )
    success_message = "It is recorded, with your name and the time."

    def get_title(self) -> str:
        """Which."""
        return f"Record the second factor of {self.object.name}"

    def act(self, form: FactorNoteForm) -> IdentityProvider:
        """Record it."""
        return actions.record_factor(self.object, actor=self.request.member, note=form.cleaned_data["note"])


class ProviderFactorWithdraw(_ProviderScreen):
    """Rely on it no more."""

    form_class = ReasonForm
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "From their next page on, everybody shows an authenticator of their own, or sets one up."
    success_message = "The provider's second factor serves no more."

    def get_title(self) -> str:
        """Which."""
        return f"Withdraw the second factor of {self.object.name}"

    def act(self, form: ReasonForm) -> IdentityProvider:
        """Withdraw it."""
        return actions.withdraw_factor(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class ProviderRemove(_ProviderScreen):
    """Take it away."""

    form_class = ReasonForm
    submit_label = "Remove it"
    tone = "danger"
    explain = (
        "Nobody signs in by it any more, and the sessions it began end. People who have a password sign in with that;"
        " those who joined by the provider alone have none: remove and invite them again, with another provider."
    )
    success_message = "The provider was removed."

    def get_title(self) -> str:
        """Which."""
        return f"Remove {self.object.name}"

    def act(self, form: ReasonForm) -> str:
        """Remove it."""
        actions.remove_provider(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:provider-list")


class ProviderTry(_ProviderScreen):
    """Ask it now."""

    form_class = FactorFormMixin
    submit_label = "Ask it now"
    explain = "Plumbline reads what the provider says of itself, and its keys, as at a sign-in."
    success_message = "The provider answered, and what it says of itself holds."

    def get_title(self) -> str:
        """Which."""
        return f"Try {self.object.name}"

    def act(self, form: FactorFormMixin) -> IdentityProvider:
        """Ask it."""
        actions.try_provider(self.object.issuer)
        return self.object


class Require(FactorScreenMixin, FormScreen):
    """Refuse passwords."""

    permission = RUN
    form_class = FactorFormMixin
    title = "Refuse passwords"
    breadcrumbs = (LIST,)
    submit_label = "Refuse passwords"
    tone = "danger"
    explain = (
        "From their next page on, members reach this organization by company accounts only, you included. Administrators can"
        " enter without for an hour, with a reason that every administrator is told. API tokens go on working."
    )
    success_message = "Passwords are refused from now on."

    def act(self, form: FactorFormMixin) -> str:
        """Refuse them."""
        company = company_of(self.request)
        actions.require_company(actor=self.request.member, by=company.identity if company else None)
        return reverse("members:provider-list")


class AllowPasswords(FactorScreenMixin, FormScreen):
    """Let them serve again."""

    permission = RUN
    form_class = ReasonForm
    title = "Allow passwords"
    breadcrumbs = (LIST,)
    submit_label = "Allow passwords"
    explain = "Members who have a password can then sign in with it and their own authenticator, beside the company accounts."
    success_message = "Passwords serve again."

    def act(self, form: ReasonForm) -> str:
        """Allow them."""
        actions.allow_passwords(actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:provider-list")


class IdentityUnlink(FactorScreenMixin, FormScreen):
    """Stop an account from signing in."""

    permission = RUN
    form_class = ReasonForm
    submit_label = "Unlink it"
    tone = "danger"
    breadcrumbs = (LIST, ("Company accounts", "members:identity-list"))
    explain = (
        "The account signs in no more, and the sessions it began end. The person can link one again with their password;"
        " somebody who has none is removed and invited again."
    )
    success_message = "The account was unlinked."
    model = ProviderIdentity
    object: ProviderIdentity

    def get_queryset(self) -> models.QuerySet[Any]:
        """Those that are linked."""
        return ProviderIdentity.objects.filter(status="linked").select_related("member__user", "provider")

    def get_title(self) -> str:
        """Whose."""
        return f"Unlink {self.object.email} from {self.object.member.name}"

    def act(self, form: ReasonForm) -> str:
        """Unlink it."""
        actions.unlink_identity(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:identity-list")
