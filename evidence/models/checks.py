"""What was found when a stored file was last read again."""

from typing import ClassVar

from django.db import models

from evidence.belonging import files_shown
from evidence.models.files import StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through


class FileCheck(TenantModel):
    """The latest re-hash of one stored file. A change of the result has its event; an unchanged one only moves the time."""

    class Result(models.TextChoices):
        INTACT = "intact", "Intact"
        ALTERED = "altered", "Altered"
        MISSING = "missing", "Missing"
        UNREADABLE = "unreadable", "Could not be read"

    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="checks")
    result = models.CharField(max_length=10, choices=Result)
    checked_at = models.DateTimeField()
    since = models.DateTimeField(help_text="when this result was first found")

    seen_within = Through("file", files_shown)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["tenant", "checked_at"], name="file_check_oldest"),
            models.Index(fields=["tenant", "result"], condition=~models.Q(result="intact"), name="file_check_damaged"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "file"], name="file_check_unique"),
            models.CheckConstraint(
                condition=models.Q(result__in=["intact", "altered", "missing", "unreadable"]), name="file_check_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}: {self.get_result_display()}"
