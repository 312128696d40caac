"""Signing in by a provider: choosing one, going there, and coming back."""

import time
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Audience, is_verified, open_to
from accounts.actions import note_sign_in
from accounts.company.asking import AskingFailed
from accounts.company.attempts import STALE, Attempt, begin_attempt, is_worth_noting, keep_pending, take_attempt, too_many
from accounts.company.discovery import configuration_of
from accounts.company.exchange import authorization_url, claims_by_code
from accounts.company.reach import company_of, mark_company
from accounts.company.refusing import SignInRefused
from accounts.company.tokens import Claims
from accounts.factors import RECENT_MINUTES
from accounts.landing import landing_of
from accounts.links import is_own_path, with_next
from accounts.models import IdentityProvider, ProviderIdentity
from accounts.sealing import SealingError
from accounts.sessions import begin_session, note_factor
from audit.record import record_failure
from tenancy.models import INSTALLATION_SLUG, Organization
from tenancy.scope import tenant
from ui.links import site_path

_ERRORS = {
    "access_denied": "The provider did not let you in, or you chose not to go on.",
    "temporarily_unavailable": "The provider cannot answer now. Try again in a while.",
    "server_error": "The provider had an error. Try again in a while.",
}
_OTHER_ERROR = "The provider answered with an error."


def organization_named(slug: str) -> Organization | None:
    """The organization with this short name, unless it is the one that holds what is nobody's."""
    return Organization.objects.filter(slug=slug).exclude(slug=INSTALLATION_SLUG).first()


def providers_of(organization: Organization | None) -> list[IdentityProvider]:
    """The providers by which its people sign in."""
    if organization is None:
        return []
    with tenant(organization):
        return list(IdentityProvider.objects.filter(status="active"))


def find(organization_slug: str, pk: UUID) -> tuple[Organization, IdentityProvider]:
    """A provider in use, and whose it is. Raises Http404."""
    organization = organization_named(organization_slug)
    provider = next((one for one in providers_of(organization) if one.pk == pk), None)
    if organization is None or provider is None:
        raise Http404
    return organization, provider


@open_to(Audience.EVERYBODY)
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Send the browser to the provider, once somebody said so here: a link from elsewhere begins no session."""
    organization, provider = find(slug, pk)
    if must_ask(request):
        return ask_first(request, organization, provider)
    if too_many(request, provider):
        return refused_page(request, organization, "Too many sign-ins were begun from here. Wait a little.", status=429)
    return go_there(request, organization, provider, target=inside(request, organization, request.GET.get("next", "")))


def must_ask(request: HttpRequest) -> bool:
    """Whether nobody has said yet that they want to go on: a link alone led here."""
    return request.method != "POST"


def ask_first(request: HttpRequest, organization: Organization, provider: IdentityProvider) -> HttpResponse:
    """Ask whether to go on, by a form that no other site can send; somebody signed in reads who they are."""
    return render(request, "accounts/company/again.html", {"there": organization, "provider": provider})


def inside(request: HttpRequest, organization: Organization, wanted: str) -> str:
    """The wanted path if it leads into the organization, or the start page: a provider leads nowhere else."""
    is_inside = is_own_path(request, wanted) and wanted.startswith(organization.get_absolute_url())
    return wanted if is_inside else site_path("accounts:start")


def go_there(
    request: HttpRequest,
    organization: Organization,
    provider: IdentityProvider,
    *,
    target: str,
    invitation: str = "",
    confirms: bool = False,
) -> HttpResponse:
    """The way to the provider, remembered in this browser's session; or a page that says why it cannot be asked."""
    try:
        configuration = configuration_of(organization, provider.issuer)
    except AskingFailed as failure:
        return refused_page(request, organization, failure.sentence, status=502)
    asked = begin_attempt(request, organization, provider, target=target, invitation=invitation, confirms=confirms)
    return _leave(request, provider, authorization_url(configuration, provider, asked))


def _leave(request: HttpRequest, provider: IdentityProvider, address: str) -> HttpResponse:
    """Leave for the provider. Browsers follow no redirect of a form to another site (`form-action`): a page leads on."""
    if request.method != "POST":
        return redirect(address)
    response = render(request, "accounts/company/leaving.html", {"provider": provider, "address": address})
    response["Refresh"] = f"0; url={address}"
    return response


