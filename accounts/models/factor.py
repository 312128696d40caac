"""Second factors: own device models of django-otp, whose secrets are never stored in the clear.

django-otp finds a device by `int(id)`, which a UUID key satisfies through its integer form.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from accounts.models.user import User
from accounts.sealing import seal, unseal
from tenancy.ids import uuid7
from tenancy.scope import now

SECRET_BYTES = 20
STEP_SECONDS = 30
TOLERANCE_STEPS = 1
RECOVERY_CODES = 10
_RECOVERY_BYTES = 16
_RECOVERY_LENGTHS = {16, 26}  # characters of base32: codes of earlier versions had 80 bits, and serve until they are renewed
_SECRET_LABEL = "accounts.totp.secret"  # noqa: S105 - names the field in the associated data


class FactorDevice(ThrottlingMixin, Device):  # type: ignore[misc] # django-otp has no types
    """What both kinds share: a UUID key, throttling (1, 2, 4, 8 ... seconds after failures), when it was last used."""

    KIND: ClassVar[str]

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.KIND

    @property
    def persistent_id(self) -> str:
        """How django-otp names the device in a session."""
        return f"{self.model_label()}/{self.id.int}"

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first failure."""
        factor: int = getattr(settings, "OTP_TOTP_THROTTLE_FACTOR", 1)
        return factor

    def verify_token(self, token: str) -> bool:
        """Whether `token` is right; throttled, and the same one never twice. Call with the row locked."""
        if not self.verify_is_allowed()[0]:
            return False
        if not self._consume(token):
            self.throttle_increment()
            return False
        self.last_used_at = now()
        self.throttle_reset()
        return True

    def _consume(self, token: str) -> bool:
        raise NotImplementedError


class TotpDevice(FactorDevice):
    """An authenticator application (RFC 6238: SHA-1, 30 seconds, 6 digits)."""

    KIND: ClassVar = "authenticator"

    sealed_secret = models.TextField(editable=False)
    last_t = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(confirmed=True), name="totpdevice_one_confirmed")
        ]

    @classmethod
    def begin(cls, user: Any) -> "TotpDevice":
        """A new unconfirmed device with a fresh secret; earlier unconfirmed ones of the user go away."""
        cls.objects.filter(user=user, confirmed=False).delete()
        device = cls(user=user, name="Authenticator", confirmed=False)
        device.secret = secrets.token_bytes(SECRET_BYTES)
        device.save(force_insert=True)
        return device

    @property
    def secret(self) -> bytes:
        """The shared secret; raises SealingError if the row was tampered with."""
        return unseal(self.sealed_secret, label=_SECRET_LABEL, row_id=self.id)

    @secret.setter
    def secret(self, value: bytes) -> None:
        self.sealed_secret = seal(value, label=_SECRET_LABEL, row_id=self.id)

    @property
    def secret_text(self) -> str:
        """The secret as one types it into an application: base32 in groups of four."""
        text = base64.b32encode(self.secret).decode().rstrip("=")
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))

    @property
    def provisioning_uri(self) -> str:
        """The `otpauth:` address in the QR code (Google's key URI format)."""
        issuer = "Plumbline"
        label = quote(f"{issuer}:{self.user.email}")
        query = {"secret": base64.b32encode(self.secret).decode().rstrip("="), "issuer": issuer, "digits": 6, "period": 30}
        return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"

    def code_at(self, instant: float) -> str:
        """The code at a Unix time."""
        totp = TOTP(self.secret, STEP_SECONDS)
        totp.time = instant
        return f"{totp.token():06d}"

    def _consume(self, token: str) -> bool:
        if not (len(token) == 6 and token.isascii() and token.isdigit()):
            return False
        current = int(time.time()) // STEP_SECONDS
        for step in range(max(current - TOLERANCE_STEPS, self.last_t + 1), current + TOLERANCE_STEPS + 1):
            if hmac.compare_digest(self.code_at(step * STEP_SECONDS), token):
                self.last_t = step
                return True
        return False


class RecoveryDevice(FactorDevice):
    """A user's set of recovery codes; it carries their common throttle."""

    KIND: ClassVar = "recovery code"

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user"], name="recoverydevice_one")]

    @property
    def remaining(self) -> int:
        """How many codes are unused."""
        count: int = self.codes.filter(used_at=None).count()
        return count

    def replace_codes(self) -> list[str]:
        """Forget the old codes and return new ones, the only time they can be read."""
        self.codes.all().delete()
        codes = [_new_code() for _ in range(RECOVERY_CODES)]
        RecoveryCode.objects.bulk_create(RecoveryCode(device=self, digest=self._digest(code)) for code in codes)
        return codes

    def _digest(self, code: str) -> str:
        """SHA-256 suffices: a code has 128 random bits, so there is nothing to guess from its digest."""
        return hashlib.sha256(self.id.bytes + _plain(code).encode()).hexdigest()

    def _consume(self, token: str) -> bool:
        return bool(self.codes.filter(digest=self._digest(token), used_at=None).update(used_at=now()))


class RecoveryCode(models.Model):
    """One recovery code: hashed, and of use once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device = models.ForeignKey(RecoveryDevice, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "digest"], name="recoverycode_unique")]

    def __str__(self) -> str:
        return "used" if self.used_at else "unused"


def looks_like_recovery(token: str) -> bool:
    """Whether the text typed has the length of a recovery code and not that of an authenticator's."""
    return len(_plain(token)) in _RECOVERY_LENGTHS


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().rstrip("=").lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _plain(code: str) -> str:
    return "".join(character for character in code.lower() if character.isalnum())
