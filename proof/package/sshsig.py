"""Signatures as `ssh-keygen -Y verify` reads them (PROTOCOL.sshsig of OpenSSH)."""

import base64
import hashlib

from audit.seal.keys import SealKey

NAMESPACE = "plumbline-package"
_MAGIC, _VERSION, _HASH = b"SSHSIG", (1).to_bytes(4, "big"), b"sha512"
_WIDTH = 70


def armored(key: SealKey, message: bytes, namespace: str) -> bytes:
    """The signature of a message within a namespace, between its lines."""
    signed = _MAGIC + _string(namespace.encode()) + _string(b"") + _string(_HASH) + _string(hashlib.sha512(message).digest())
    signature = _string(b"ssh-ed25519") + _string(key.sign(signed))
    public = _string(b"ssh-ed25519") + _string(key.public)
    whole = _MAGIC + _VERSION + _string(public) + _string(namespace.encode()) + _string(b"") + _string(_HASH) + _string(signature)
    text = base64.b64encode(whole).decode()
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def _string(value: bytes) -> bytes:
    """RFC 4251, section 5."""
    return len(value).to_bytes(4, "big") + value
