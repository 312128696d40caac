"""Proof that what is lost comes back: tests of recovery, and reviews of capacity."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from ui.components import Badge


class RecoveryTest(TenantModel):
    """One test: what was restored or taken over, how long that took, and how much was lost, against what was promised."""

    class Kind(models.TextChoices):
        RESTORE = "restore", "Restore from a backup"
        FAILOVER = "failover", "Fail-over"
        POINT = "point", "Restore to a point in time"

    # `passed` as a condition of the database.
    WORKED: ClassVar[Q] = Q(works=True, rto_minutes__lte=F("rto_target_minutes"), rpo_minutes__lte=F("rpo_target_minutes"))

    reference = models.CharField("number", max_length=20)
    kind = models.CharField(max_length=8, choices=Kind)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="recovery_tests")
    what = models.CharField("what was restored", max_length=200)
    tested_on = models.DateField()
    tested_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    works = models.BooleanField("what came back was checked and works", default=True)
    rto_target_minutes = models.PositiveIntegerField("recovery time, target")
    rto_minutes = models.PositiveIntegerField("recovery time, achieved", null=True, blank=True)  # none: it did not come back
    rpo_target_minutes = models.PositiveIntegerField("data lost, target")
    rpo_minutes = models.PositiveIntegerField("data lost, achieved", null=True, blank=True)
    notes = models.TextField("what was learned", blank=True, max_length=10_000)
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="recovery_tests")
    recorded_at = models.DateTimeField()

    seen_within = At("tested_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-tested_on", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-tested_on"], name="recovery_test_on")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="recovery_test_reference_unique"),
            models.CheckConstraint(condition=Q(kind__in=["restore", "failover", "point"]), name="recovery_test_kind"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("monitoring:recovery-detail", args=[self.pk])

    @property
    def met_rto(self) -> bool:
        """Whether it came back in time."""
        return self.rto_minutes is not None and self.rto_minutes <= self.rto_target_minutes

    @property
    def met_rpo(self) -> bool:
        """Whether no more was lost than was promised."""
        return self.rpo_minutes is not None and self.rpo_minutes <= self.rpo_target_minutes

    @property
    def passed(self) -> bool:
        """Whether it worked, in time, without losing too much."""
        return self.works and self.met_rto and self.met_rpo

    @property
    def result_badge(self) -> Badge:
        """What came of it, as a word in a tone."""
        if self.passed:
            return Badge("Passed", "ok")
        if not self.works or self.rto_minutes is None:
            return Badge("Failed", "bad")
        return Badge("Target missed", "warn")


class CapacityReview(TenantModel):
    """A quarter's look at capacity: what is used, what will be, and what is done about it."""

    reference = models.CharField("number", max_length=20)
    quarter_starts_on = models.DateField("quarter")
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    findings = models.TextField("what is used, and how it grows", max_length=10_000)
    measures = models.TextField("what is done about it", blank=True, max_length=10_000)
    enough = models.BooleanField("capacity is enough for the coming quarter", default=True)
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="capacity_reviews")
    recorded_at = models.DateTimeField()

    seen_within = At("reviewed_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-reviewed_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="capacity_review_reference_unique"),
            models.CheckConstraint(condition=Q(enough=True) | ~Q(measures=""), name="capacity_review_measures"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("monitoring:capacity-detail", args=[self.pk])

    @property
    def quarter(self) -> str:
        """Such as Q3 2026."""
        day: dt.date = self.quarter_starts_on
        return f"Q{(day.month + 2) // 3} {day.year}"

    @property
    def result_badge(self) -> Badge:
        """What came of it, as a word in a tone."""
        return Badge("Enough", "ok") if self.enough else Badge("Not enough", "warn")
