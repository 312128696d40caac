"""What somebody concluded of a vendor: before it is used, and again by its tier."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Member
from controls.models import Control
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from ui.components import Badge, Tone
from vendors.models.vendor import Vendor
from vendors.tiers import Risk

_TONES: dict[str, Tone] = {"acceptable": "ok", "conditions": "warn", "not_acceptable": "bad"}


class VendorReview(TenantModel):
    """One look at a vendor, as it was written: never changed. Residual risk below the inherent one names what lowers it."""

    class Kind(models.TextChoices):
        DUE_DILIGENCE = "due_diligence", "Due diligence"
        PERIODIC = "periodic", "Periodic review"
        EVENT = "event", "After something happened"

    class Conclusion(models.TextChoices):
        ACCEPTABLE = "acceptable", "Acceptable"
        CONDITIONS = "conditions", "Acceptable with conditions"
        NOT_ACCEPTABLE = "not_acceptable", "Not acceptable"

    vendor = TenantForeignKey(Vendor, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=13, choices=Kind)
    reviewed_on = models.DateField("reviewed on")
    reviewed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    summary = models.TextField("what was looked at and found", max_length=10_000)
    conclusion = models.CharField(max_length=14, choices=Conclusion)
    conditions = models.TextField(blank=True, max_length=4_000)
    inherent = models.CharField("inherent risk then", max_length=8, choices=Risk)
    residual = models.CharField("residual risk", max_length=8, choices=Risk)
    lowered_by = models.TextField("what lowers the risk", blank=True, max_length=4_000)

    seen_within = At("reviewed_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-reviewed_on", "-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["due_diligence", "periodic", "event"])
                & Q(conclusion__in=["acceptable", "conditions", "not_acceptable"]),
                name="vendor_review_words",
            ),
            models.CheckConstraint(condition=~Q(conclusion="conditions") | ~Q(conditions=""), name="vendor_review_conditions"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.reviewed_on:%-d %B %Y}"

    @property
    def conclusion_badge(self) -> Badge:
        """What was concluded."""
        return Badge(self.get_conclusion_display(), _TONES[self.conclusion])


class ReviewControl(TenantModel):
    """A control of ours that lowers the risk of a vendor, as a review names it."""

    review = TenantForeignKey(VendorReview, on_delete=models.PROTECT, related_name="controls")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="vendor_reviews")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "review", "control"], name="review_control_once")]

    def __str__(self) -> str:
        return str(self.control_id)
