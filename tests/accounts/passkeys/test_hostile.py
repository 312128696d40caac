"""Answers that no browser gives: whatever comes, it is refused and nothing falls over."""

import json
import random
import secrets
from typing import Any

import cbor2
import pytest
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

from accounts.models import User
from accounts.passkeys.checking import check_shown, options_to_make, options_to_show, read_new, read_shown
from accounts.passkeys.refusing import PasskeyRefused
from tests.accounts.passkeys.device import Device, enrolled, passkey_of

ROUNDS = 400
JUNK: list[Any] = [None, 0, -1, 1.5, True, "", "AA", "\u0000", [], {}, "A" * 5000, [[[]]], {"id": "x"}]


def mangled(answer: str, chance: random.Random) -> str:
    """The answer with something of it changed: a byte of what it carries, or the kind of one of its parts."""
    found = json.loads(answer)
    place = found["response"] if chance.random() < 0.8 else found
    part = chance.choice(list(place))
    if chance.random() < 0.3 or not isinstance(place[part], str):
        place[part] = chance.choice(JUNK)
    else:
        value = bytearray(base64url_to_bytes(place[part]))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(value) or 1)
            value[at : at + chance.randint(0, 2)] = bytes([chance.randrange(256)])
        place[part] = text(bytes(value))
    return json.dumps(found)


def test_a_new_passkey_is_right_or_refused(user: User):
    chance, refused = random.Random(7), 0
    for _ in range(ROUNDS):
        challenge = secrets.token_bytes(32)
        try:
            read_new(mangled(Device().make(options_to_make(user, [], challenge)), chance), challenge)
        except PasskeyRefused:
            refused += 1
    assert refused > ROUNDS / 4


def test_one_that_is_shown_is_right_or_refused(user: User):
    chance, device, refused = random.Random(11), enrolled(user, Device(count=None)), 0
    for _ in range(ROUNDS):
        challenge = secrets.token_bytes(32)
        answer = mangled(device.show(options_to_show([], challenge)), chance)
        try:
            check_shown(read_shown(answer), passkey_of(device), challenge)
        except PasskeyRefused:
            refused += 1
    assert refused > ROUNDS / 4


KEYS: dict[str, Any] = {
    "no map": 7,
    "empty": {},
    "a text": "key",
    "no algorithm": {1: 2},
    "another algorithm": {1: 2, 3: -999, -1: 1, -2: bytes(32), -3: bytes(32)},
    "an older algorithm": {1: 3, 3: -65535, -1: bytes(256), -2: b"\x01\x00\x01"},
    "twice": {1: 2, 3: -7, -1: 1, -2: b"", -3: b""},
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_of_another_kind_is_refused(user: User, key: Any):
    challenge, device = secrets.token_bytes(32), Device()
    answer = json.loads(device.make(options_to_make(user, [], challenge)))
    made = cbor2.loads(base64url_to_bytes(answer["response"]["attestationObject"]))
    head = made["authData"][: 37 + 16 + 2 + 32]
    answer["response"]["attestationObject"] = text(cbor2.dumps(made | {"authData": head + cbor2.dumps(key)}))
    with pytest.raises(PasskeyRefused):
        read_new(json.dumps(answer), challenge)


@pytest.mark.parametrize("kind", ["packed", "tpm", "android-key", "android-safetynet", "apple", "fido-u2f", "of the future"])
def test_what_attests_wrongly_is_refused(user: User, kind: str):
    challenge = secrets.token_bytes(32)
    answer = json.loads(Device().make(options_to_make(user, [], challenge)))
    made = cbor2.loads(base64url_to_bytes(answer["response"]["attestationObject"]))
    for statement in (
        {},
        {"alg": -7, "sig": b"x"},
        {"alg": -7, "sig": b"x", "x5c": [b"x"]},
        {"ver": "2.0", "x5c": [b"\x30\x00"]},
    ):
        forged = made | {"fmt": kind, "attStmt": statement}
        answer["response"]["attestationObject"] = text(cbor2.dumps(forged))
        with pytest.raises(PasskeyRefused):
            read_new(json.dumps(answer), challenge)
