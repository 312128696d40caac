"""Whom an incident is told, step by step, until somebody has acknowledged it; and what was told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from incidents.models.incident import Incident, Kind
from incidents.models.oncall import RUN
from incidents.models.severity import Severity
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"running": "warn", "acknowledged": "ok", "ended": "muted", "unheard": "bad"}


class EscalationPolicy(TenantModel):
    """Which incidents are told step by step, and to whom."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    severities = ArrayField(models.CharField(max_length=8, choices=Severity), default=list)
    kinds = ArrayField(models.CharField(max_length=12, choices=Kind), default=list, blank=True)  # none: every kind
    repeats = models.PositiveSmallIntegerField("times it begins again", default=2)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    RETIRE = Transition("escalation_policy.retire", {"active"}, "retired", RUN, "retired")
    RESTORE = Transition("escalation_policy.restore", {"retired"}, "active", RUN, "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        verbose_name_plural = "escalation policies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="escalation_policy_name_unique",
                violation_error_message="There is a policy of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="escalation_policy_status"),
            models.CheckConstraint(condition=Q(repeats__lte=10), name="escalation_policy_repeats"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:policy-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")


class EscalationStep(TenantModel):
    """Whom a policy tells at once, and how long it then waits. A target: team, schedule:<id>, member:<id> or channel:<id>."""

    policy = TenantForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField("minutes until the next step", default=10)
    targets = ArrayField(models.CharField(max_length=60))

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "position"], name="escalation_step_unique", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="escalation_step_minutes"),
        ]

    def __str__(self) -> str:
        return f"Step {self.position} of {self.policy}"


class Escalation(TenantModel):
    """An incident being told. The steps are those of the policy when it began, whatever becomes of the policy."""

    class Status(models.TextChoices):
        RUNNING = "running", "Telling"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ENDED = "ended", "Ended"
        UNHEARD = "unheard", "Nobody acknowledged"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="escalations")
    policy = TenantForeignKey(
        EscalationPolicy, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: what holds without one
    steps = models.JSONField()  # [{"minutes": 10, "targets": ["team"]}]
    rounds = models.PositiveSmallIntegerField()
    status = models.CharField("state", max_length=12, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)  # of what is told next
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # when that is
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    ACKNOWLEDGE = Transition("escalation.acknowledge", {"running"}, "acknowledged", "incidents.work", "acknowledged")
    END = Transition("escalation.end", {"running"}, "ended", "incidents.work", "ended")
    GIVE_UP = Transition("escalation.give_up", {"running"}, "unheard", "incidents.work", "given up")

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "due_at"], condition=Q(status="running"), name="escalation_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "incident"], condition=Q(status="running"), name="escalation_one_running"),
            models.CheckConstraint(
                condition=Q(status__in=["running", "acknowledged", "ended", "unheard"]), name="escalation_status"
            ),
            models.CheckConstraint(condition=Q(status="running") | Q(ended_at__isnull=False), name="escalation_ended_when"),
        ]

    def __str__(self) -> str:
        return f"Escalation of {self.incident}"

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class EscalationNotice(TenantModel):
    """Somebody, or a channel, was told at a step: once. Never changed."""

    escalation = TenantForeignKey(Escalation, on_delete=models.PROTECT, related_name="notices")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    target = models.CharField(max_length=60)  # "member:<id>" or "channel:<id>": whoever the step's targets led to
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    told_as = models.CharField(max_length=200)  # the name then, and why it was they
    told_at = models.DateTimeField()

    seen_within = Through("escalation")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["told_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "escalation", "round", "step", "target"], name="escalation_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.told_as}, {self.escalation}"
