"""Files stored under their hash."""

from typing import ClassVar

from django.db import models

from tenancy.models import TenantModel


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
