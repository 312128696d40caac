"""Challenges: random, for one purpose, in the session of one browser, for five minutes, answered once."""

import secrets
import time
from enum import StrEnum

from django.core.cache import cache
from django.http import HttpRequest

from accounts.passkeys.refusing import STALE, PasskeyRefused
from accounts.sessions import is_signed_in

SECONDS = 300
CHALLENGE_BYTES = 32
_KEY = "passkey_asked"


class Purpose(StrEnum):
    """What an answer is for: one that was asked for one thing serves no other."""

    SIGN_IN = "sign in"
    SHOW = "show"  # the second step, or once more before a sensitive act
    ENROL = "enrol"


def ask(request: HttpRequest, purpose: Purpose) -> bytes:
    """A fresh challenge, which the session remembers. What was asked before for the same purpose is answered no more."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    request.session[_KEY] = {**request.session.get(_KEY, {}), purpose: {"challenge": challenge.hex(), "at": time.time()}}
    if not is_signed_in(request.session):
        request.session.set_expiry(2 * SECONDS)
    return challenge


def take(request: HttpRequest, purpose: Purpose) -> bytes:
    """The challenge that an answer must be to. Raises PasskeyRefused; nobody gets the same one twice, not even at once."""
    held = dict(request.session.get(_KEY, {}))
    found = held.pop(purpose, None)
    request.session[_KEY] = held
    if found is None or not 0 <= time.time() - found["at"] < SECONDS:
        raise PasskeyRefused("nothing was asked", STALE)
    if not cache.add(f"passkey/answered/{found['challenge']}", 1, 2 * SECONDS):  # two requests may have read the same session
        raise PasskeyRefused("answered twice", STALE)
    return bytes.fromhex(found["challenge"])
