"""Hosts of the own network that the product may reach: the list, one of them, allowing and withdrawing."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.factors import FactorFormMixin, FactorScreenMixin
from audit.exports import RecordsExports
from ui.components import Badge
from ui.forms import TextArea
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen
from workflow.models import AllowedHost
from workflow.once import OnceReasonForm, OnceScreen
from workflow.outgoing.hosts import RUN, allow_host, withdraw_host

LIST = ("Allowed hosts", "workflow:host-list")


def state_badge(row: AllowedHost) -> Badge:
    """Its state as a word in a tone."""
    return Badge(row.get_status_display(), "warn" if row.status == AllowedHost.Status.ALLOWED else "muted")


class HostForm(FactorFormMixin):
    """A host, and why."""

    host = forms.CharField(
        label="Name or address",
        max_length=253,
        help_text="Such as db.internal or 10.0.4.7. A name does not open link-local addresses: name such an address itself.",
    )
    port = forms.IntegerField(required=False, min_value=1, max_value=65_535, help_text="Left empty: every port.")
    reason = forms.CharField(label="Why", widget=TextArea(rows=2), max_length=500, help_text="Such as what is checked there.")


class HostList(RecordsExports, ListScreen):
    """What the product may reach of your own network."""

    permission = RUN
    title = "Allowed hosts"
    lede = (
        "Checks and webhooks reach the public internet only. A host of your own network is reached where it stands here, "
        "as whoever sets up a check or a webhook could otherwise look into your network through this product."
    )
    noun = "hosts"
    noun_one = "host"
    columns = (
        Column("name", "Host", sort=("host", "port"), value=str, text=str, link=True),
        Column("status", "State", sort="status", value=state_badge, text=lambda one: one.get_status_display()),
        Column("reason", "Why", wide=True, hide_below=700),
        Column("allowed_by.name", "Allowed by", hide_below=1000),
        Column("allowed_at", "Allowed", sort="allowed_at", hide_below=700),
    )
    default_order = ("host", "port")
    filters = (Filter("state", "State", choices=AllowedHost.Status.choices, lookup="status"),)
    search_fields = ("host", "reason")
    search_hint = "Host or reason"
    empty = Empty(
        "Nothing of your own network is reached",
        "Allow a host when a check or a webhook is to lead there.",
        action=("Allow a host", "workflow:host-allow"),
    )
    primary_action = ("Allow a host", "workflow:host-allow", RUN)

    def get_queryset(self) -> QuerySet[AllowedHost]:
        """With who allowed them."""
        return AllowedHost.objects.select_related("allowed_by__user")


class HostDetail(DetailScreen):
    """One host."""

    permission = RUN
    template_name = "workflow/host.html"
    breadcrumbs = (LIST,)
    object: AllowedHost

    def get_queryset(self) -> QuerySet[Any]:
        """With who allowed it."""
        return AllowedHost.objects.select_related("allowed_by__user")

    def get_title(self) -> str:
        """Its name."""
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its state."""
        is_allowed = self.object.status == AllowedHost.Status.ALLOWED
        return super().get_context_data(badge=state_badge(self.object), is_allowed=is_allowed, **kwargs)


class HostAllow(FactorScreenMixin, FormScreen):
    """Allow a host."""

    permission = RUN
    form_class = HostForm
    title = "Allow a host"
    breadcrumbs = (LIST,)
    submit_label = "Allow it"
    tone = "danger"
    explain = (
        "Whoever may set up checks or webhooks can then make this product connect to it. The trail says who allowed it, and why."
    )
    success_message = "The host is allowed."

    def get_initial(self) -> dict[str, Any]:
        """What the page that led here named."""
        return {name: self.request.GET.get(name, "") for name in ("host", "port")}

    def act(self, form: HostForm) -> AllowedHost:
        """Allow it."""
        given = {name: form.cleaned_data[name] for name in ("host", "port", "reason")}
        return allow_host(actor=self.request.member, **given)


class HostWithdraw(OnceScreen):
    """Reach a host no more."""

    permission = RUN
    model = AllowedHost
    object: AllowedHost
    form_class = OnceReasonForm
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "Checks and webhooks that lead there fail from now on, and say why."
    success_message = "The host is not reached any more."

    def get_title(self) -> str:
        """Which."""
        return f"Withdraw {self.object}"

    def get_breadcrumbs(self) -> Any:
        """Back to it."""
        return (LIST, (str(self.object), self.object.get_absolute_url()))

    def act(self, form: OnceReasonForm) -> AllowedHost:
        """Withdraw it."""
        return withdraw_host(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
