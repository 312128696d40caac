"""Sealed fields open in their own place and nowhere else."""

import base64
import secrets
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import TotpDevice
from accounts.sealing import SealingError, seal, unseal
from keys import store
from tests.cast import Cast

ROW = uuid.UUID(int=7)
LABEL = "accounts.totp.secret"
pytestmark = pytest.mark.django_db


def test_a_value_opens_where_it_was_sealed():
    assert unseal(seal(b"secret", label=LABEL, row_id=ROW), label=LABEL, row_id=ROW) == b"secret"


@pytest.mark.parametrize(
    "place",
    [
        {"label": "check.secret", "row_id": ROW},
        {"label": LABEL, "row_id": uuid.UUID(int=8)},
        {"label": LABEL, "row_id": ROW, "tenant_id": uuid.UUID(int=1)},
    ],
)
def test_a_value_does_not_open_elsewhere(place: Any):
    sealed = seal(b"secret", label=LABEL, row_id=ROW)
    with pytest.raises(SealingError):
        unseal(sealed, **place)


def test_every_changed_character_is_noticed():
    sealed = seal(b"secret", label=LABEL, row_id=ROW)
    for at, was in enumerate(sealed):
        for character in "AQgwBR1+/=|x":
            if character == was:
                continue
            with pytest.raises(SealingError):
                unseal(sealed[:at] + character + sealed[at + 1 :], label=LABEL, row_id=ROW)


@given(position=st.integers(min_value=0), character=st.characters(min_codepoint=32, max_codepoint=126))
def test_no_changed_character_goes_unnoticed(position: int, character: str):
    sealed = seal(b"secret", label=LABEL, row_id=ROW)
    at = position % len(sealed)
    changed = sealed[:at] + character + sealed[at + 1 :]
    if changed == sealed:
        return
    with pytest.raises(SealingError):
        unseal(changed, label=LABEL, row_id=ROW)


@pytest.mark.parametrize("text", ["", "secret", "v1|A256GCM|x|y|z", "v1|A256GCM|x|y|z|z", "|||||", "v1|A256GCM|x|y|z|z|z"])
def test_what_was_never_sealed_is_refused(text: str):
    with pytest.raises(SealingError):
        unseal(text, label=LABEL, row_id=ROW)


def test_another_key_does_not_open_it(settings: Any):
    sealed = seal(b"secret", label=LABEL, row_id=ROW)
    settings.PLUMBLINE_KEK = base64.b64encode(secrets.token_bytes(32)).decode()
    store.forget()
    with pytest.raises(SealingError, match="another key"):
        unseal(sealed, label=LABEL, row_id=ROW)


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(b"x" * 16).decode(), "é" * 44])
def test_a_weak_key_is_no_key(settings: Any, key: str):
    settings.PLUMBLINE_KEK = key
    with pytest.raises(SealingError):
        seal(b"secret", label=LABEL, row_id=ROW)


def test_secrets_of_two_devices_cannot_be_swapped(cast: Cast):
    mine, theirs = TotpDevice.begin(cast.manager.user), TotpDevice.begin(cast.auditor.user)
    TotpDevice.objects.filter(pk=mine.pk).update(sealed_secret=theirs.sealed_secret)
    mine.refresh_from_db()
    with pytest.raises(SealingError):
        _ = mine.secret
    assert theirs.secret


def test_the_secret_is_not_in_the_row(cast: Cast):
    device = TotpDevice.begin(cast.manager.user)
    assert device.secret_text.replace(" ", "") not in device.sealed_secret
    assert base64.b64encode(device.secret).decode() not in device.sealed_secret
