"""What follows from the facts of a control in a period. Derived: nobody sets it, and it may be made again at any time."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from controls.models.control import Control
from controls.models.period import AuditPeriod
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of
from ui.components import Badge, Tone


class Design(models.TextChoices):
    """Whether the control is in place."""

    IMPLEMENTED = "implemented", "Implemented"
    PARTIAL = "partial", "Partly in place"
    MISSING = "missing", "Missing"
    NOT_EVALUABLE = "not_evaluable", "Could not be evaluated"


class Operation(models.TextChoices):
    """Whether it worked in the period."""

    NO_DEVIATIONS = "no_deviations", "No deviations"
    DEVIATIONS = "deviations", "Deviations"
    NOT_TESTED = "not_tested", "Not tested"
    NOT_YET_DUE = "not_yet_due", "Not yet due"
    DID_NOT_OCCUR = "did_not_occur", "Did not occur"


class Reason(models.TextChoices):
    """Why a control is not better than it is."""

    NO_OWNER = "no_owner", "Nobody owns it"
    NO_POLICY = "no_policy", "No policy documents it"
    NO_TECHNICAL = "no_technical", "Nothing shows how it is implemented"
    NO_MONITORING = "no_monitoring", "Nothing shows that it is monitored"
    NO_EVIDENCE = "no_evidence", "No evidence from the period"
    DESIGN_ONLY = "design_only", "Evidence of its design only"
    STALE = "stale", "Its evidence is out of date"
    FAILED_TEST = "failed_test", "Its last test failed"
    PARTIAL_TEST = "partial_test", "Its last test passed in part"
    NOT_EVALUATED = "not_evaluated", "Its latest test could not be evaluated"
    FILE_DAMAGED = "file_damaged", "A file of its evidence is missing, altered or unreadable"
    MISSED = "missed", "An occurrence was missed"
    LATE = "late", "An occurrence was late"
    NOT_TESTED = "not_tested", "Not tested in the period"


_DESIGN: dict[str, Tone] = {"implemented": "ok", "partial": "warn", "missing": "bad", "not_evaluable": "warn"}
_OPERATION: dict[str, Tone] = {
    "no_deviations": "ok",
    "deviations": "bad",
    "not_tested": "warn",
    "not_yet_due": "muted",
    "did_not_occur": "muted",
}


class ControlState(TenantModel):
    """The two axes of one control in one period as of a day, with reasons; kept so that lists can filter by it.

    `controls.status.keep` makes it in the transaction of whatever changes a fact, and every day.
    """

    period = TenantForeignKey(AuditPeriod, on_delete=models.CASCADE, related_name="states")
    control = TenantForeignKey(Control, on_delete=models.CASCADE, related_name="states")
    as_of = models.DateField()
    in_scope = models.BooleanField()
    design = models.CharField(max_length=14, choices=Design)
    operation = models.CharField(max_length=14, choices=Operation)
    reasons = ArrayField(models.CharField(max_length=16, choices=Reason), default=list)
    evidence_count = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0, help_text="occurrences of the period that are over or due")
    on_time = models.PositiveIntegerField(default=0)
    last_tested_on = models.DateField(null=True)
    next_due_on = models.DateField("next due", null=True)

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["tenant", "period", "design"], name="control_state_design"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "period", "control"], name="control_state_unique")]

    def __str__(self) -> str:
        return f"{self.control.code}: {self.get_design_display()}, {self.get_operation_display()}"

    @property
    def design_badge(self) -> Badge:
        """The first axis."""
        return Badge(self.get_design_display(), _DESIGN[self.design])

    @property
    def operation_badge(self) -> Badge:
        """The second."""
        return Badge(self.get_operation_display(), _OPERATION[self.operation])

    @property
    def reason_words(self) -> list[str]:
        """The reasons, as sentences without a full stop."""
        return [str(Reason(reason).label) for reason in self.reasons]
