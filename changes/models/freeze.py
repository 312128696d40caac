"""Times in which nothing is to be changed, and the changes that were let through all the same."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from changes.models.change import Change
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting, Through
from ui.components import Badge
from ui.values import exact
from workflow.transitions import Transition


class FreezeWindow(TenantModel):
    """A time in which some systems, or all, are not to be changed: from `starts_at` on, up to `ends_at`, not including it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In the calendar"
        CANCELLED = "cancelled", "Cancelled"

    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until")
    reason = models.TextField("why nothing is to be changed", max_length=2_000)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.ACTIVE)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()  # it holds nothing before
    cancelled_at = models.DateTimeField(null=True)  # nor from then on; empty while it is in the calendar

    CANCEL = Transition("freeze.cancel", {"active"}, "cancelled", "changes.write", "cancelled")
    RESTORE = Transition("freeze.restore", {"cancelled"}, "active", "changes.write", "put back into the calendar")

    seen_within = Lasting("starts_at", "ends_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "ends_at"], name="freeze_ends")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["active", "cancelled"]), name="freeze_status"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="freeze_forward",
                violation_error_message="The freeze ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:freeze-detail", args=[self.pk])

    @property
    def end_words(self) -> str:
        """When it ends, in the organization's zone."""
        return exact(self.ends_at)

    def badge_at(self, at: dt.datetime) -> Badge:
        """Where it stands at a moment, as a word in a tone."""
        if self.status == self.Status.CANCELLED:
            return Badge("Cancelled", "muted")
        if at >= self.ends_at:
            return Badge("Over", "muted")
        return Badge("In force", "warn") if at >= self.starts_at else Badge("Ahead", "info")


class FreezeSystem(TenantModel):
    """A system that a freeze is about; a freeze without any is about all."""

    freeze = TenantForeignKey(FreezeWindow, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="freezes")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "freeze", "system"], name="freeze_system_unique")]

    def __str__(self) -> str:
        return f"{self.freeze}: {self.system}"


class ChangeFreezeOverride(TenantModel):
    """A change that may go all the same. It holds for the window that the change had then: who moves it asks again."""

    class Status(models.TextChoices):
        GIVEN = "given", "Given"
        WITHDRAWN = "withdrawn", "Withdrawn"

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="freeze_overrides")
    freeze = TenantForeignKey(FreezeWindow, on_delete=models.PROTECT, related_name="overrides")
    reason = models.TextField(max_length=2_000)
    window_from = models.DateTimeField(null=True)  # of the change, then
    window_until = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # who raised the change
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.GIVEN)

    WITHDRAW = Transition("freeze_override.withdraw", {"given"}, "withdrawn", "changes.write", "withdrawn")

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["given_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "change", "freeze"], condition=Q(status="given"), name="freeze_override_unique"
            ),
            models.CheckConstraint(condition=Q(status__in=["given", "withdrawn"]), name="freeze_override_status"),
            models.CheckConstraint(condition=~Q(reason=""), name="freeze_override_why"),
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | Q(requested_by__isnull=True) | ~Q(given_by=F("requested_by")),
                name="freeze_override_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} during {self.freeze}"
