"""Sealing of single fields: AES-256-GCM, bound to the organization, the field and the row, and closed on any failure.

A sealed value is text: `v1|alg|kek|dek|nonce|ciphertext`, the last two in base64. `kek` names the key from the
environment by the start of its digest; `dek` names the data key under it. For now there is one data key, derived
from the environment's key by HKDF; wrapped keys by organization and purpose will get names of their own.
"""

import base64
import binascii
import hashlib
import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NIL_TENANT = uuid.UUID(int=0)

_VERSION, _ALGORITHM, _DATA_KEY = "v1", "A256GCM", "hkdf0"
_KEY_BYTES, _NONCE_BYTES = 32, 12


class SealingError(RuntimeError):
    """A sealed value could not be opened, or no usable key exists. Never answered with a default."""


def seal(value: bytes, *, label: str, row_id: uuid.UUID, tenant_id: uuid.UUID = NIL_TENANT) -> str:
    """Seal `value` for the one place it is stored in: field `label` of row `row_id` (nil tenant for global rows)."""
    key = _environment_key()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    header = (_VERSION, _ALGORITHM, _name(key), _DATA_KEY)
    sealed = AESGCM(_data_key(key)).encrypt(nonce, value, _bound(header, label, row_id, tenant_id))
    return "|".join((*header, _text(nonce), _text(sealed)))


def unseal(sealed: str, *, label: str, row_id: uuid.UUID, tenant_id: uuid.UUID = NIL_TENANT) -> bytes:
    """Open what `seal` made for the same place. Raises SealingError for anything else."""
    version, algorithm, key_name, data_key, nonce, ciphertext = _parts(sealed)
    key = _environment_key()
    if (version, algorithm, data_key) != (_VERSION, _ALGORITHM, _DATA_KEY):
        raise SealingError("The value was sealed in a way this version does not know.")
    if key_name != _name(key):
        raise SealingError("The value was sealed with another key than PLUMBLINE_KEK.")
    bound = _bound((version, algorithm, key_name, data_key), label, row_id, tenant_id)
    try:
        return AESGCM(_data_key(key)).decrypt(_bytes(nonce), _bytes(ciphertext), bound)
    except (InvalidTag, ValueError) as error:
        raise SealingError("The value was changed or belongs to another place.") from error


def _parts(sealed: str) -> list[str]:
    parts = sealed.split("|")
    if len(parts) != 6:
        raise SealingError("This is not a sealed value.")
    return parts


def _bound(header: tuple[str, str, str, str], label: str, row_id: uuid.UUID, tenant_id: uuid.UUID) -> bytes:
    """The associated data: a value moved to another row, field or organization does not open."""
    return "|".join((*header, str(tenant_id), label, str(row_id))).encode()


def _environment_key() -> bytes:
    key = _bytes(settings.PLUMBLINE_KEK)
    if len(key) != _KEY_BYTES:
        raise SealingError("PLUMBLINE_KEK must be 32 bytes in base64.")
    return key


def _data_key(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"plumbline field sealing " + _DATA_KEY.encode()).derive(
        key
    )


def _name(key: bytes) -> str:
    return hashlib.sha256(b"plumbline kek" + key).hexdigest()[:8]


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    """Decode base64 in its one canonical spelling: the spare bits of the last character may not vary either."""
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealingError("Not base64.") from error
    if _text(decoded) != value:
        raise SealingError("Not canonical base64.")
    return decoded
