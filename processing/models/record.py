"""A document that was validated. It is not kept: its hash is, and what came of it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from processing.models.schema import ProcessingSchema, SchemaVersion
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from ui.components import Badge, Tone

_TONES: dict[str, Tone] = {"success": "ok", "partial": "warn", "failure": "bad"}


class Outcome(models.TextChoices):
    """What came of it: what does not fit its schema is a failure, whatever the sender says."""

    SUCCESS = "success", "Success"
    PARTIAL = "partial", "Partial"
    FAILURE = "failure", "Failure"


class RecordBatch(TenantModel):
    """One request with records. The digest covers id, hashes and outcome of each record it added, in order."""

    schema = TenantForeignKey(ProcessingSchema, on_delete=models.PROTECT, related_name="batches")
    version = TenantForeignKey(SchemaVersion, on_delete=models.PROTECT, related_name="batches")
    sent_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField()
    accepted = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    digest = models.CharField("SHA-256", max_length=64)

    seen_within = At("received_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-received_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "received_at"], name="record_batch_received")]

    def __str__(self) -> str:
        return f"{self.accepted:,} record{'' if self.accepted == 1 else 's'} for {self.schema.key}"


class ProcessingRecord(TenantModel):
    """One operation on a document. Written once, never changed. `errors` name places and rules, never what was sent."""

    batch = TenantForeignKey(RecordBatch, on_delete=models.PROTECT, related_name="records")
    schema = TenantForeignKey(ProcessingSchema, on_delete=models.PROTECT, related_name="records")
    version = TenantForeignKey(SchemaVersion, on_delete=models.PROTECT, related_name="records")
    operation = models.CharField(max_length=100)
    occurred_at = models.DateTimeField("occurred")
    outcome = models.CharField("status", max_length=7, choices=Outcome)
    said = models.CharField("as the sender says", max_length=7, choices=Outcome)
    input_sha256 = models.CharField("SHA-256 of the input", max_length=64)
    output_sha256 = models.CharField("SHA-256 of the output", max_length=64, blank=True)
    errors = models.JSONField(default=list)
    error_count = models.PositiveIntegerField("what does not fit", default=0)
    duration_ms = models.FloatField("milliseconds", null=True)

    seen_within = At("occurred_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-occurred_at"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "occurred_at", "id"], name="processing_record_occurred"),
            models.Index(fields=["tenant", "schema", "occurred_at", "outcome"], name="processing_record_schema"),
            models.Index(fields=["tenant", "input_sha256"], name="processing_record_input"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=["success", "partial", "failure"]), name="processing_record_outcome"),
            models.CheckConstraint(
                condition=Q(duration_ms__isnull=True) | Q(duration_ms__gte=0), name="processing_record_duration"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} for {self.schema.key}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("processing:record-detail", args=[self.pk])

    @property
    def outcome_badge(self) -> Badge:
        """What came of it, as a word in a tone."""
        return Badge(self.get_outcome_display(), _TONES[self.outcome])

    @property
    def first_error(self) -> str:
        """Where it does not fit first, and why."""
        found: list[dict[str, Any]] = self.errors
        return f"{found[0]['pointer']}: {found[0]['detail']}" if found else ""
