"""Passkeys (WebAuthn): the private half stays with the person, the public half is kept here, sealed so that nobody plants one."""

import hashlib
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models.factor import FactorDevice, TotpDevice
from accounts.models.user import User
from accounts.sealing import SealingError, seal, unseal
from tenancy.scope import now

MOST = 20
NAME_LENGTH = 60
_ID_LENGTH = 1364  # what 1,023 bytes, the most that WebAuthn allows, come to in base64
_LABEL = "accounts.passkey.key"


class Passkey(FactorDevice):
    """A key of one person on a device or in a password manager. It is shown by a signature, never by a token."""

    KIND: ClassVar = "passkey"

    credential_id = models.CharField(max_length=_ID_LENGTH, editable=False)  # base64url, as browsers write it
    sealed_key = models.TextField(editable=False)
    sign_count = models.BigIntegerField(default=0, editable=False)  # 0 for good where the device does not count
    transports = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    is_synced = models.BooleanField(default=False, editable=False)  # its maker may copy it to the person's other devices

    class Meta:
        ordering: ClassVar = ["created_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["credential_id"], name="passkey_unique")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def public_key(self) -> bytes:
        """The COSE key. Raises SealingError if the row was tampered with, or given to somebody else."""
        value = unseal(self.sealed_key, label=_LABEL, row_id=self.id)
        whose = self._whose()
        if not value.startswith(whose):
            raise SealingError("The passkey was changed or belongs to somebody else.")
        return value[len(whose) :]

    @public_key.setter
    def public_key(self, value: bytes) -> None:
        self.sealed_key = seal(self._whose() + value, label=_LABEL, row_id=self.id)

    def _whose(self) -> bytes:
        """Person and credential, which the key is sealed with: a passkey alone signs in, so the row must not change hands."""
        whose: bytes = self.user_id.bytes
        return whose + hashlib.sha256(self.credential_id.encode()).digest()

    def note_shown(self, *, sign_count: int) -> None:
        """It was shown and is right. Call with the row locked."""
        self.sign_count = sign_count
        self.last_used_at = now()
        self.throttle_reset(commit=False)
        self.save(update_fields=["sign_count", "last_used_at", "throttling_failure_timestamp", "throttling_failure_count"])

    def _consume(self, token: str) -> bool:
        return False  # no token is ever right: see accounts.passkeys.showing


def has_own_factor(user_ref: OuterRef | F) -> Q:
    """That whoever the reference names has a factor of their own, as a condition for queries."""
    kinds = (TotpDevice, Passkey)
    return Q(*(Exists(kind.objects.filter(user=user_ref, confirmed=True)) for kind in kinds), _connector=Q.OR)


def has_factor(user: User) -> bool:
    """Whether the person has an authenticator or a passkey. Recovery codes alone are none."""
    return User.objects.filter(has_own_factor(OuterRef("pk")), pk=user.pk).exists()
