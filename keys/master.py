"""Master keys: they wrap data keys, and nothing else. From the environment or a file, or held by AWS KMS.

The current one wraps; older ones only unwrap, until every data key was wrapped anew. A wrapped key opens for the data key,
organization and purpose that it was made for.
"""

import base64
import binascii
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from keys.errors import SealingError

KEY_BYTES, NONCE_BYTES = 32, 12
_NAME_LENGTH = 8
SPOILT = "The data key was changed, or belongs to another organization or purpose."


@dataclass(frozen=True, slots=True)
class Place:
    """What a wrapped key is bound to."""

    key_id: uuid.UUID
    tenant_id: uuid.UUID
    purpose: str


class Master(Protocol):
    """What wraps data keys. `name` is kept with each key that it wraps."""

    @property
    def name(self) -> str: ...
    def wrap(self, key: bytes, place: Place) -> str: ...
    def unwrap(self, wrapped: str, place: Place) -> bytes: ...


@dataclass(frozen=True, slots=True)
class LocalMaster:
    """A master key that this process holds."""

    secret: bytes

    @property
    def name(self) -> str:
        """The start of its digest."""
        return _name_of(self.secret)

    def wrap(self, key: bytes, place: Place) -> str:
        """Nonce and ciphertext, in base64."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return text_of(nonce + AESGCM(self.secret).encrypt(nonce, key, _bound(place)))

    def unwrap(self, wrapped: str, place: Place) -> bytes:
        """The key. Raises SealingError."""
        stored = bytes_of(wrapped)
        try:
            return AESGCM(self.secret).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], _bound(place))
        except (InvalidTag, ValueError) as error:
            raise SealingError(SPOILT) from error


@dataclass(frozen=True, slots=True)
class KmsMaster:
    """A symmetric key of AWS KMS, by its id or ARN: it never leaves there."""

    key: str

    @property
    def name(self) -> str:
        """The start of the digest of its id."""
        return "kms." + hashlib.sha256(self.key.encode()).hexdigest()[:_NAME_LENGTH]

    def wrap(self, key: bytes, place: Place) -> str:
        """What KMS answers, in base64. Raises SealingError."""
        answer = self._ask("encrypt", Plaintext=key, EncryptionContext=_context(place))
        return text_of(answer["CiphertextBlob"])

    def unwrap(self, wrapped: str, place: Place) -> bytes:
        """The key. Raises SealingError."""
        answer = self._ask("decrypt", CiphertextBlob=bytes_of(wrapped), EncryptionContext=_context(place))
        key: bytes = answer["Plaintext"]
        return key

    def _ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(_kms(), what)(KeyId=self.key, **arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise SealingError(SPOILT if code == "InvalidCiphertextException" else f"AWS KMS refused: {code}.") from error
        except BotoCoreError as error:
            raise SealingError(f"AWS KMS could not be asked: {type(error).__name__}.") from error
        return answer


def current_master() -> Master:
    """The one that wraps. Raises SealingError when there is none to be used."""
    if settings.PLUMBLINE_KMS_KEY:
        return KmsMaster(settings.PLUMBLINE_KMS_KEY)
    return _local(settings.PLUMBLINE_KEK)


def master_called(name: str) -> Master:
    """The one with this name. Raises SealingError when it is not at hand."""
    held = [KmsMaster(key) for key in (settings.PLUMBLINE_KMS_KEY, *settings.PLUMBLINE_KMS_OLD) if key]
    masters: list[Master] = [*local_masters(), *held]
    for master in masters:
        if master.name == name:
            return master
    raise SealingError("The value was sealed with another key than PLUMBLINE_KEK and the older ones that are set.")


def local_masters() -> list[LocalMaster]:
    """Those that this process holds, the current one first. Raises SealingError when one of them is none."""
    return [_local(text) for text in (settings.PLUMBLINE_KEK, *settings.PLUMBLINE_KEK_OLD) if text]


def text_of(value: bytes) -> str:
    """Base64."""
    return base64.b64encode(value).decode()


def bytes_of(value: str) -> bytes:
    """Decode base64 in its one canonical spelling: the spare bits of the last character may not vary either."""
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealingError("Not base64.") from error
    if text_of(decoded) != value:
        raise SealingError("Not canonical base64.")
    return decoded


@cache
def _name_of(secret: bytes) -> str:
    return hashlib.sha256(b"plumbline kek" + secret).hexdigest()[:_NAME_LENGTH]


@cache
def _local(text: str) -> LocalMaster:
    key = bytes_of(text)
    if len(key) != KEY_BYTES:
        raise SealingError("PLUMBLINE_KEK must be 32 bytes in base64.")
    return LocalMaster(key)


def _context(place: Place) -> dict[str, str]:
    return {"key": str(place.key_id), "organization": str(place.tenant_id), "purpose": place.purpose}


def _bound(place: Place) -> bytes:
    return "|".join(("plumbline data key", *_context(place).values())).encode()


@cache
def _kms() -> Any:
    return boto3.client("kms", **settings.PLUMBLINE_KMS)