@open_to(Audience.EVERYBODY)
@never_cache
@require_GET
def come_back(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The provider's answer. Nothing of it is believed before it was checked."""
    organization, provider = find(slug, pk)
    try:
        attempt = take_attempt(request, organization, provider, request.GET.get("state", ""))
    except SignInRefused as refusal:  # anybody can send this: the trail would be theirs to fill
        return refused_page(request, organization, refusal.sentence)
    try:
        claims = _claims(request, organization, provider, attempt)
        return _received(request, organization, provider, attempt, claims)
    except SignInRefused as refusal:
        note_refused(request, organization, provider, refusal.reason)
        return refused_page(request, organization, refusal.sentence)
    except (AskingFailed, SealingError) as failure:
        note_refused(request, organization, provider, "the provider could not be asked")
        sentence = failure.sentence if isinstance(failure, AskingFailed) else "The stored client secret cannot be opened."
        return refused_page(request, organization, sentence, status=502)


def _claims(request: HttpRequest, organization: Organization, provider: IdentityProvider, attempt: Attempt) -> Claims:
    """What the answer proves. Raises SignInRefused and AskingFailed."""
    given, error, code = request.GET.get("iss"), request.GET.get("error", ""), request.GET.get("code", "")
    expects_issuer = configuration_of(organization, provider.issuer).sends_issuer
    if (given is not None or expects_issuer) and given != provider.issuer:  # RFC 9207: the answer of another provider
        raise SignInRefused("answer of another issuer")
    if error:
        raise SignInRefused(error if error in _ERRORS else "an error of the provider", _ERRORS.get(error, _OTHER_ERROR))
    if not 0 < len(code) <= 4096 or not code.isprintable():
        raise SignInRefused("no code", STALE)
    return claims_by_code(organization, provider, attempt.request, code)


def _received(
    request: HttpRequest, organization: Organization, provider: IdentityProvider, attempt: Attempt, claims: Claims
) -> HttpResponse:
    """Sign in whoever is known by this account; ask anybody else who they are here."""
    identity = _known(organization, provider, claims.subject)
    if attempt.confirms:
        return _confirmed(request, identity, attempt)
    if identity is None:
        return _ask_who(request, organization, provider, attempt, claims)
    if not identity.member.is_active or identity.member.user.is_service:
        raise SignInRefused("no access any more", "Your access to this organization has ended.")
    return enter(request, organization, identity, attempt.target, shown_at=claims.shown_at)


def _known(organization: Organization, provider: IdentityProvider, subject: str) -> ProviderIdentity | None:
    """Whom this organization knows by the subject of this issuer."""
    with tenant(organization):
        return (
            ProviderIdentity.objects.select_related("provider", "member__user", "member__organization")
            .filter(provider=provider, issuer=provider.issuer, subject=subject, status="linked")
            .filter(member__organization=organization)
            .first()
        )


def _confirmed(request: HttpRequest, identity: ProviderIdentity | None, attempt: Attempt) -> HttpResponse:
    """Somebody who is signed in by this account has signed in there again: that is their factor, shown just now."""
    company = company_of(request)
    if company is None or identity is None or identity.pk != company.identity.pk or not company.serves_factor:
        raise SignInRefused("confirmed by another account", "That was another account than the one you are signed in with.")
    note_factor(request)
    return redirect(attempt.target)


def _ask_who(
    request: HttpRequest, organization: Organization, provider: IdentityProvider, attempt: Attempt, claims: Claims
) -> HttpResponse:
    """Remember the account, and let its owner say who they are here. Raises SignInRefused without a verified e-mail."""
    is_verified_there = claims.email_verified is True or (claims.email_verified is None and provider.vouches)
    if not claims.email or not is_verified_there:
        raise SignInRefused(
            "e-mail not verified",
            "Nobody here is known by this account, and the provider does not say that its e-mail address was verified.",
        )
    keep_pending(
        request,
        {
            "organization": str(organization.pk),
            "provider": str(provider.pk),
            "subject": claims.subject,
            "email": claims.email,
            "name": claims.name,
            "target": attempt.target,
            "invitation": attempt.invitation,
        },
    )
    return redirect(site_path("accounts:company_link", slug=organization.slug))


def enter(
    request: HttpRequest, organization: Organization, identity: ProviderIdentity, target: str, *, shown_at: float | None = None
) -> HttpResponse:
    """Begin a session that reaches this organization only, and go on to what is still missing of the second factor.

    `shown_at` is when the person showed themselves to the provider, if it says so: a silent sign-in there is no factor shown now.
    """
    user = identity.member.user
    begin_session(request, user)
    mark_company(request, identity)
    request.user = user
    company = company_of(request)
    if target == site_path("accounts:start"):
        target = landing_of(identity.member)
    if company is None or not company.serves_factor:
        return redirect(with_next("accounts:verify", target))
    if shown_at is not None and time.time() - shown_at < RECENT_MINUTES * 60:
        note_factor(request)
    note_sign_in(user, factor=f"of {identity.provider.name}", within=organization)
    return redirect(target)


def note_refused(request: HttpRequest, organization: Organization, provider: IdentityProvider, reason: str) -> None:
    """Record a sign-in that was begun here and refused, unless its address has caused many."""
    if not is_worth_noting(request, provider):
        return
    metadata = {"reason": reason, "provider": provider.name}
    record_failure("session.sign_in", organization=organization, actor=None, subject=provider, metadata=metadata)


def refused_page(request: HttpRequest, organization: Organization, sentence: str, *, status: int = 400) -> HttpResponse:
    """Say why, and offer to begin again."""
    context = {"sentence": sentence, "there": organization, "signed_in": is_verified(request)}
    return render(request, "accounts/company/refused.html", context, status=status)
