"""From an authorization code to claims that hold: the token endpoint, the ID token, and userinfo where it takes one."""

import base64
import hashlib
import time
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus, urlencode, urlsplit, urlunsplit

from accounts.company.asking import AskingFailed, ask
from accounts.company.discovery import Configuration, configuration_of, fetch_json, keys_of, read_json
from accounts.company.refusing import SignInRefused
from accounts.company.tokens import Claims, Expected, KeyUnknown, claims_of, read_token
from accounts.models import IdentityProvider
from tenancy.models import Organization

_SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a provider in the browser, and what its answer must fit."""

    state: str
    nonce: str
    verifier: str
    callback: str
    since: float | None = None  # the person is to sign in there again, after this moment


def authorization_url(configuration: Configuration, provider: IdentityProvider, request: Request) -> str:
    """Where the browser is sent: code flow, PKCE with S256, state and nonce."""
    digest = hashlib.sha256(request.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": request.callback,
        "scope": _SCOPE,
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if request.since is not None:
        asked |= {"prompt": "login", "max_age": "0"}
    if provider.domain:
        asked["hd"] = provider.domain
    parts = urlsplit(configuration.authorization_endpoint)
    query = "&".join(part for part in (parts.query, urlencode(asked, quote_via=quote)) if part)
    return urlunsplit(parts._replace(query=query))


def claims_by_code(organization: Organization, provider: IdentityProvider, request: Request, code: str) -> Claims:
    """Exchange the code and read what comes. Raises SignInRefused and AskingFailed."""
    configuration = configuration_of(organization, provider.issuer)
    id_token, access_token = _exchanged(organization, configuration, provider, request, code)
    expected = Expected(provider.issuer, provider.client_id, request.nonce, provider.domain, request.since)
    try:
        claims = read_token(id_token, keys_of(organization, configuration), expected, at=time.time())
    except KeyUnknown:
        claims = read_token(id_token, keys_of(organization, configuration, anew=True), expected, at=time.time())
    if claims.email or not access_token or not configuration.userinfo_endpoint:
        return claims
    return _completed(organization, configuration, claims, access_token)


def _exchanged(
    organization: Organization, configuration: Configuration, provider: IdentityProvider, request: Request, code: str
) -> tuple[str, str]:
    """The ID token, and the access token if there is one that bears."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.callback,
        "code_verifier": request.verifier,
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if configuration.posts_secret:
        sent |= {"client_id": provider.client_id, "client_secret": provider.secret}
    else:
        both = f"{quote_plus(provider.client_id)}:{quote_plus(provider.secret)}"
        headers["authorization"] = "Basic " + base64.b64encode(both.encode()).decode()
    content = urlencode(sent).encode()
    answer = ask(organization, configuration.token_endpoint, method="POST", headers=headers, content=content)
    if answer.status != 200:
        raise SignInRefused("the code was not accepted", "The provider did not accept its own answer. Begin again.")
    said = read_json(answer.content)
    id_token = said.get("id_token") if isinstance(said, dict) else None
    if not isinstance(id_token, str):
        raise SignInRefused("no ID token")
    bears = str(said.get("token_type", "")).lower() == "bearer"
    access_token = said.get("access_token")
    return id_token, access_token if bears and isinstance(access_token, str) and access_token.isprintable() else ""


def _completed(organization: Organization, configuration: Configuration, claims: Claims, access_token: str) -> Claims:
    """E-mail and name from userinfo, if that speaks of the same subject; without an e-mail nobody is linked anyway."""
    try:
        said = fetch_json(organization, configuration.userinfo_endpoint, {"authorization": f"Bearer {access_token}"})
    except AskingFailed:
        return claims
    if not isinstance(said, dict) or said.get("sub") != claims.subject:
        raise SignInRefused("userinfo of another subject")
    more = claims_of(said, claims.subject)
    return replace(more, name=more.name or claims.name)
