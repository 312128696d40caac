"""Reading an ID token: OpenID Connect Core 1.0, section 3.1.3.7, with the choices of RFC 8725. Nothing in it is believed before.

The signature is always checked, also where the token came straight from the provider: a proxy in between is no authority.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from accounts.company.refusing import SignInRefused

ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}  # and the type of their keys: no symmetric one, and never none
SKEW = 60  # seconds by which two clocks may differ
OLDEST = 600  # seconds; a token is read as soon as it was made
LONGEST = 16_384  # characters of a token
WEAKEST = 2048  # bits of an RSA key
_SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")  # "MUST NOT exceed 255 ASCII characters"

Key = Mapping[str, Any]


class KeyUnknown(SignInRefused):
    """No key of the provider fits: it may have new ones since they were read."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token must say."""

    issuer: str
    client_id: str
    nonce: str
    domain: str = ""  # `hd`, if asked for
    since: float | None = None  # the person must have shown themselves to the provider after this moment


@dataclass(frozen=True, slots=True)
class Claims:
    """What is believed of a token that held."""

    subject: str
    email: str
    email_verified: bool | None  # None: it does not say
    name: str
    shown_at: float | None = None  # when the person showed themselves to the provider


def read_token(token: str, keys: Sequence[Key], expected: Expected, *, at: float) -> Claims:
    """The claims of a token that is right in every respect at `at` (seconds since 1970). Raises SignInRefused."""
    body = _signed(token, keys)
    _check_parties(body, expected)
    _check_times(body, at)
    _check_request(body, expected)
    subject = body.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise SignInRefused("no subject")
    return claims_of(body, subject)


def claims_of(body: Mapping[str, Any], subject: str) -> Claims:
    """E-mail and name, as far as they are there. A verified address is `true`, not a word that looks like it."""
    verified = body.get("email_verified")
    return Claims(
        subject,
        _text(body.get("email"), 254) if len(str(body.get("email"))) <= 254 else "",
        verified if isinstance(verified, bool) else (None if verified is None else False),
        _text(body.get("name"), 120),
        _moment(body.get("auth_time")),
    )


def _signed(token: str, keys: Sequence[Key]) -> dict[str, Any]:
    if len(token) > LONGEST:
        raise SignInRefused("not a token")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise SignInRefused("not a token") from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise SignInRefused("algorithm")
    if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise SignInRefused("another kind of token")
    key = _public_key(_key_for(header.get("kid"), algorithm, keys), algorithm)
    unchecked = dict.fromkeys(
        ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub", "verify_jti"), False
    )
    try:
        body: dict[str, Any] = jwt.decode(token, key, algorithms=[algorithm], options=unchecked)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        raise SignInRefused("signature") from None
    return body


def _key_for(kid: object, algorithm: str, keys: Sequence[Key]) -> Key:
    """The one key the token names; without a name, the only one that fits. What a token itself brings along is never used."""
    fitting = [
        one
        for one in keys
        if one.get("kty") == ALGORITHMS[algorithm] and one.get("use", "sig") == "sig" and one.get("alg", algorithm) == algorithm
    ]
    chosen = fitting if kid is None else [one for one in fitting if one.get("kid") == kid]
    if len(chosen) != 1:
        raise KeyUnknown("no such key")
    return chosen[0]


def _public_key(key: Key, algorithm: str) -> RSAPublicKey | EllipticCurvePublicKey:
    try:
        made = jwt.PyJWK(dict(key), algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise SignInRefused("unusable key") from None
    if isinstance(made, RSAPublicKey) and made.key_size >= WEAKEST:
        return made
    if isinstance(made, EllipticCurvePublicKey) and made.curve.name == "secp256r1":
        return made
    raise SignInRefused("unusable key")


def _check_parties(body: Mapping[str, Any], expected: Expected) -> None:
    if body.get("iss") != expected.issuer:
        raise SignInRefused("issuer")
    audience = body.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise SignInRefused("audience")
    if (len(audiences) > 1 or "azp" in body) and body.get("azp") != expected.client_id:
        raise SignInRefused("authorized party")
    if expected.domain and body.get("hd") != expected.domain:
        raise SignInRefused("domain", "This account does not belong to your organization's domain.")


def _check_times(body: Mapping[str, Any], at: float) -> None:
    expires, issued, begins = (_moment(body.get(name)) for name in ("exp", "iat", "nbf"))
    if expires is None or expires <= at - SKEW:
        raise SignInRefused("expired")
    if issued is None or issued > at + SKEW or (begins is not None and begins > at + SKEW):
        raise SignInRefused("from the future")
    if issued < at - OLDEST:
        raise SignInRefused("too old")


def _check_request(body: Mapping[str, Any], expected: Expected) -> None:
    nonce = body.get("nonce")
    if not isinstance(nonce, str) or not nonce.isascii() or not hmac.compare_digest(nonce, expected.nonce):
        raise SignInRefused("nonce")
    if expected.since is not None:
        shown = _moment(body.get("auth_time"))
        if shown is None or shown < expected.since - SKEW:
            raise SignInRefused("not signed in anew", "The provider did not ask you to sign in again.")


def _moment(value: object) -> float | None:
    """A NumericDate; a boolean is a number to Python, and none here."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 else None


def _text(value: object, longest: int) -> str:
    return value.strip()[:longest] if isinstance(value, str) and value.isprintable() else ""
