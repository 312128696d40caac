"""Drawn pages in the cache, sealed: whoever reads the cache, or a copy of it, sees nothing of what is in a file.

The key follows from the installation's secret and the organization, and is in no cache; a page serves in its own place alone.
"""

import secrets
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.cache import cache

from tenancy.scope import current_tenant_id

NONCE_BYTES, KEY_BYTES = 12, 32


def keep(name: str, drawn: bytes, seconds: int) -> None:
    """Keep what was drawn for the active organization for a while."""
    place, nonce = _place(name), secrets.token_bytes(NONCE_BYTES)
    cache.set(place, nonce + _cipher().encrypt(nonce, drawn, place.encode()), seconds)


def kept(name: str) -> bytes | None:
    """What is kept under this name; None where there is nothing that opens."""
    place = _place(name)
    held: bytes = cache.get(place, b"")
    try:
        return _cipher().decrypt(held[:NONCE_BYTES], held[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        return None


def _place(name: str) -> str:
    return f"{current_tenant_id()}:preview:{name}"


def _cipher() -> AESGCM:
    return AESGCM(_key(settings.SECRET_KEY, current_tenant_id()))


@lru_cache(maxsize=64)
def _key(secret: str, tenant_id: uuid.UUID) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=tenant_id.bytes, info=b"evidence.previews").derive(secret.encode())
