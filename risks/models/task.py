"""What is to be done about a risk."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Person
from risks.models.risk import Risk
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"open": "warn", "done": "ok", "cancelled": "muted"}


class RiskTask(TenantModel):
    """A part of a risk's treatment: what, by whom, by when, and what came of it."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    risk = TenantForeignKey(Risk, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField("what is to be done", max_length=300)
    owner = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="risk_tasks")
    due_on = models.DateField("due")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.OPEN)
    outcome = models.TextField("what was done, or why not", blank=True, max_length=5_000)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    FINISH = Transition("risk_task.finish", {"open"}, "done", "home.read", "marked as done")
    CANCEL = Transition("risk_task.cancel", {"open"}, "cancelled", "home.read", "cancelled")
    REOPEN = Transition("risk_task.reopen", {"done", "cancelled"}, "open", "home.read", "opened again")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "added_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "risk", "status"], name="risk_task_of"),
            models.Index(fields=["tenant", "owner", "status", "due_on"], name="risk_task_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["open", "done", "cancelled"]), name="risk_task_status"),
            models.CheckConstraint(
                condition=Q(status="open") | (Q(ended_at__isnull=False) & ~Q(outcome="")), name="risk_task_ended_with_words"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place on the page of its risk."""
        return f"{reverse('risks:detail', args=[self.risk_id])}#tasks"

    def is_late(self, today: dt.date) -> bool:
        """Whether its day has passed and nobody has ended it."""
        return self.status == self.Status.OPEN and self.due_on < today

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
