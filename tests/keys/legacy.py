"""Values as they were sealed before data keys had names."""

import base64
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from keys.master import LocalMaster
from keys.store import NIL_TENANT


def sealed_as_before(value: bytes, *, label: str, row_id: uuid.UUID, tenant_id: uuid.UUID = NIL_TENANT) -> str:
    """With the key that was derived from the master key."""
    master = LocalMaster(base64.b64decode(settings.PLUMBLINE_KEK))
    info = b"plumbline field sealing hkdf0"
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master.secret)
    header, nonce = f"v1|A256GCM|{master.name}|hkdf0", b"n" * 12
    sealed = AESGCM(key).encrypt(nonce, value, f"{header}|{tenant_id}|{label}|{row_id}".encode())
    return f"{header}|{base64.b64encode(nonce).decode()}|{base64.b64encode(sealed).decode()}"
