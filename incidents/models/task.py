"""What is to be done because of an incident, and what it has to do with other records."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from incidents.models.incident import Incident
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"open": "warn", "done": "ok", "cancelled": "muted"}


class IncidentTask(TenantModel):
    """Something to be done by somebody by a day: to end the incident, or so that it does not happen again."""

    class Kind(models.TextChoices):
        TASK = "task", "Task"
        PREVENTIVE = "preventive", "Preventive measure"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TASK)
    title = models.CharField("what is to be done", max_length=300)
    details = models.TextField(blank=True, max_length=5_000)
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="incident_tasks")
    due_on = models.DateField("due")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.OPEN)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField("what was done, or why not", blank=True, max_length=5_000)

    FINISH = Transition("incident_task.finish", {"open"}, "done", "incidents.work", "marked as done")
    CANCEL = Transition("incident_task.cancel", {"open"}, "cancelled", "incidents.work", "cancelled")
    REOPEN = Transition("incident_task.reopen", {"done", "cancelled"}, "open", "incidents.work", "opened again")

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "added_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "incident", "status"], name="incident_task_of"),
            models.Index(fields=["tenant", "owner", "status", "due_on"], name="incident_task_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["task", "preventive"]), name="incident_task_kind"),
            models.CheckConstraint(condition=Q(status__in=["open", "done", "cancelled"]), name="incident_task_status"),
            models.CheckConstraint(condition=Q(status="open") | Q(ended_at__isnull=False), name="incident_task_ended_when"),
            models.CheckConstraint(condition=~Q(status="cancelled") | ~Q(outcome=""), name="incident_task_cancelled_with_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place on the page of its incident."""
        return f"{reverse('incidents:detail', args=[self.incident_id])}#tasks"

    def is_late(self, today: dt.date) -> bool:
        """Whether its day has passed and nobody has ended it."""
        return self.status == self.Status.OPEN and self.due_on < today

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class IncidentLink(TenantModel):
    """Another record that an incident has to do with: a change, a finding, a control, another incident."""

    class Status(models.TextChoices):
        LINKED = "linked", "Linked"
        REMOVED = "removed", "Removed"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=30)  # of incidents.links.registry
    target = models.UUIDField()
    label = models.CharField(max_length=300)  # how the record was called then
    note = models.CharField("what it has to do with it", max_length=500, blank=True)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.LINKED)
    linked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    REMOVE = Transition("incident_link.remove", {"linked"}, "removed", "incidents.work", "removed")

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["linked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "kind", "target"], name="incident_link_target"),
            models.Index(fields=["tenant", "incident", "status"], name="incident_link_of"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "incident", "kind", "target"], condition=Q(status="linked"), name="incident_link_unique"
            ),
            models.CheckConstraint(condition=Q(status__in=["linked", "removed"]), name="incident_link_status"),
        ]

    def __str__(self) -> str:
        return f"{self.label} with {self.incident}"
