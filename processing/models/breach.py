"""A span in which too little of what a schema's documents went through succeeded."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from incidents.models import SecurityEvent
from processing.models.schema import WRITE, ProcessingSchema
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge
from workflow.transitions import Transition


class ProcessingBreach(TenantModel):
    """One fall below a schema's threshold: told once, over when the rate is back or the threshold was taken away."""

    class Status(models.TextChoices):
        OPEN = "open", "Below the threshold"
        OVER = "over", "Over"

    schema = TenantForeignKey(ProcessingSchema, on_delete=models.PROTECT, related_name="breaches")
    began_at = models.DateTimeField("noticed")
    hours = models.PositiveSmallIntegerField("over the last hours")
    records = models.PositiveIntegerField()
    succeeded = models.PositiveIntegerField()
    threshold = models.DecimalField("threshold in percent", max_digits=5, decimal_places=2)
    event = TenantForeignKey(SecurityEvent, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("state", max_length=4, choices=Status, default=Status.OPEN)
    over_at = models.DateTimeField(null=True)

    END = Transition("processing_breach.end", {"open"}, "over", WRITE, "over")

    seen_within = Lasting("began_at", "over_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-began_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "schema"], condition=Q(status="open"), name="processing_breach_one"),
            models.CheckConstraint(condition=Q(status__in=["open", "over"]), name="processing_breach_status"),
        ]

    def __str__(self) -> str:
        return f"{self.schema.key} below {self.threshold_words} %"

    @property
    def threshold_words(self) -> str:
        """Without idle zeros."""
        return f"{self.threshold.normalize():f}"

    @property
    def status_badge(self) -> Badge:
        """Whether it lasts."""
        return Badge(self.get_status_display(), "bad" if self.status == self.Status.OPEN else "ok")
