"""The organization's own identity providers, the people known by them, and whether passwords still serve."""

import uuid
from typing import ClassVar, cast

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models.member import Member
from accounts.sealing import seal, unseal
from tenancy.models import Organization, TenantForeignKey, TenantModel

_LABEL = "accounts.identity_provider.secret"


class IdentityProvider(TenantModel):
    """Where the organization keeps its accounts. Its issuer and client never change: another one is another provider."""

    class Status(models.TextChoices):
        """In use, or taken away for good."""

        ACTIVE = "active", "In use"
        REMOVED = "removed", "Removed"

    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=300)  # exactly as the provider writes it: it is compared letter by letter
    client_id = models.CharField("client ID", max_length=255)
    sealed_secret = models.TextField(editable=False)
    secret_at = models.DateTimeField("secret set", editable=False)
    domain = models.CharField(max_length=253, blank=True)  # the `hd` that its tokens must carry; none: not asked for
    # Some directories do not say that an address was verified. Somebody answers for it then.
    addresses_vouched_at = models.DateTimeField("addresses vouched for", null=True, editable=False)
    addresses_vouched_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    # That it asks for a second factor itself is for somebody to say who has looked.
    factor_note = models.CharField("how the second factor is enforced", max_length=500, blank=True)
    factor_at = models.DateTimeField("second factor recorded", null=True, editable=False)
    factor_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name", "created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "issuer"],
                condition=models.Q(status="active"),
                name="identity_provider_once",
                violation_error_message="There is a provider with this issuer already.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["active", "removed"]), name="identity_provider_status"),
            models.CheckConstraint(
                condition=models.Q(factor_at=None, factor_by=None, factor_note="")
                | (models.Q(factor_at__isnull=False, factor_by__isnull=False) & ~models.Q(factor_note="")),
                name="identity_provider_factor",
            ),
            models.CheckConstraint(
                condition=models.Q(addresses_vouched_at=None, addresses_vouched_by=None)
                | models.Q(addresses_vouched_at__isnull=False, addresses_vouched_by__isnull=False),
                name="identity_provider_vouched",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page in the settings."""
        return reverse("members:provider", args=[self.pk])

    @property
    def is_active(self) -> bool:
        """Whether people sign in by it."""
        return self.status == self.Status.ACTIVE

    @property
    def has_factor(self) -> bool:
        """Whether somebody has recorded that it asks for a second factor."""
        return self.factor_at is not None

    @property
    def vouches(self) -> bool:
        """Whether an address counts as verified although its token does not say so."""
        return self.addresses_vouched_at is not None

    def seal_secret(self, secret: str) -> None:
        """Keep the client secret so that it opens for this row only."""
        self.sealed_secret = seal(secret.encode(), label=_LABEL, row_id=self.pk, tenant_id=cast("uuid.UUID", self.tenant_id))

    @property
    def secret(self) -> str:
        """The client secret. Raises SealingError."""
        return unseal(self.sealed_secret, label=_LABEL, row_id=self.pk, tenant_id=cast("uuid.UUID", self.tenant_id)).decode()


class ProviderIdentity(TenantModel):
    """An account at a provider, by issuer and subject, and whose it is here. An e-mail never says that."""

    class Status(models.TextChoices):
        """It signs in, or does no more."""

        LINKED = "linked", "Linked"
        UNLINKED = "unlinked", "Unlinked"

    provider = TenantForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField("e-mail", max_length=254)  # as the provider gave it when the two were linked
    status = models.CharField("state", max_length=8, choices=Status, default=Status.LINKED)
    linked_at = models.DateTimeField("linked", auto_now_add=True)
    confirmed_by = models.CharField(max_length=20)  # what the person confirmed it with
    unlinked_at = models.DateTimeField("unlinked", null=True, editable=False)
    unlinked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-linked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "issuer", "subject"],
                condition=models.Q(status="linked"),
                name="provider_identity_once",
                violation_error_message="This company account is linked already.",
            ),
            models.UniqueConstraint(
                fields=["tenant", "provider", "member"],
                condition=models.Q(status="linked"),
                name="provider_identity_member",
                violation_error_message="This person has a company account linked already.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["linked", "unlinked"]), name="provider_identity_status"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_linked(self) -> bool:
        """Whether it signs in."""
        return self.status == self.Status.LINKED


class CompanyOnly(models.Model):
    """That an organization refuses passwords. Global, as it is asked before any organization is entered."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField(db_default=Now(), editable=False)
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", editable=False)

    def __str__(self) -> str:
        return str(self.organization)
