"""Maintenance that was planned: what fails in it is no outage, and its time is counted apart."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from monitoring.models.check import EDITS, Check
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge
from workflow.transitions import Transition


class MaintenanceWindow(TenantModel):
    """A time that was announced before it began: from `starts_at` on, up to `ends_at`, not including it."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        CANCELLED = "cancelled", "Cancelled"

    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until")
    reason = models.TextField("what is done", max_length=2_000)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.PLANNED)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    CANCEL = Transition("maintenance.cancel", {"planned"}, "cancelled", EDITS, "cancelled")

    seen_within = Lasting("starts_at", "ends_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-starts_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "ends_at"], name="maintenance_ends")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["planned", "cancelled"]), name="maintenance_status"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="maintenance_forward",
                violation_error_message="The maintenance ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("monitoring:maintenance-detail", args=[self.pk])

    def badge_at(self, at: dt.datetime) -> Badge:
        """Where it stands at a moment, as a word in a tone."""
        if self.status == self.Status.CANCELLED:
            return Badge("Cancelled", "muted")
        if at >= self.ends_at:
            return Badge("Over", "muted")
        return Badge("Under way", "warn") if at >= self.starts_at else Badge("Planned", "info")


class MaintenanceCheck(TenantModel):
    """A check that maintenance is about; one without any is about all."""

    window = TenantForeignKey(MaintenanceWindow, on_delete=models.CASCADE, related_name="checks")
    check_of = TenantForeignKey(Check, on_delete=models.PROTECT, related_name="maintenance")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "window", "check_of"], name="maintenance_check_unique")
        ]

    def __str__(self) -> str:
        return f"{self.window}: {self.check_of}"
