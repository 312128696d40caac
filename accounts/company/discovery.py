"""What a provider says of itself: OpenID Connect Discovery 1.0, and its keys. Both are kept for a while."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache

from accounts.company.asking import AskingFailed, ask
from accounts.company.tokens import ALGORITHMS, Key
from tenancy.models import Organization

PATH = "/.well-known/openid-configuration"
KEPT, FAILED_KEPT, KEYS_KEPT, ASK_AGAIN = 600, 20, 600, 30  # seconds
_HERE = {"localhost", "127.0.0.1", "::1"}
_MOST_KEYS = 50


@dataclass(frozen=True, slots=True)
class Configuration:
    """The addresses of a provider, all of them checked."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    posts_secret: bool = False  # the secret goes into the body, as Basic is not offered
    sends_issuer: bool = False  # RFC 9207: its answers name it, so one without a name is not its


def check_address(url: object, what: str) -> str:
    """An address with TLS, or one on this very machine. Raises AskingFailed."""
    if not isinstance(url, str) or not 0 < len(url) <= 2000 or not url.isprintable() or " " in url:
        raise AskingFailed(f"The provider names no {what}.")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise AskingFailed(f"The provider's {what} is not an address.") from None
    if not host or "@" in parts.netloc or parts.fragment or (parts.scheme, host in _HERE) not in {
        ("https", False), ("https", True), ("http", True),
    }:  # fmt: skip
        raise AskingFailed(f"The provider's {what} must begin with https:// and name a host.")
    return url


def read_configuration(issuer: str, said: object) -> Configuration:
    """The configuration in a discovery document. Raises AskingFailed, above all where it is another issuer's."""
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        raise AskingFailed(
            "The provider calls itself by another issuer than you entered. The two must be equal, letter by letter."
        )
    _check_abilities(said)
    methods = _listed(said, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if not {"client_secret_basic", "client_secret_post"} & set(methods):
        raise AskingFailed("The provider accepts no client secret.")
    userinfo = said.get("userinfo_endpoint")
    return Configuration(
        issuer,
        check_address(said.get("authorization_endpoint"), "authorization endpoint"),
        check_address(said.get("token_endpoint"), "token endpoint"),
        check_address(said.get("jwks_uri"), "address of keys"),
        check_address(userinfo, "userinfo endpoint") if userinfo else "",
        posts_secret="client_secret_basic" not in methods,
        sends_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _check_abilities(said: Mapping[str, Any]) -> None:
    if "code" not in _listed(said, "response_types_supported", ["code"]):
        raise AskingFailed("The provider does not offer the code flow.")
    if "S256" not in _listed(said, "code_challenge_methods_supported", ["S256"]):
        raise AskingFailed("The provider does not offer PKCE with S256.")
    if not set(ALGORITHMS) & set(_listed(said, "id_token_signing_alg_values_supported", ["RS256"])):
        raise AskingFailed("The provider signs with neither RS256 nor ES256.")


def _listed(said: Mapping[str, Any], name: str, otherwise: list[str]) -> list[str]:
    value = said.get(name, otherwise)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def configuration_of(organization: Organization, issuer: str) -> Configuration:
    """What the provider says of itself, at most ten minutes old. A failure is kept too, for a moment. Raises AskingFailed."""
    key = _cached("configuration", organization, issuer)
    kept = cache.get(key)
    if isinstance(kept, dict):
        return Configuration(**kept)
    if isinstance(kept, str):
        raise AskingFailed(kept)
    try:
        found = read_configuration(issuer, fetch_json(organization, issuer.rstrip("/") + PATH))
    except AskingFailed as failure:
        cache.set(key, failure.sentence, FAILED_KEPT)
        raise
    cache.set(key, asdict(found), KEPT)
    return found


def keys_of(organization: Organization, configuration: Configuration, *, anew: bool = False) -> list[Key]:
    """The provider's keys. `anew` asks again, as for a key that is not among them, but twice a minute at most."""
    key = _cached("keys", organization, configuration.jwks_uri)
    kept = cache.get(key)
    if isinstance(kept, dict) and not (anew and time.time() - kept["at"] >= ASK_AGAIN):
        return list(kept["keys"])
    said = fetch_json(organization, configuration.jwks_uri)
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise AskingFailed("The provider's keys cannot be read.")
    keys: list[Key] = [one for one in listed if isinstance(one, dict)]
    cache.set(key, {"at": time.time(), "keys": keys}, KEYS_KEPT)
    return keys


def forget(organization: Organization, issuer: str) -> None:
    """Ask anew the next time."""
    cache.delete(_cached("configuration", organization, issuer))


def fetch_json(organization: Organization, url: str, headers: Mapping[str, str] | None = None) -> Any:
    """What stands at an address of the provider. Raises AskingFailed."""
    answer = ask(organization, url, headers=headers)
    if answer.status != 200:
        raise AskingFailed(f"The provider answered with status {answer.status} where it should describe itself.")
    return read_json(answer.content)


def read_json(content: bytes) -> Any:
    """JSON, with no name twice: two readers of the same text must not see two things. Raises AskingFailed."""
    try:
        return json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise AskingFailed("What the provider answered is not JSON.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _cached(what: str, organization: Organization, url: str) -> str:
    return f"company/{what}/{organization.pk}/{hash_of(url)}"


def hash_of(text: str) -> str:
    """A name for a text of any length, in keys of the cache."""
    return hashlib.sha256(text.encode()).hexdigest()
