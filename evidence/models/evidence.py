"""The evidence item, its revisions, and the records it belongs to."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.belonging import belonging
from evidence.models.files import StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Either, Lasting, Through
from workflow.transitions import Transition

EXPIRING = dt.timedelta(days=30)


class Evidence(TenantModel):
    """What proves that something was done: a file with its origin, period and hash.

    The item names its latest revision; earlier ones stay as they were (`EvidenceRevision`).
    """

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Method(models.TextChoices):
        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "Manual"

    class Category(models.TextChoices):
        ACCESS = "access_control", "Access control"
        MONITORING = "monitoring", "Monitoring"
        CHANGE = "change_management", "Change management"
        INCIDENT = "incident_response", "Incident response"
        BACKUP = "backup", "Backup"
        POLICY = "policy", "Policy"
        VENDOR = "vendor", "Vendor"
        RISK = "risk", "Risk"
        TRAINING = "training", "Training"
        OTHER = "other", "Other"

    reference = models.CharField("number", max_length=30)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=30, choices=Category)
    description = models.TextField(blank=True)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.CURRENT)
    source = models.CharField(max_length=200, help_text="system or person it comes from")
    method = models.CharField("collected", max_length=10, choices=Method)
    collector = models.CharField(max_length=100, help_text="program or person that collected it")
    query = models.TextField("query or report", blank=True)
    period_from = models.DateField("period from", null=True, blank=True)
    period_to = models.DateField("period to", null=True, blank=True)
    collected_at = models.DateTimeField()
    collected_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    validated_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    validated_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField("expires", null=True, blank=True, help_text="after this day it is stale")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    file = TenantForeignKey(StoredFile, db_index=False, on_delete=models.PROTECT, related_name="evidence")
    revision = models.PositiveIntegerField(default=1)
    withdrawn_reason = models.TextField(blank=True)
    superseded_by = TenantForeignKey(
        "evidence.Evidence", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)

    WITHDRAW = Transition("evidence.withdraw", {"current", "superseded"}, "withdrawn", "evidence.write", "withdrawn")
    RESTORE = Transition("evidence.restore", {"withdrawn"}, "current", "evidence.write", "put back")
    RESTORE_SUPERSEDED = Transition("evidence.restore", {"withdrawn"}, "superseded", "evidence.write", "put back")
    SUPERSEDE = Transition("evidence.supersede", {"current"}, "superseded", "evidence.write", "superseded")
    REINSTATE = Transition("evidence.reinstate", {"superseded"}, "current", "evidence.write", "made current again")

    seen_within = Either(Lasting("period_from", "period_to"), At("collected_at"), Through("id", belonging))

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-collected_at"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "subject_id", "-collected_at"], name="evidence_subject"),
            models.Index(fields=["tenant", "collected_at", "id"], name="evidence_by_collection"),
            models.Index(fields=["tenant", "status", "expires_on"], name="evidence_expiry"),
            models.Index(fields=["tenant", "file"], name="evidence_file"),
            models.Index(fields=["tenant", "title", "id"], name="evidence_by_title"),
            models.Index(fields=["tenant", "expires_on", "id"], name="evidence_by_expiry"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="evidence_reference_unique"),
            models.CheckConstraint(condition=Q(status__in=["current", "superseded", "withdrawn"]), name="evidence_status"),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_to__isnull=True) | Q(period_from__lte=F("period_to")),
                name="evidence_period",
                violation_error_message="The period ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The item's page."""
        return reverse("evidence:detail", args=[self.pk])


class EvidenceRevision(TenantModel):
    """One revision of an item: its file and where it came from. Never changed."""

    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    collected_at = models.DateTimeField()
    collected_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    note = models.TextField(blank=True, help_text="why there is a new revision")
    made_at = models.DateTimeField(auto_now_add=True)

    seen_within = Through("evidence")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "evidence", "number"], name="evidence_revision_unique")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} ({self.number})"


class EvidenceLink(TenantModel):
    """Evidence belongs to a record of any area, named by kind and id."""

    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    seen_within = Through("evidence")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "object_id"], name="evidence_link_object")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "evidence", "kind", "object_id"],
                name="evidence_link_unique",
                violation_error_message="It is linked to this already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.name}"
