"""Gap analyses: dated snapshots of where a period stands. Written once, never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from controls.models.period import AuditPeriod
from evidence.models import Evidence, StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of


class GapRun(TenantModel):
    """One gap analysis: its few figures for lists, and the file that holds all of it."""

    reference = models.CharField("number", max_length=20)
    period = TenantForeignKey(AuditPeriod, on_delete=models.PROTECT, related_name="gap_runs")
    as_of = models.DateField()
    quarter = models.CharField(max_length=7, blank=True, help_text="such as 2026-Q4, when it was made by itself")
    implemented = models.PositiveIntegerField()
    in_scope = models.PositiveIntegerField()
    gaps = models.PositiveIntegerField()
    critical_gaps = models.PositiveIntegerField()
    inputs_digest = models.CharField("SHA-256 of its inputs", max_length=64)
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-made_at"], name="gap_run_latest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="gap_run_reference_unique"),
            models.UniqueConstraint(fields=["tenant", "quarter"], condition=~Q(quarter=""), name="gap_run_quarter_unique"),
            models.CheckConstraint(condition=Q(critical_gaps__lte=models.F("gaps")), name="gap_run_critical"),
            models.CheckConstraint(condition=Q(implemented__lte=models.F("in_scope")), name="gap_run_implemented"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:gap-detail", args=[self.pk])
