"""Tokens of the API: one's own, and for administrators all, with the accounts of programs."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.actions import create_service, create_token, revoke_token
from accounts.factors import FactorFormMixin, FactorScreenMixin
from accounts.giving import ADMINISTER
from accounts.models import Member, Token
from accounts.permissions import HOME, PERMISSIONS
from accounts.presets import PRESETS, by_area, preset_of
from accounts.role_forms import RolesField
from audit.exports import RecordsExports
from tenancy.scope import now
from ui.components import Badge
from ui.forms import DateInput
from ui.refusals import ActionRefused
from ui.screens import Column, Empty, Filter, FormScreen, ListScreen

CRUMBS = (("API tokens", "members:tokens"),)
USUAL_DAYS = 90


def tokens_visible_to(member: Member) -> QuerySet[Token]:
    """One's own; all of the organization for those who administer its members."""
    tokens: QuerySet[Token] = Token.objects.of(member.organization)
    return tokens if member.can(ADMINISTER) else tokens.filter(member=member)


def _state(token: Token) -> Badge:
    words = {"": ("Works", "ok"), "revoked": ("Revoked", "muted"), "expired": ("Expired", "muted")}
    label, tone = words.get(token.trouble, ("Has no access", "warn"))
    return Badge(label, tone)  # type: ignore[arg-type] # the tones above are tones


class TokenList(RecordsExports, ListScreen):
    """What programs may do here, by whose tokens."""

    permission = HOME
    title = "API tokens"
    lede = "A program that shows a token does what its owner may do, as far as the token allows, and under the owner's name."
    noun = "tokens"
    noun_one = "token"
    template_name = "accounts/token_list.html"
    columns = (
        Column("name", "For", sort="name"),
        Column("prefix", "Begins with"),
        Column("member.name", "Of", sort="member__user__name"),
        Column("scopes", "May", value=lambda one: ", ".join(one.scopes), hide_below=1000),
        Column("state", "State", value=_state, text=lambda one: one.trouble or "works"),
        Column("last_day", "Until", sort="expires_at"),
        Column("last_used_at", "Last used", sort="last_used_at", hide_below=700),
        Column("revoke", "Action", template="accounts/cells/revoke.html", export=False),
    )
    default_order = ("-created_at",)
    search_fields = ("name", "prefix", "member__user__name")
    search_hint = "Purpose, beginning or owner"
    empty = Empty(
        "No tokens yet",
        "Make one for each program that feeds evidence in or reads figures out.",
        action=("Make a token", "members:token-create"),
    )
    primary_action = ("Make a token", "members:token-create", HOME)

    def get_queryset(self) -> QuerySet[Any]:
        """Those this member may see."""
        if self.request.member.can(ADMINISTER):
            self.request.shown_by = ADMINISTER  # to look at what the programs of others may do is recorded
        return tokens_visible_to(self.request.member)

    def get_filters(self) -> tuple[Filter, ...]:
        """By what they are worth now."""
        live = Q(revoked_at=None, expires_at__gt=now())
        states = {"live": live, "over": ~live}
        return (Filter("state", "State", choices=[("live", "In force"), ("over", "Revoked or expired")], where=states),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether service accounts may be made."""
        return super().get_context_data(may_administer=self.request.member.can(ADMINISTER), **kwargs)


class ScopesField(forms.MultipleChoiceField):
    """Permissions as check boxes, under their areas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=by_area(PERMISSIONS), widget=forms.CheckboxSelectMultiple, **kwargs)


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """Oneself or a service account."""

    def label_from_instance(self, obj: Any) -> str:
        """By name."""
        return f"{obj.name} (service account)" if obj.user.is_service else f"{obj.name} (you)"


