"""An API key of a vendor: that there is one, where it is kept, whose it is. Never the key."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge
from vendors.models.vendor import Vendor
from workflow.transitions import Transition

QUARTER = 92


class VendorKey(TenantModel):
    """A key by its name. It is to be rotated at least each quarter; who looks where it is kept is noted in the trail."""

    cared_with = "vendor_id"

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Revoked"

    vendor = TenantForeignKey(Vendor, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=120, help_text="What it is called there and here. Never the key itself.")
    used_for = models.CharField("what it is used for", max_length=300, blank=True)
    kept_in = models.CharField("where it is kept", max_length=300, help_text="Such as the entry in the secrets manager.")
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="vendor_keys")
    rotated_on = models.DateField("last rotated")
    every_days = models.PositiveSmallIntegerField("rotate after days", default=90)
    due_on = models.DateField("rotate by")
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)

    RETIRE = Transition("vendor_key.retire", {"active"}, "retired", "vendors.write", "revoked")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "name"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "due_on"], name="vendor_key_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "vendor", "name"],
                name="vendor_key_name",
                violation_error_message="There is a key of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="vendor_key_status"),
            models.CheckConstraint(condition=Q(every_days__gte=1, every_days__lte=QUARTER), name="vendor_key_quarterly"),
            models.CheckConstraint(condition=Q(due_on__gt=F("rotated_on")), name="vendor_key_due_after"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:key-detail", args=[self.pk])

    def save(self, *args: object, **kwargs: object) -> None:
        """When it is due follows from when it was rotated."""
        self.due_on = self.rotated_on + dt.timedelta(days=self.every_days)
        super().save(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came

    @property
    def status_badge(self) -> Badge:
        """Whether it is in use."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")
