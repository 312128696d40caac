"""The secret that a source signs with: made here or given, sealed in the row, and for a while also the one before it."""

import base64
import secrets as chance

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.sealing import seal, unseal
from changes.models import ChangeSource
from tenancy.scope import current_tenant_id

MARK = "whsec_"  # of a secret that GitLab takes as its signing token: 32 bytes in base64
_LABEL, _FORMER = "change_source.secret", "change_source.former_secret"
_BYTES = 32
_NOBODYS = AESGCM(AESGCM.generate_key(256))


def new_secret() -> str:
    """A new secret. GitHub takes any text; GitLab takes this one as a secret token and as a signing token alike."""
    return MARK + base64.b64encode(chance.token_bytes(_BYTES)).decode()


def sealed(text: str, source: ChangeSource) -> str:
    """The secret as it is stored: of use in this field of this row of this organization only."""
    return seal(text.encode(), label=_LABEL, row_id=source.pk, tenant_id=current_tenant_id())


def as_former(source: ChangeSource) -> str:
    """The present secret, sealed as the one before another. Raises SealingError."""
    text = _open(source.secret, source, _LABEL)
    return seal(text.encode(), label=_FORMER, row_id=source.pk, tenant_id=current_tenant_id()) if text else ""


def opened(source: ChangeSource) -> tuple[str, str]:
    """The secret and the one before it, while that still works; empty where there is none. Raises SealingError."""
    former = source.former_secret if source.former_works else ""
    return _open(source.secret, source, _LABEL), _open(former, source, _FORMER)


def _open(stored: str, source: ChangeSource, label: str) -> str:
    return unseal(stored, label=label, row_id=source.pk, tenant_id=current_tenant_id()).decode() if stored else ""


def a_like() -> tuple[str, str]:
    """A secret that nobody has, by the same work as `opened`: for an address where no source is."""
    nonce = chance.token_bytes(12)
    return _NOBODYS.decrypt(nonce, _NOBODYS.encrypt(nonce, new_secret().encode(), None), None).decode(), ""
