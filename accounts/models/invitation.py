"""An invitation to an organization."""

import datetime as dt
import hashlib
import secrets
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.limits import AREA_CHOICES, AREAS, Limits
from accounts.models.role import names_of
from tenancy.models import TenantModel
from tenancy.scope import now

LIFETIME = dt.timedelta(days=7)


def default_expiry() -> dt.datetime:
    """Seven days from now."""
    return now() + LIFETIME


class Invitation(TenantModel):
    """Whoever holds the token, until it expires, may become a member with these roles. Only the token's hash is kept."""

    class Status(models.TextChoices):
        """Open until it is taken or taken back; an open one may have expired."""

        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REVOKED = "revoked", "Revoked"

    email = models.EmailField("e-mail", max_length=254)
    name = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=30))
    access_ends_on = models.DateField(null=True, blank=True)
    areas = ArrayField(models.CharField(max_length=20, choices=AREA_CHOICES), default=list, blank=True)
    audit_period_id = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    expires_at = models.DateTimeField(default=default_expiry)
    invited_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "token_hash"], name="invitation_token_unique"),
            models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="invitation_roles_known"),
            models.CheckConstraint(condition=models.Q(areas__contained_by=list(AREAS)), name="invitation_areas_known"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "accepted", "revoked"]), name="invitation_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_usable(self) -> bool:
        """Whether the link still works."""
        return self.status == self.Status.OPEN and self.expires_at > now()

    @property
    def last_day(self) -> dt.date:
        """The day on which the link stops working, in the active time zone."""
        return timezone.localdate(self.expires_at)

    @property
    def role_names(self) -> list[str]:
        """The roles as people read them."""
        return names_of(self.roles)

    @property
    def limits(self) -> Limits:
        """What an auditor will be limited to."""
        return Limits(tuple(self.areas), self.audit_period_id)

    @classmethod
    def with_token(cls, token: str) -> Self | None:
        """The invitation of the active organization that this token opens, usable or not."""
        return cls.objects.filter(token_hash=digest_of(token)).first()


def new_token() -> str:
    """43 characters with 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
