"""What a browser is asked, and whether its answer is right. The cryptography is py_webauthn's, the rules are here:

the person is always verified by their device (PIN, finger, face), the counter never goes back, nobody attests anything.
"""

import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyasn1.error import PyAsn1Error
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.models import Passkey, User
from accounts.passkeys.asking import SECONDS
from accounts.passkeys.party import NAME, Party, party
from accounts.passkeys.refusing import PasskeyRefused

MOST_CHARACTERS = 16_384  # of an answer
_ID = re.compile(r"[A-Za-z0-9_-]{1,1364}")
_REQUIRED = UserVerificationRequirement.REQUIRED
# What the library raises at an answer that is no such answer, beside its own: it looks into it as it comes.
_MALFORMED = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    UnsupportedAlgorithm,
    InvalidSignature,
    PyAsn1Error,
)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a device made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]
    is_synced: bool


def looks_like_answer(text: str) -> bool:
    """Whether a text is what a browser says of a passkey, and no code that somebody typed."""
    return text.startswith("{")


def options_to_make(user: User, passkeys: list[Passkey], challenge: bytes) -> dict[str, Any]:
    """For `navigator.credentials.create`: one that is found without a name, and none where there is one already."""
    options = generate_registration_options(
        rp_id=_party().domain,
        rp_name=NAME,
        user_id=user.pk.bytes,
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=challenge,
        timeout=SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=_descriptors(passkeys),
    )
    return options_to_json_dict(options)


def options_to_show(passkeys: list[Passkey], challenge: bytes) -> dict[str, Any]:
    """For `navigator.credentials.get`: one of these, or without any whichever the person chooses."""
    options = generate_authentication_options(
        rp_id=_party().domain,
        challenge=challenge,
        timeout=SECONDS * 1000,
        allow_credentials=_descriptors(passkeys),
        user_verification=_REQUIRED,
    )
    return options_to_json_dict(options)


def read_new(answer: str, challenge: bytes) -> NewPasskey:
    """What was made. Raises PasskeyRefused."""
    here = _party()
    try:
        credential = parse_registration_credential_json(_short(answer))
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=here.domain,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefused("not a right answer") from error
    return NewPasskey(
        credential_id=_known_form(bytes_to_base64url(made.credential_id)),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=[one.value for one in credential.response.transports or []],
        is_synced=made.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
    )


def read_shown(answer: str) -> AuthenticationCredential:
    """What was shown, not checked yet. Raises PasskeyRefused."""
    try:
        shown = parse_authentication_credential_json(_short(answer))
    except _MALFORMED as error:
        raise PasskeyRefused("not a right answer") from error
    _known_form(shown.id)
    return shown


def check_shown(shown: AuthenticationCredential, passkey: Passkey, challenge: bytes) -> int:
    """The device's counter after a right answer. Raises PasskeyRefused, and SealingError if the key here was tampered with.

    The library would compare the counters before it looks at the signature, and anybody could make it say that one went back. So
    it is told nothing of ours, and they are compared here (WebAuthn level 3, 7.2).
    """
    here, public_key = _party(), passkey.public_key
    if shown.response.user_handle not in {None, passkey.user_id.bytes}:
        raise PasskeyRefused("it says that it is another person's")
    try:
        right = verify_authentication_response(
            credential=shown,
            expected_challenge=challenge,
            expected_rp_id=here.domain,
            expected_origin=here.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefused("not a right answer") from error
    if max(right.new_sign_count, passkey.sign_count) > 0 and right.new_sign_count <= passkey.sign_count:
        raise PasskeyRefused("its counter went back: there may be a copy of it")
    return int(right.new_sign_count)


def _party() -> Party:
    found = party()
    if found is None:
        raise PasskeyRefused("no passkeys at this address")
    return found


def _short(answer: str) -> str:
    if len(answer) > MOST_CHARACTERS:
        raise PasskeyRefused("not a right answer")
    return answer


def _known_form(credential_id: str) -> str:
    if not _ID.fullmatch(credential_id):
        raise PasskeyRefused("not a right answer")
    return credential_id


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential_id), transports=[AuthenticatorTransport(name) for name in one.transports]
        )
        for one in passkeys
    ]
