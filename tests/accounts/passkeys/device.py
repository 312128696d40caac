"""A device that makes and shows passkeys as a browser would, and wrongly where a test says so."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, encode_cbor
from webauthn.helpers import bytes_to_base64url as text

from accounts.actions import add_passkey
from accounts.models import Passkey, User
from accounts.passkeys.checking import options_to_make, read_new
from accounts.passkeys.party import party

ORIGIN = "http://localhost:8000"
DOMAIN = "localhost"
_PRESENT, _VERIFIED, _ELIGIBLE, _BACKED_UP, _ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


class Device:
    """One key of one person. `count` is what it says next of how often it was used; None for a device that does not count."""

    def __init__(self, *, count: int | None = 1, verified: bool = True, synced: bool = False) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.user_handle: bytes | None = None
        self.count, self.verified, self.synced = count, verified, synced

    @property
    def name(self) -> str:
        """What the credential is called, as text."""
        return text(self.credential_id)

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN, domain: str = DOMAIN, kind: str = "webauthn.create") -> str:
        """What `navigator.credentials.create` answers, as ui/static/ui/passkeys.js writes it."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + encode_cbor(public)
        data = self._data(domain, _ATTESTED) + attested
        response = {
            "clientDataJSON": text(_client_data(kind, options["challenge"], origin)),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal", "usb", "of the future"],
        }
        return self._written(response)

    def show(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        domain: str = DOMAIN,
        kind: str = "webauthn.get",
        user_handle: bytes | None = None,
        without_handle: bool = False,
        signed_by: ec.EllipticCurvePrivateKey | None = None,
    ) -> str:
        """What `navigator.credentials.get` answers."""
        client_data, data = _client_data(kind, options["challenge"], origin), self._data(domain)
        signature = (signed_by or self.key).sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": text(client_data), "authenticatorData": text(data), "signature": text(signature)}
        handle = None if without_handle else user_handle or self.user_handle
        if handle is not None:
            response["userHandle"] = text(handle)
        return self._written(response)

    def _data(self, domain: str, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verified else 0) | (_ELIGIBLE | _BACKED_UP if self.synced else 0)
        count = self.count or 0
        if self.count is not None:
            self.count += 1
        return hashlib.sha256(domain.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _written(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": self.name, "rawId": self.name, "type": "public-key", "response": response})


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def enrolled(user: User, device: Device | None = None, *, name: str = "Laptop") -> Device:
    """A device with a passkey of the user, who has other factors or gets recovery codes with it."""
    device = device or Device()
    challenge, here = secrets.token_bytes(32), party()
    assert here is not None
    made = read_new(device.make(options_to_make(user, [], challenge), origin=here.origin, domain=here.domain), challenge)
    add_passkey(user, made, name=name, is_first=False)
    return device


def passkey_of(device: Device) -> Passkey:
    """What is kept here of a device's passkey."""
    found: Passkey = Passkey.objects.get(credential_id=device.name)
    return found
