"""Files stored under their hash, and the evidence they are."""

from typing import ClassVar

from django.db import models

from accounts.models import Member
from tenancy.models import TenantForeignKey, TenantModel


class StoredFile(TenantModel):
    """Bytes under their SHA-256: written once, never changed, one row for each content of an organization."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100, help_text="found from the content, not from the name")
    name = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "sha256"], name="stored_file_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the storage keeps it: by organization, then by hash."""
        return f"{self.tenant_id}/{self.sha256[:2]}/{self.sha256}"


class Evidence(TenantModel):
    """What proves that something was done: a file with its origin, period and hash."""

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Method(models.TextChoices):
        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "Manual"

    class Category(models.TextChoices):
        ACCESS = "access_control", "Access control"
        OTHER = "other", "Other"

    title = models.CharField(max_length=200)
    category = models.CharField(max_length=30, choices=Category)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.CURRENT)
    source = models.CharField(max_length=200)
    method = models.CharField(max_length=10, choices=Method)
    collector = models.CharField(max_length=100)
    query = models.TextField(blank=True)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    collected_at = models.DateTimeField()
    collected_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-collected_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "subject_id", "-collected_at"], name="evidence_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(status__in=["current", "withdrawn"]), name="evidence_status"),
        ]

    def __str__(self) -> str:
        return self.title
