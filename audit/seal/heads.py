"""What a signed head says: the size and the hash of an organization's tree, and the head before it.

A head is canonical JSON (UTF-8). Its Ed25519 signature is over exactly these bytes, so that `openssl pkeyutl -verify -rawin` or
`ssh-keygen -Y verify` need nothing of this product. A key hands over to the next one in the last head that it signs.
"""

import base64
import binascii
import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from audit.record import canonical
from audit.seal.keys import SealKey, is_signed

FORMAT = "plumbline-head-v1"
NONE_BEFORE = "0" * 64


class BadHead(ValueError):
    """A text that is no head."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head as its text says. `previous` is the SHA-256 of the text before it in hex, `public` and `hands_over_to` raw keys."""

    organization: uuid.UUID
    number: int
    size: int
    root: bytes
    at: dt.datetime
    previous: str
    public: bytes
    hands_over_to: bytes | None = None

    @property
    def body(self) -> str:
        """The text that is signed."""
        told: dict[str, Any] = {
            "format": FORMAT,
            "organization": str(self.organization),
            "number": self.number,
            "size": self.size,
            "root": self.root.hex(),
            "at": self.at.astimezone(dt.UTC).isoformat(),
            "previous": self.previous,
            "public": _text(self.public),
        }
        if self.hands_over_to is not None:
            told["hands_over_to"] = _text(self.hands_over_to)
        return canonical(told)

    @classmethod
    def read(cls, body: str) -> "Head":
        """What a text says. Raises BadHead unless it is exactly as this product writes it."""
        try:
            told = json.loads(body)
            head = cls(
                organization=uuid.UUID(told["organization"]),
                number=int(told["number"]),
                size=int(told["size"]),
                root=bytes.fromhex(told["root"]),
                at=dt.datetime.fromisoformat(told["at"]),
                previous=told["previous"],
                public=_raw(told["public"]),
                hands_over_to=_raw(told["hands_over_to"]) if "hands_over_to" in told else None,
            )
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise BadHead("It is not a head.") from error
        if head.body != body:
            raise BadHead("It is not written as a head is.")
        return head

    def signed(self, key: SealKey) -> bytes:
        """The signature of its key."""
        return key.sign(self.body.encode())


def digest_of(body: str) -> str:
    """What the next head calls the one with this text."""
    return hashlib.sha256(body.encode()).hexdigest()


def why_not_after(head: Head, before: Head | None, before_body: str) -> str:
    """Why a head does not follow the one before it (None: it should be the first); empty when it does."""
    expected = digest_of(before_body) if before else NONE_BEFORE
    if head.number != (before.number + 1 if before else 1):
        return f"Head {head.number} stands where {before.number + 1 if before else 1} should."
    if head.previous != expected:
        return f"Head {head.number} does not name the one before it."
    if before is None:
        return ""
    if head.size < before.size or head.at < before.at or head.organization != before.organization:
        return f"Head {head.number} goes back behind the one before it."
    if head.public != (before.hands_over_to or before.public):
        return f"Head {head.number} is signed by a key that was not handed over to."
    return ""


def is_genuine(head: Head, signature: bytes) -> bool:
    """Whether it is signed by the key that it names."""
    return is_signed(head.public, head.body.encode(), signature)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
