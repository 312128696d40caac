"""Many files with a list of what they are: an import, its files, and a row for each item."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from accounts.models import Member
from evidence.models.evidence import Evidence
from evidence.models.files import StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Through
from workflow.transitions import Transition


class EvidenceImport(TenantModel):
    """A list (CSV or XLSX) of files that are to become evidence."""

    class Status(models.TextChoices):
        READY = "ready", "Ready to import"
        APPLYING = "applying", "Being imported"
        DONE = "done", "Imported"
        DISCARDED = "discarded", "Discarded"

    manifest = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.READY)
    headers = ArrayField(models.CharField(max_length=200), default=list)
    notices = ArrayField(models.TextField(), default=list)
    created_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    START = Transition("evidence_import.start", {"ready"}, "applying", "evidence.write", "started")
    RETURN = Transition("evidence_import.return", {"applying"}, "ready", "evidence.write", "taken back")
    FINISH = Transition("evidence_import.finish", {"applying"}, "done", "evidence.write", "finished")
    DISCARD = Transition("evidence_import.discard", {"ready"}, "discarded", "evidence.write", "discarded")

    seen_within = At("created_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["ready", "applying", "done", "discarded"]), name="evidence_import_status"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page: the preview, then the results."""
        return reverse("evidence:import-detail", args=[self.pk])


class ImportFile(TenantModel):
    """A file that came with the list: what it names, or an archive with it."""

    of = TenantForeignKey(EvidenceImport, on_delete=models.CASCADE, related_name="files")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    seen_within = Through("of")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportRow(TenantModel):
    """A row of the list: what it says, why it cannot be taken, and the item it became."""

    of = TenantForeignKey(EvidenceImport, db_index=False, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="as in a spreadsheet")
    name = models.CharField("file", max_length=500)
    cells = models.JSONField(help_text="as they stand in the list")
    facts = models.JSONField(default=dict)
    reasons = ArrayField(models.TextField(), default=list, help_text="why it is wrong")
    refused = models.TextField(blank=True, help_text="why it came to nothing when it was imported")
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")

    seen_within = Through("of")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "of", "number"], name="import_row_unique")]

    def __str__(self) -> str:
        return f"Row {self.number}"
