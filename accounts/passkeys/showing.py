"""Showing a passkey: which one it is, and that it is right. The challenge is spent in any case."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from webauthn.helpers.structs import AuthenticationCredential

from accounts.models import Passkey, User
from accounts.passkeys.asking import Purpose, take
from accounts.passkeys.checking import check_shown, read_shown
from accounts.passkeys.refusing import TOO_SOON, PasskeyRefused


def show_passkey(request: HttpRequest, user: User, answer: str) -> Passkey:
    """The passkey that the signed-in person has shown. Raises PasskeyRefused and SealingError.

    A wrong answer makes the next one with the same passkey wait, as a wrong code does.
    """
    challenge = take(request, Purpose.SHOW)
    return _shown(read_shown(answer), challenge, Passkey.objects.filter(user=user), makes_wait=True)


def sign_in_passkey(request: HttpRequest, answer: str) -> Passkey:
    """The passkey by which somebody signs in, and so who they are. Raises PasskeyRefused and SealingError.

    Nobody waits for wrong answers here: anybody who knows a passkey's name could shut its owner out.
    """
    challenge, shown = take(request, Purpose.SIGN_IN), read_shown(answer)
    if shown.response.user_handle is None:
        raise PasskeyRefused("it does not say whose it is")
    return _shown(shown, challenge, Passkey.objects.all(), makes_wait=False)


def _shown(shown: AuthenticationCredential, challenge: bytes, among: QuerySet[Passkey], *, makes_wait: bool) -> Passkey:
    with transaction.atomic():
        found = _look(shown, challenge, among, makes_wait=makes_wait)
    if isinstance(found, PasskeyRefused):
        raise found
    return found


def _look(
    shown: AuthenticationCredential, challenge: bytes, among: QuerySet[Passkey], *, makes_wait: bool
) -> Passkey | PasskeyRefused:
    """The passkey, or why not: returned, so that what it costs is kept."""
    locked = among.select_for_update(of=("self",)).select_related("user")
    passkey = locked.filter(credential_id=shown.id, confirmed=True).first()
    if passkey is None:
        return PasskeyRefused("nobody has this passkey")
    if makes_wait and not passkey.verify_is_allowed()[0]:
        return PasskeyRefused("too soon", TOO_SOON)
    try:
        passkey.note_shown(sign_count=check_shown(shown, passkey, challenge))
    except PasskeyRefused as refusal:
        if makes_wait:
            passkey.throttle_increment()
        return PasskeyRefused(refusal.reason, refusal.sentence, user=passkey.user)
    return passkey
