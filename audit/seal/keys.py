"""The keys that sign heads: Ed25519, from the environment; the newest signs, the older ones hand over to it.

`PLUMBLINE_SEAL_KEYS` has the secret keys (32 bytes each in base64), the oldest first, with commas between. To rotate, add a new
one at the end; the one before it may be taken away when every organization's trail has been handed over.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SECRET_BYTES = 32


class NoSealKey(RuntimeError):
    """There is no key to seal with, or the one that has to hand over is not there."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key that signs."""

    secret: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """Its public half, 32 bytes."""
        return self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def name(self) -> str:
        """What heads call it."""
        return name_of(self.public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self.secret.sign(data)


def name_of(public: bytes) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


def fingerprint_of(public: bytes) -> str:
    """As OpenSSH prints it (SHA256:...), so that `ssh-keygen -l` may be held beside it."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(_wire(public)).digest()).decode().rstrip('=')}"


def ssh_line_of(public: bytes) -> str:
    """The public key as a line of OpenSSH."""
    return f"ssh-ed25519 {base64.b64encode(_wire(public)).decode()}"


def _wire(public: bytes) -> bytes:
    """RFC 4253, section 6.6, with the name of RFC 8709."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", public))


def is_signed(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the holder of a public key signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def seal_keys() -> list[SealKey]:
    """All that are at hand, the newest last. Raises NoSealKey."""
    return list(_read(settings.PLUMBLINE_SEAL_KEYS))


@cache
def _read(text: str) -> tuple[SealKey, ...]:
    try:
        secrets = [base64.b64decode(part.strip(), validate=True) for part in text.split(",") if part.strip()]
    except binascii.Error as error:
        raise NoSealKey("PLUMBLINE_SEAL_KEYS is not base64.") from error
    if not secrets or any(len(secret) != SECRET_BYTES for secret in secrets):
        raise NoSealKey("PLUMBLINE_SEAL_KEYS needs at least one key of 32 bytes in base64.")
    return tuple(SealKey(Ed25519PrivateKey.from_private_bytes(secret)) for secret in secrets)
