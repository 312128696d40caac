"""The address and the secret of a webhook, sealed in their row."""

import secrets as chance
import uuid

from accounts.sealing import seal, unseal
from incidents.models import AlertChannel
from tenancy.scope import current_tenant_id

_BYTES = 32


def new_secret() -> str:
    """256 bits, as 43 letters and digits."""
    return chance.token_urlsafe(_BYTES)


def sealed(text: str, key: uuid.UUID, what: str) -> str:
    """As it is stored: of use in this field of this row only."""
    return seal(text.encode(), label=f"alert_channel.{what}", row_id=key, tenant_id=current_tenant_id())


def opened(channel: AlertChannel, what: str) -> str:
    """The `url` or the `secret` of a channel; empty where it has none. Raises SealingError."""
    stored = str(getattr(channel, what))
    if not stored:
        return ""
    return unseal(stored, label=f"alert_channel.{what}", row_id=channel.pk, tenant_id=current_tenant_id()).decode()
