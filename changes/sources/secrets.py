"""The secret that a source signs with: made here or given, sealed in the row, and for a while also the one before it."""

import base64
import secrets as chance
import uuid

from accounts.sealing import NIL_TENANT, seal, unseal
from changes.models import ChangeSource
from tenancy.scope import current_tenant_id

MARK = "whsec_"  # of a secret that GitLab takes as its signing token: 32 bytes in base64
_LABEL = "change_source.secret"
_BYTES = 32


def new_secret() -> str:
    """A new secret. GitHub takes any text; GitLab takes this one as a secret token and as a signing token alike."""
    return MARK + base64.b64encode(chance.token_bytes(_BYTES)).decode()


def sealed(text: str, source: ChangeSource) -> str:
    """The secret as it is stored: of use in this row of this organization only."""
    return seal(text.encode(), label=_LABEL, row_id=source.pk, tenant_id=current_tenant_id())


def opened(source: ChangeSource) -> tuple[str, str]:
    """The secret and the one before it, while that still works; empty where there is none. Raises SealingError."""
    return _open(source.secret, source), _open(source.former_secret if source.former_works else "", source)


def _open(stored: str, source: ChangeSource) -> str:
    return unseal(stored, label=_LABEL, row_id=source.pk, tenant_id=current_tenant_id()).decode() if stored else ""


def a_like() -> tuple[str, str]:
    """Secrets that nobody has, by the same work as `opened`: for an address where no source is."""
    row = uuid.uuid4()
    stored = seal(new_secret().encode(), label=_LABEL, row_id=row)
    return unseal(stored, label=_LABEL, row_id=row, tenant_id=NIL_TENANT).decode(), ""
