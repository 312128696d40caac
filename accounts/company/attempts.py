"""Sign-ins under way: bound to the browser's session, to one provider of one organization, for ten minutes, once."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from accounts.company.discovery import hash_of
from accounts.company.exchange import Request
from accounts.company.refusing import SignInRefused
from accounts.counting import count_up
from accounts.links import site_link
from accounts.models import IdentityProvider
from accounts.origins import client_ip
from accounts.sessions import is_signed_in
from tenancy.models import Organization

SECONDS = 600
MOST = 5  # at once in one browser
MOST_BEGUN = 100  # from one address, which an office shares, in that time
MOST_NOTED, NOTED_SECONDS = 20, 3600  # refusals in the trail, from one address
_KEY, _PENDING = "company_attempts", "company_pending"
STALE = "This sign-in was not begun in this browser, or too long ago. Begin again."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked, and what it was for."""

    request: Request
    target: str  # the path to go on to
    invitation: str = ""  # the digest of the invitation that is being answered
    confirms: bool = False  # somebody who is signed in shows themselves again


def too_many(request: HttpRequest, provider: IdentityProvider) -> bool:
    """Whether more was begun from one address than people begin: each may end as a question there."""
    return count_up(f"company/begun/{provider.pk}/{client_ip(request)}", SECONDS) > MOST_BEGUN


def is_worth_noting(request: HttpRequest, provider: IdentityProvider) -> bool:
    """Whether a refusal still stands in the trail: from one address only so many an hour, as anybody can cause them."""
    return count_up(f"company/noted/{provider.pk}/{client_ip(request)}", NOTED_SECONDS) <= MOST_NOTED


def begin_attempt(
    request: HttpRequest,
    organization: Organization,
    provider: IdentityProvider,
    *,
    target: str,
    invitation: str = "",
    confirms: bool = False,
) -> Request:
    """Remember what is asked of the provider."""
    asked = Request(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        callback=callback_of(organization, provider),
        since=time.time() if confirms else None,
    )
    held = _open(request)
    held[hash_of(asked.state)] = {
        "organization": str(organization.pk),
        "provider": str(provider.pk),
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "since": asked.since,
        "target": target,
        "invitation": invitation,
        "confirms": confirms,
        "at": time.time(),
    }
    request.session[_KEY] = dict(sorted(held.items(), key=lambda item: item[1]["at"])[-MOST:])
    if not is_signed_in(request.session):
        request.session.set_expiry(SECONDS)
    return asked


def take_attempt(request: HttpRequest, organization: Organization, provider: IdentityProvider, state: str) -> Attempt:
    """The attempt that an answer belongs to, which no second answer does. Raises SignInRefused."""
    held = _open(request)
    found = held.pop(hash_of(state), None)
    request.session[_KEY] = held
    if found is None or (found["organization"], found["provider"]) != (str(organization.pk), str(provider.pk)):
        raise SignInRefused("state", STALE)
    if not cache.add(f"company/answered/{hash_of(state)}", 1, 2 * SECONDS):  # two answers at the same moment
        raise SignInRefused("state", STALE)
    asked = Request(state, found["nonce"], found["verifier"], callback_of(organization, provider), found["since"])
    return Attempt(asked, found["target"], found["invitation"], found["confirms"])


def callback_of(organization: Organization, provider: IdentityProvider) -> str:
    """The address that the provider sends people back to: one for each, so that none can answer for another."""
    return site_link("accounts:company_return", slug=organization.slug, pk=str(provider.pk))


def keep_pending(request: HttpRequest, pending: dict[str, Any]) -> None:
    """Remember an account at a provider that nobody here is known by, until its owner has confirmed who they are."""
    request.session[_PENDING] = {**pending, "at": time.time()}


def pending_of(request: HttpRequest, organization: Organization) -> dict[str, Any] | None:
    """What waits to be confirmed for this organization."""
    found = request.session.get(_PENDING)
    if not isinstance(found, dict) or time.time() - found["at"] >= SECONDS or found["organization"] != str(organization.pk):
        return None
    return found


def forget_pending(request: HttpRequest) -> None:
    """It is confirmed, or will not be."""
    request.session.pop(_PENDING, None)


def _open(request: HttpRequest) -> dict[str, Any]:
    held = request.session.get(_KEY, {})
    return {key: one for key, one in held.items() if time.time() - one["at"] < SECONDS}
