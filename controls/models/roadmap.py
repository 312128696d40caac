"""The remediation roadmap of a period: five phases of tasks, made from a gap analysis and edited by people."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Control, Priority
from controls.models.gap import GapRun
from controls.models.period import AuditPeriod, known_criterion
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"open": "info", "done": "ok", "dropped": "muted"}


class Phase(models.IntegerChoices):
    """The phases, by the months after the roadmap begins."""

    CRITICAL = 1, "Months 1-2: critical gaps"
    HIGH = 2, "Months 3-4: high priority"
    MEDIUM = 3, "Months 5-6: medium and low priority"
    EVIDENCE = 4, "Months 7-9: evidence"
    AUDIT = 5, "Months 10-12: audit"


class Roadmap(TenantModel):
    """What has to be done until the audit of a period, from a day on."""

    period = TenantForeignKey(AuditPeriod, on_delete=models.PROTECT, related_name="roadmaps")
    run = TenantForeignKey(GapRun, on_delete=models.PROTECT, related_name="+", help_text="the latest it was made from")
    starts_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "period"], name="roadmap_unique")]

    def __str__(self) -> str:
        return f"Roadmap of {self.period}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"{reverse('controls:roadmap')}?period={self.period_id}"


class RoadmapTask(TenantModel):
    """One thing to do in a phase, for a gap or for the audit as such."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    roadmap = TenantForeignKey(Roadmap, on_delete=models.PROTECT, related_name="tasks")
    phase = models.PositiveSmallIntegerField(choices=Phase)
    key = models.CharField(max_length=60, blank=True, help_text="what it was made for, once; empty when added by hand")
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    control = TenantForeignKey(Control, null=True, blank=True, on_delete=models.PROTECT, related_name="roadmap_tasks")
    criterion = models.CharField(max_length=6, blank=True, validators=[known_criterion])
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.MEDIUM)
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="roadmap_tasks")
    due_on = models.DateField("due")
    status = models.CharField("state", max_length=8, choices=Status, default=Status.OPEN)
    done_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    reason = models.TextField("why it was dropped", blank=True)

    DONE = Transition("roadmap_task.done", {"open"}, "done", "occurrences.perform", "marked as done")
    DROP = Transition("roadmap_task.drop", {"open"}, "dropped", "controls.write", "dropped")
    REOPEN = Transition("roadmap_task.reopen", {"done", "dropped"}, "open", "controls.write", "opened again")

    seen_within = Through("roadmap")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["phase", "due_on", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "due_on"], name="roadmap_task_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "roadmap", "key"], condition=~Q(key=""), name="roadmap_task_unique"),
            models.CheckConstraint(condition=Q(status__in=["open", "done", "dropped"]), name="roadmap_task_status"),
            models.CheckConstraint(condition=Q(phase__gte=1, phase__lte=5), name="roadmap_task_phase"),
            models.CheckConstraint(condition=~Q(status="dropped") | ~Q(reason=""), name="roadmap_task_dropped"),
            models.CheckConstraint(condition=~Q(status="done") | Q(done_at__isnull=False), name="roadmap_task_done"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:roadmap-task", args=[self.pk])

    def is_late(self, today: dt.date) -> bool:
        """Whether it should be done and is not."""
        return self.status == self.Status.OPEN and self.due_on < today

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
