"""What was kept of a change when it was carried out and when it was over."""

from typing import ClassVar

from django.db import models

from changes.models.change import Change
from evidence.models import Evidence
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through


class ChangeRecord(TenantModel):
    """A line of an item of evidence that holds a whole change as it stood at a stage. Never changed."""

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="records")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="change_records")
    stage = models.CharField(max_length=11, choices=Change.Status)
    sha256 = models.CharField("SHA-256 of its line", max_length=64)
    taken_at = models.DateTimeField()

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["taken_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "change", "evidence", "stage"], name="change_record_unique")
        ]

    def __str__(self) -> str:
        return f"{self.change}, {self.get_stage_display().lower()}"
