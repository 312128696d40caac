"""The lists of company sign-in: its providers, and who is known by them."""

from typing import Any

from django.db import models
from django.urls import reverse

from accounts.company.actions import RUN
from accounts.models import CompanyOnly, IdentityProvider, ProviderIdentity
from audit.exports import RecordsExports
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen

LIST = ("Company sign-in", "members:provider-list")


def state_badge(provider: IdentityProvider) -> Badge:
    """Whether it serves, as a word in a tone."""
    return Badge("In use", "ok") if provider.is_active else Badge("Removed", "muted")


def _factor(provider: IdentityProvider) -> Badge:
    return Badge("The provider's, for employees", "ok") if provider.has_factor else Badge("Everybody's own", "muted")


class ProviderList(RecordsExports, ListScreen):
    """By which providers people sign in, and whether passwords serve beside them."""

    permission = RUN
    template_name = "accounts/company/provider_list.html"
    title = "Company sign-in"
    noun = "providers"
    noun_one = "provider"
    lede = "People sign in with the accounts your organization gives them. What a provider says opens this organization only."
    columns = (
        Column("name", "Name", sort="name", link=True),
        Column("status", "State", sort="status", value=state_badge, text=lambda one: one.get_status_display()),
        Column("issuer", "Issuer", wide=True, hide_below=700),
        Column("factor", "Second factor", value=_factor, text=lambda one: str(_factor(one)), hide_below=1000),
        Column("people", "People linked", hide_below=700),
    )
    default_order = ("status", "name")
    filters = (Filter("state", "State", choices=IdentityProvider.Status.choices, lookup="status"),)
    empty = Empty(
        "Everybody signs in with a password",
        "Add Google Workspace, Okta, Entra or another provider that speaks OpenID Connect.",
        action=("Add a provider", "members:provider-add"),
    )
    primary_action = ("Add a provider", "members:provider-add", RUN)

    def get_queryset(self) -> models.QuerySet[Any]:
        """With how many people are known by it."""
        linked = models.Count("identities", filter=models.Q(identities__status="linked"))
        return IdentityProvider.objects.annotate(people=linked)

    def row_url(self, obj: IdentityProvider) -> str:
        """Its page."""
        return obj.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether passwords serve."""
        rule = CompanyOnly.objects.filter(organization=self.request.organization).select_related("set_by__user").first()
        has_some = IdentityProvider.objects.filter(status="active").exists()
        return super().get_context_data(rule=rule, has_some=has_some, **kwargs)


class IdentityList(RecordsExports, ListScreen):
    """Who is known by a company account."""

    permission = RUN
    title = "Company accounts"
    noun = "accounts"
    noun_one = "account"
    breadcrumbs = (LIST,)
    lede = "Which account at a provider signs in as whom. People link theirs themselves, once, and confirm it."
    columns = (
        Column("email", "E-mail there", sort="email", link=True),
        Column("member.name", "Signs in as", sort="member__user__name"),
        Column("provider.name", "Provider", sort="provider__name", hide_below=700),
        Column(
            "status",
            "State",
            sort="status",
            value=lambda one: Badge("Linked", "ok") if one.is_linked else Badge("Unlinked", "muted"),
            text=lambda one: one.get_status_display(),
        ),
        Column("linked_at", "Linked", sort="linked_at", hide_below=700),
        Column("confirmed_by", "Confirmed by", hide_below=1000),
        Column("subject", "Subject", hide_below=1300),
    )
    default_order = ("-linked_at",)
    filters = (Filter("state", "State", choices=ProviderIdentity.Status.choices, lookup="status"),)
    search_fields = ("email", "member__user__name", "member__user__email")
    search_hint = "Name or e-mail"
    empty = Empty("Nobody has linked an account yet", "People are asked when they sign in by a provider for the first time.")

    def get_queryset(self) -> models.QuerySet[Any]:
        """With whose they are."""
        return ProviderIdentity.objects.select_related("member__user", "provider")

    def row_url(self, obj: ProviderIdentity) -> str:
        """Where it is unlinked."""
        return reverse("members:identity-unlink", args=[obj.pk]) if obj.is_linked else ""