class TokenForm(FactorFormMixin):
    """What a new token is for, what it may do, and how long."""

    name = forms.CharField(label="What it is for", max_length=120, help_text="Such as the pipeline that uploads test reports.")
    member = OwnerField(Member.objects.none(), label="Whose rights it carries", empty_label=None)
    scopes = ScopesField(label="What it may do", help_text="Never more than its owner may at the time; writing includes reading.")
    expires_on = forms.DateField(label="Works until", widget=DateInput(), help_text="The last day, at most a year from now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer oneself, and service accounts to administrators; nobody gives a program what they do not hold themselves."""
        super().__init__(*args, **kwargs)
        member: Member = self.factor_request.member  # type: ignore[attr-defined]
        administers = member.can(ADMINISTER)
        owners = Q(pk=member.pk) | (Q(user__is_service=True) if administers else Q(pk=None))
        self.fields["member"].queryset = Member.objects.active().of(member.organization).filter(owners)  # type: ignore[attr-defined]
        self.fields["member"].initial = member.pk
        offered = by_area(key for key in PERMISSIONS if key in member.reach)
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = member.organization.today() + dt.timedelta(days=USUAL_DAYS)


class TokenCreate(FactorScreenMixin, FormScreen):
    """Make a token; its text is shown on the page that answers, and never again."""

    permission = HOME
    form_class = TokenForm
    title = "Make a token"
    breadcrumbs = CRUMBS
    submit_label = "Make the token"
    template_name = "accounts/token_form.html"
    explain = "Everything done by it is recorded under its owner's name, with the beginning of the token."

    def get_initial(self) -> dict[str, Any]:
        """What it is usually made for, where the address names it, and for a program's the first service account that may."""
        preset = preset_of(self.request.GET.get("for", ""))
        if preset is None:
            return {}
        services = (
            Member.objects.active().of(self.request.organization).filter(user__is_service=True).order_by("user__name", "pk")
        )
        offered = services if self.request.member.can("members.admin") else services.none()
        owner = next((one.pk for one in offered if all(one.can(scope) for scope in preset.scopes)), self.request.member.pk)
        return {"name": preset.name, "scopes": list(preset.scopes), "member": owner}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What else it could be made for: of that, what this member may have."""
        member, chosen = self.request.member, preset_of(self.request.GET.get("for", ""))
        offered = [one for one in PRESETS if member.permissions.issuperset(one.scopes)]
        return super().get_context_data(presets=offered, chosen=chosen, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Make it and show it."""
        try:
            token, text = create_token(actor=self.request.member, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
            return self.form_invalid(form)
        context = {**self.frame(), "title": "The new token", "token": token, "text": text}
        response = render(self.request, "accounts/token_shown.html", context)
        response["Cache-Control"] = "private, no-store"
        return response


class TokenRevoke(FormScreen):
    """Make a token useless at once."""

    permission = HOME
    model = Token
    form_class = forms.Form
    breadcrumbs = CRUMBS
    submit_label = "Revoke it"
    tone = "danger"
    explain = "What uses it is refused from now on. This cannot be taken back."
    success_message = "The token was revoked."
    object: Token

    def get_queryset(self) -> QuerySet[Any]:
        """Those this member may see."""
        return tokens_visible_to(self.request.member)

    def get_title(self) -> str:
        """Which one."""
        return f"Revoke {self.object}"

    def act(self, form: Any) -> str:
        """Revoke it."""
        revoke_token(self.object, actor=self.request.member)
        return reverse("members:tokens")


class ServiceForm(FactorFormMixin):
    """What the program is called, and as what it works here."""

    name = forms.CharField(label="Name", max_length=120, help_text="It stands in the trail as who did it.")
    roles = RolesField(label="Roles")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].offer(self.factor_request.member, is_service=True)  # type: ignore[attr-defined]


class ServiceCreate(FactorScreenMixin, FormScreen):
    """Make an account for a program."""

    permission = "members.admin"
    form_class = ServiceForm
    title = "Add a service account"
    breadcrumbs = CRUMBS
    submit_label = "Add the service account"
    explain = "An account that nobody can sign in to. It does what its roles allow, by tokens that administrators make."
    success_message = "The service account was added. Make a token for it now."

    def act(self, form: ServiceForm) -> str:
        """Add it."""
        create_service(actor=self.request.member, **form.cleaned_data)
        return reverse("members:token-create")
