"""What checks have found: results as long as they are kept, hours for good, and the spans of one state of health."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from monitoring.models.check import Check, Health
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At

OUTCOMES = list(Health.values)  # unknown: the look could not be made


class CheckResult(TenantModel):
    """One look, or one call. Kept for some weeks; hours and spans stay."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment] # many of them: small and in order
    check_of = TenantForeignKey(Check, on_delete=models.PROTECT, related_name="results")
    due_at = models.DateTimeField()  # when it had to be; two runners that do the same leave one row
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Health)
    duration_ms = models.PositiveIntegerField(null=True)
    value = models.FloatField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    in_maintenance = models.BooleanField(default=False)

    seen_within = At("started_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-due_at"]
        indexes: ClassVar = [BrinIndex(fields=["due_at"], name="check_result_due", autosummarize=True)]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "check_of", "due_at"], name="check_result_once"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="check_result_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of} at {self.due_at:%Y-%m-%d %H:%M:%S}"


class CheckHour(TenantModel):
    """The results of one hour (UTC) in a few numbers."""

    check_of = TenantForeignKey(Check, on_delete=models.PROTECT, related_name="hours")
    hour = models.DateTimeField()
    results = models.PositiveIntegerField(default=0)
    degraded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    timed = models.PositiveIntegerField("results with a duration", default=0)
    total_ms = models.PositiveBigIntegerField(default=0)
    max_ms = models.PositiveIntegerField(default=0)
    bins = ArrayField(models.PositiveSmallIntegerField(), default=list)  # of monitoring.checking.sketch: those that hold any
    counts = ArrayField(models.PositiveIntegerField(), default=list)  # how many durations each of them holds

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["hour"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "check_of", "hour"], name="check_hour_once")]

    def __str__(self) -> str:
        return f"{self.check_of}, {self.hour:%Y-%m-%d %H}"


class CheckSpan(TenantModel):
    """A time in which a check was known to be in one state, or was paused. Where there is none, nothing is known."""

    class State(models.TextChoices):
        HEALTHY = "healthy", "Healthy"
        DEGRADED = "degraded", "Degraded"
        DOWN = "down", "Down"
        PAUSED = "paused", "Paused"

    check_of = TenantForeignKey(Check, on_delete=models.PROTECT, related_name="spans")
    state = models.CharField(max_length=8, choices=State)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)  # none while paused

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["from_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "check_of", "until_at"], name="check_span_until")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "check_of", "from_at"], name="check_span_once"),
            models.CheckConstraint(condition=Q(state__in=["healthy", "degraded", "down", "paused"]), name="check_span_state"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="check_span_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.get_state_display().lower()}"
