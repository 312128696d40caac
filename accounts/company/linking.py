"""The first time: the owner of an account at the provider says who they are here, and confirms it by more than an e-mail."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import Audience, is_verified, open_to
from accounts.company.actions import join_by_company, link_identity
from accounts.company.attempts import STALE, forget_pending, pending_of
from accounts.company.joining import may_join
from accounts.company.reach import is_companys
from accounts.company.signing import ask_first, enter, find, go_there, must_ask, note_refused, organization_named, refused_page
from accounts.emails import login_email
from accounts.guessing import authenticated
from accounts.models import IdentityProvider, Invitation, Member, ProviderIdentity, User
from accounts.models.invitation import digest_of
from accounts.trail import fail_for_person
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.links import site_path
from ui.refusals import ActionRefused

_NOBODY = (
    "No member of this organization has the e-mail address of your company account. Ask an administrator for an invitation"
    " and open its link. If you have an account here already, sign in with it to accept the invitation, then come back."
)


class PasswordForm(forms.Form):
    """The password one has here, once, to show that both accounts are one's own."""

    password = forms.CharField(
        label="Your password here",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.email = request, email

    def clean_password(self) -> str:
        """Check it under the same throttle as signing in."""
        if authenticated(self.request, self.email, self.cleaned_data["password"]) is None:
            raise ValidationError("This is not your password here.", code="mismatch")
        return ""


class NameForm(forms.Form):
    """What a newcomer is called."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


@dataclass(frozen=True, slots=True)
class Pending:
    """An account at a provider that nobody here is known by, and who could be its owner."""

    organization: Organization
    provider: IdentityProvider
    subject: str
    email: str
    name: str
    target: str
    member: Member | None
    invitation: Invitation | None
    may_join: bool

    @classmethod
    def of(cls, request: HttpRequest, organization: Organization | None) -> Self | None:
        """What waits in this session for the organization, read anew."""
        held = None if organization is None else pending_of(request, organization)
        if organization is None or held is None:
            return None
        email = login_email(held["email"])
        with tenant(organization):
            provider = IdentityProvider.objects.filter(pk=UUID(held["provider"]), status="active").first()
            invitation = _invitation(held["invitation"], email)
        if provider is None:
            return None
        user = User.objects.with_email(email)
        member = Member.objects.active().of(organization).filter(user=user, user__is_service=False).first() if user else None
        free = may_join(user, organization)
        return cls(organization, provider, held["subject"], email, held["name"], held["target"], member, invitation, free)


def _invitation(digest: str, email: str) -> Invitation | None:
    found = Invitation.objects.filter(token_hash=digest, email=email).first() if digest else None
    return found if found is not None and found.is_usable else None


@open_to(Audience.EVERYBODY)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm that this account is one's own, or join by it."""
    organization = organization_named(slug)
    pending = Pending.of(request, organization)
    if organization is None or pending is None:
        return redirect(site_path("accounts:company", slug=slug))
    if pending.member is None and (pending.invitation is None or not pending.may_join):
        note_refused(request, organization, pending.provider, "nobody here has this e-mail")
        forget_pending(request)
        return refused_page(request, organization, _NOBODY, status=403)
    form = _form(request, pending)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            identity = _link(pending, form, by_session=form is None)
        except ActionRefused as refusal:
            forget_pending(request)
            return refused_page(request, organization, refusal.sentence, status=409)
        return enter(request, organization, identity, pending.target)
    if form is not None and form.has_error("password", "mismatch") and not getattr(request, "axes_locked_out", False):
        user = User.objects.with_email(pending.email)
        fail_for_person("session.sign_in", user, {"email": pending.email, "reason": "password"})
    context = {"form": form, "pending": pending, "there": organization}
    return render(request, "accounts/company/link.html", context, status=422 if form is not None and form.errors else 200)


def _form(request: HttpRequest, pending: Pending) -> forms.Form | None:
    """What has to be shown: nothing more by somebody who has just signed in here with everything of their own."""
    data = request.POST if request.method == "POST" else None
    if pending.member is None:
        return NameForm(data, initial={"name": pending.name})
    is_theirs = is_verified(request) and not is_companys(request.session) and request.user.pk == pending.member.user_id
    return None if is_theirs else PasswordForm(request, pending.email, data)


def _link(pending: Pending, form: forms.Form | None, *, by_session: bool) -> ProviderIdentity:
    """Link. Raises ActionRefused."""
    with tenant(pending.organization):
        if pending.member is not None:
            return link_identity(
                pending.provider,
                pending.member,
                subject=pending.subject,
                email=pending.email,
                confirmed_by="session" if by_session else "password",
            )
        if pending.invitation is None or form is None:
            raise ActionRefused(STALE)
        return join_by_company(pending.invitation, pending.provider, name=form.cleaned_data["name"], subject=pending.subject)


@open_to(Audience.EVERYBODY)
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str, token: str, pk: UUID) -> HttpResponse:
    """Answer an invitation by a company account. Whoever is signed in is asked first."""
    organization, provider = find(slug, pk)
    if must_ask(request):
        return ask_first(request, organization, provider)
    target = site_path("accounts:start")
    return go_there(request, organization, provider, target=target, invitation=digest_of(token))
