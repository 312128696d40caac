"""Tokens of the API: a member's rights, or some of them, for a program."""

import datetime as dt
import hashlib
import secrets
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models.member import Member
from accounts.permissions import stronger
from tenancy.ids import uuid7
from tenancy.models import Organization
from tenancy.scope import now

MARK = "plb_"  # by which secret scanners know one: plb_ and 43 characters of base64url
PREFIX_LENGTH = 12  # 48 of the 256 random bits may be shown
LONGEST = dt.timedelta(days=366)
NOTE_USE = dt.timedelta(minutes=1)


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens of any organization: the table is global, since a token says which organization it opens."""

    def of(self, organization: Organization) -> Self:
        """Those of one organization, with whose they are."""
        return self.filter(member__organization=organization).select_related("member__user", "member__organization")

    def usable(self) -> Self:
        """Those that are neither revoked nor over."""
        return self.filter(revoked_at=None, expires_at__gt=now())


class Token(models.Model):
    """What a program shows instead of a password and a second factor. Only its SHA-256 is kept.

    It carries at most the rights that its member has at the time of each request, and of these only `scopes`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=120, help_text="what it is for")
    prefix = models.CharField("begins with", max_length=PREFIX_LENGTH, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=60))
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("expires")
    last_used_at = models.DateTimeField("last used", null=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)
    revoked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar = TokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(scopes__len__gt=0), name="token_scopes_some"),
            models.CheckConstraint(
                condition=models.Q(expires_at__lte=models.F("created_at") + LONGEST + dt.timedelta(days=1)),
                name="token_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def showing(cls, text: str) -> "Token | None":
        """The token with this text, usable or not."""
        found: Token | None = (
            cls.objects.select_related("member__user", "member__organization").filter(digest=digest_of(text)).first()
        )
        return found

    @property
    def trouble(self) -> str:
        """Why it opens nothing now, or the empty string."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at <= now():
            return "expired"
        return "" if self.member.is_active else "its member has no access"

    @property
    def allowed(self) -> frozenset[str]:
        """The permissions it may carry: its scopes and what they imply, as far as the member has them now."""
        held = set(self.scopes)
        return frozenset(name for name in self.member.reach if name in held or held.intersection(stronger(name)))

    @property
    def last_day(self) -> dt.date:
        """The last day on which it works, where its organization lives."""
        return self.member.organization.day_of(self.expires_at) - dt.timedelta(days=1)

    def note_use(self) -> None:
        """Note that it is used, once a minute. Outside of the request's transaction, which may be rolled back."""
        at = now()
        if self.last_used_at is None or self.last_used_at < at - NOTE_USE:
            type(self).objects.filter(pk=self.pk).update(last_used_at=at)


def new_text() -> str:
    """A new token's text: the mark and 256 random bits."""
    return MARK + secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """What is kept of it. SHA-256 suffices: there is nothing to guess."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
