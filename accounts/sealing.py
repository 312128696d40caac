"""Sealing of single fields: AES-256-GCM, bound to the organization, the field and the row, and closed on any failure.

A sealed value is text: `v1|alg|kek|dek|nonce|ciphertext`, the last two in base64. `dek` is the id of the data key and the
second in which the value was sealed, both in hexadecimal; `kek` names the master key of that time. Values whose `dek` is `hkdf0`
were sealed with a key derived from the master key by HKDF: they stay readable, and are sealed anew when keys are rotated.
"""

import hmac
import logging
import secrets
import time
import uuid
from functools import cache, lru_cache, partial

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit.record import record_failure
from keys.errors import KeyDestroyed, SealingError
from keys.fields import SealedField, field_of
from keys.master import KEY_BYTES, NONCE_BYTES, LocalMaster, bytes_of, current_master, local_masters, text_of
from keys.store import NIL_TENANT, index_keys, opening_key, sealing_key
from tenancy.scope import active_tenant_id, after_scope, current_scope, current_tenant_id

__all__ = ["NIL_TENANT", "KeyDestroyed", "SealingError", "blind_index", "blind_indexes", "key_id_of", "seal", "unseal"]

_VERSION, _ALGORITHM, _DERIVED = "v1", "A256GCM", "hkdf0"
_PARTS, _HEX = 6, 32
log = logging.getLogger(__name__)


def seal(value: bytes, *, label: str, row_id: uuid.UUID, tenant_id: uuid.UUID = NIL_TENANT) -> str:
    """Seal `value` for the one place it is stored in: field `label` of row `row_id` (nil tenant for global rows)."""
    key = sealing_key(tenant_id, field_of(label).purpose)
    nonce = secrets.token_bytes(NONCE_BYTES)
    header = (_VERSION, _ALGORITHM, current_master().name, f"{key.id.hex}.{int(time.time()):x}")
    return "|".join(
        (*header, text_of(nonce), text_of(key.cipher.encrypt(nonce, value, _bound(header, label, row_id, tenant_id))))
    )


def unseal(sealed: str, *, label: str, row_id: uuid.UUID, tenant_id: uuid.UUID = NIL_TENANT) -> bytes:
    """Open what `seal` made for the same place. Raises SealingError for anything else; the organization's trail has it then."""
    try:
        return _unseal(sealed, field_of(label), row_id, tenant_id)
    except SealingError as error:
        _tell(label, row_id, str(error))
        raise


def blind_index(text: str, *, label: str, tenant_id: uuid.UUID) -> str:
    """A keyed hash of `text` by which the field `label` of one organization finds it: without the key nobody can make it."""
    return _hashed(sealing_key(tenant_id, field_of(label).purpose).index, label, text)


def blind_indexes(text: str, *, label: str) -> list[str]:
    """The same under each key that may have made one in the active organization: also while keys are being replaced."""
    return [_hashed(key, label, text) for key in index_keys(current_tenant_id(), field_of(label).purpose)]


def _hashed(key: bytes, label: str, text: str) -> str:
    return hmac.new(key, f"{label}|{text}".encode(), "sha256").hexdigest()


def key_id_of(sealed: str) -> uuid.UUID | None:
    """The data key that a value was sealed with; None for one that was sealed before data keys had names. Raises SealingError."""
    data_key = _parts(sealed)[3]
    return None if data_key == _DERIVED else _key_id(data_key[:_HEX])


@lru_cache(maxsize=256)
def _key_id(text: str) -> uuid.UUID:
    try:
        key_id = uuid.UUID(hex=text)
    except ValueError as error:
        raise SealingError("The value was sealed in a way this version does not know.") from error
    if key_id.hex != text:
        raise SealingError("The value was sealed in a way this version does not know.")
    return key_id


def _unseal(sealed: str, field: SealedField, row_id: uuid.UUID, tenant_id: uuid.UUID) -> bytes:
    version, algorithm, master, data_key, nonce, ciphertext = _parts(sealed)
    if (version, algorithm) != (_VERSION, _ALGORITHM):
        raise SealingError("The value was sealed in a way this version does not know.")
    if data_key == _DERIVED:
        cipher, label = _derived(master), field.was or field.label
    else:
        cipher, label = opening_key(tenant_id, _key_id(data_key[:_HEX])), field.label
    bound = _bound((version, algorithm, master, data_key), label, row_id, tenant_id)
    try:
        return cipher.decrypt(bytes_of(nonce), bytes_of(ciphertext), bound)
    except (InvalidTag, ValueError) as error:
        raise SealingError("The value was changed or belongs to another place.") from error


def _tell(label: str, row_id: uuid.UUID, reason: str) -> None:
    """Record the failure when the scope is left: its transaction may well be rolled back for it."""
    log.warning("A sealed value does not open: %s of %s. %s", label, row_id, reason)
    if active_tenant_id() is None:
        return  # a second factor: whoever asks for it records the failure in the trails of that person
    told = {"field": label, "record": str(row_id), "reason": reason}
    organization = current_scope().organization
    after_scope(partial(record_failure, "sealed_value.refuse", organization=organization, actor=None, metadata=told))


def _parts(sealed: str) -> list[str]:
    parts = sealed.split("|")
    if len(parts) != _PARTS:
        raise SealingError("This is not a sealed value.")
    return parts


def _bound(header: tuple[str, str, str, str], label: str, row_id: uuid.UUID, tenant_id: uuid.UUID) -> bytes:
    """The associated data: a value moved to another row, field or organization does not open."""
    return "|".join((*header, str(tenant_id), label, str(row_id))).encode()


def _derived(name: str) -> AESGCM:
    for master in local_masters():
        if master.name == name:
            return _derive(master)
    raise SealingError("The value was sealed with another key than PLUMBLINE_KEK and the older ones that are set.")


@cache
def _derive(master: LocalMaster) -> AESGCM:
    info = b"plumbline field sealing " + _DERIVED.encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master.secret))
