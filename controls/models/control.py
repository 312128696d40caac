"""A control, what it answers, when it is due, and the evidence for each of its legs."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from controls.models.period import known_criterion
from evidence.models import Evidence
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge
from workflow.transitions import Transition


class Leg(models.TextChoices):
    """What a control stands on."""

    POLICY = "policy", "Documented policy"
    TECHNICAL = "technical", "Technical implementation"
    OPERATION = "operation", "Evidence of operation"
    MONITORING = "monitoring", "Monitoring or alerting"


class Cadence(models.TextChoices):
    """When a control is performed."""

    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"
    QUARTERLY = "quarterly", "Quarterly"
    HALF_YEARLY = "half_yearly", "Half-yearly"
    YEARLY = "yearly", "Yearly"
    PER_EVENT = "per_event", "Per event"
    CONTINUOUS = "continuous", "Continuous"


class Priority(models.TextChoices):
    """How urgent a gap in this control is."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


def all_legs() -> list[str]:
    """Every leg."""
    return [leg.value for leg in Leg]


class Control(TenantModel):
    """What the organization does so that a criterion is met. Its status is derived, never set."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In service"
        RETIRED = "retired", "Retired"

    code = models.CharField("control", max_length=20, help_text="such as AC-001")
    title = models.CharField(max_length=200)
    objective = models.TextField(blank=True)
    operation = models.TextField("how it operates", blank=True)
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="controls")
    owner_role = models.CharField(max_length=120, blank=True)
    cadence = models.CharField("frequency", max_length=12, choices=Cadence)
    population = models.CharField(max_length=40, blank=True, help_text="what its events are, when it runs per event")
    grace_days = models.PositiveSmallIntegerField(default=0, help_text="days after the end of an interval that are still on time")
    in_scope_since = models.DateField("in scope since")
    retired_on = models.DateField(null=True, blank=True)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.ACTIVE)
    evidence_expected = models.TextField(blank=True)
    test_procedure = models.TextField("how it is tested", blank=True)
    instructions = models.TextField("what to do when it is due", blank=True)
    legs = ArrayField(models.CharField(max_length=10, choices=Leg), default=all_legs, help_text="what it needs to stand on")
    legs_reason = models.TextField("why a leg is not needed", blank=True)
    priority = models.CharField("priority of a gap", max_length=8, choices=Priority, default=Priority.MEDIUM)
    library_key = models.CharField(max_length=20, blank=True, help_text="starter control it was adopted from")
    created_at = models.DateTimeField(auto_now_add=True)

    RETIRE = Transition("control.retire", {"active"}, "retired", "controls.write", "retired")
    RESTORE = Transition("control.restore", {"retired"}, "active", "controls.write", "put back into service")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "code"],
                name="control_code_unique",
                violation_error_message="There is a control with this code already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="control_status"),
            models.CheckConstraint(condition=Q(status="active") | Q(retired_on__isnull=False), name="control_retired_on"),
            models.CheckConstraint(
                condition=~Q(cadence="per_event") | ~Q(population=""),
                name="control_population",
                violation_error_message="Say what its events are.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Whether it is in service."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")


class CadenceChange(TenantModel):
    """From which day a control has which cadence. The first row is from the day it came into scope."""

    control = TenantForeignKey(Control, on_delete=models.CASCADE, related_name="cadences")
    from_date = models.DateField()
    cadence = models.CharField(max_length=12, choices=Cadence)
    population = models.CharField(max_length=40, blank=True)
    grace_days = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["from_date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "control", "from_date"], name="cadence_change_unique")]

    def __str__(self) -> str:
        return f"{self.control} {self.get_cadence_display()} from {self.from_date}"


class ControlCriterion(TenantModel):
    """A criterion that a control answers, and how."""

    control = TenantForeignKey(Control, on_delete=models.CASCADE, related_name="answers")
    criterion = models.CharField(max_length=6, validators=[known_criterion])
    note = models.TextField(blank=True, help_text="how the control answers it")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["criterion"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "control", "criterion"], name="control_criterion_unique")
        ]

    def __str__(self) -> str:
        return f"{self.control}: {self.criterion}"


class ControlSystem(TenantModel):
    """A system that a control covers."""

    control = TenantForeignKey(Control, on_delete=models.CASCADE, related_name="covers")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="controls")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "control", "system"], name="control_system_unique")]

    def __str__(self) -> str:
        return f"{self.control}: {self.system}"


class ControlEvidence(TenantModel):
    """Evidence for one leg of a control, for one of its occurrences where it shows the control at work."""

    class Status(models.TextChoices):
        LINKED = "linked", "Linked"
        REMOVED = "removed", "Removed"

    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="proofs", db_index=False)
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="controls")
    leg = models.CharField(max_length=10, choices=Leg)
    occurrence = TenantForeignKey("controls.Occurrence", null=True, blank=True, on_delete=models.PROTECT, related_name="proofs")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.LINKED)
    note = models.TextField(blank=True)
    linked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    REMOVE = Transition("control_evidence.remove", {"linked"}, "removed", "evidence.write", "removed")

    seen_within = Through("evidence")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "control", "leg"], name="control_evidence_leg")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "control", "evidence", "leg", "occurrence"],
                condition=Q(status="linked"),
                nulls_distinct=False,
                name="control_evidence_unique",
            ),
            models.CheckConstraint(condition=Q(status__in=["linked", "removed"]), name="control_evidence_status"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} for {self.control}"
