"""Whether a delivery is from who knows the secret. Pure; each path does the same work whether it is right or wrong.

GitHub: X-Hub-Signature-256, HMAC-SHA256 over the body in hexadecimal digits. GitLab: the token itself in X-Gitlab-Token; or,
where it has a signing token, Standard Webhooks: HMAC-SHA256 over id, time and body in base64, keyed by what follows whsec_.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets as chance
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from changes.sources.secrets import MARK

TOLERANCE = dt.timedelta(minutes=5)  # of the time in a signature
GITHUB, GITLAB = "github", "gitlab"
WRONG = "The signature is wrong."
LATE = "The time in the signature is more than five minutes from ours."
UNSIGNED = "It carries a token, and this source takes only what is signed."


@dataclass(frozen=True, slots=True)
class Shown:
    """What a delivery shows of itself. `problem` is empty when it is genuine."""

    provider: str
    event: str
    key: str  # its id at the source; empty where it has none
    sent_at: dt.datetime
    problem: str


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: dt.datetime, *, signed_only: bool) -> Shown:
    """Judge a delivery by the secrets that are good; an empty one is never right."""
    known = [secret or chance.token_hex() for secret in secrets]
    if (signature := headers.get("X-Hub-Signature-256")) is not None or "X-GitHub-Event" in headers:
        right = _any(_is_github(signature or "", body, secret) for secret in known)
        key, event = headers.get("X-GitHub-Delivery", ""), headers.get("X-GitHub-Event", "")
        return Shown(GITHUB, event, key, now, "" if right else WRONG)
    if (signature := headers.get("webhook-signature")) is not None:
        return _signed(headers, body, known, now, signature)
    token = headers.get("X-Gitlab-Token", "")
    right = _any(hmac.compare_digest(token.encode("utf-8", "replace"), secret.encode()) for secret in known)
    problem = WRONG if not right else UNSIGNED if signed_only else ""
    key = headers.get("Idempotency-Key", "") or headers.get("X-Gitlab-Event-UUID", "")
    return Shown(GITLAB, headers.get("X-Gitlab-Event", ""), key, now, problem)


def _any(results: Iterable[bool]) -> bool:
    """Whether one is right, with all of them tried."""
    return any(list(results))


def _is_github(signature: str, body: bytes, secret: str) -> bool:
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _signed(headers: Mapping[str, str], body: bytes, known: list[str], now: dt.datetime, signature: str) -> Shown:
    """Standard Webhooks: the header may hold several signatures, each `v1,` and base64."""
    key, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    text = f"{key}.{stamp}.".encode("utf-8", "replace") + body
    given = [part.partition(",")[2] for part in signature.split()[:10] if part.startswith("v1,")] or [""]
    right = _any(_is_signed(one, text, secret) for secret in known for one in given)
    sent_at = _moment(stamp)
    in_time = sent_at is not None and abs(now - sent_at) <= TOLERANCE
    problem = WRONG if not right or not key else "" if in_time else LATE
    return Shown(GITLAB, headers.get("X-Gitlab-Event", ""), key, sent_at or now, problem)


def _is_signed(given: str, text: bytes, secret: str) -> bool:
    expected = base64.b64encode(hmac.new(_key_of(secret), text, hashlib.sha256).digest())
    return hmac.compare_digest(expected, given.encode("utf-8", "replace"))


def _key_of(secret: str) -> bytes:
    """The bytes that a signing token stands for; a secret of another form stands for itself."""
    if secret.startswith(MARK):
        try:
            return base64.b64decode(secret.removeprefix(MARK), validate=True)
        except (binascii.Error, ValueError):
            pass
    return secret.encode()


def _moment(stamp: str) -> dt.datetime | None:
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return None
    try:
        return dt.datetime.fromtimestamp(int(stamp), dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
