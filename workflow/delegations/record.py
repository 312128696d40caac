"""The row of a delegation. Rows are kept: they say for good who had something in their care."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from accounts.models import Member
from accounts.permissions import HOME
from tenancy.models import TenantModel
from workflow.transitions import Transition


class Delegation(TenantModel):
    """One record in the care of a guardian, until a day that is included. `grants`: what they may do with it."""

    class Status(models.TextChoices):
        GIVEN = "given", "In force"
        ENDED = "ended", "Ended early"
        EXPIRED = "expired", "Over"

    kind = models.CharField("what kind of record", max_length=30)
    subject_id = models.UUIDField("the record")
    subject = models.CharField("what is handed over", max_length=240)
    guardian = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    grants = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    until = models.DateField("until, that day included")
    reason = models.CharField(max_length=500)
    given_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.GIVEN)
    ended_at = models.DateTimeField(null=True, blank=True)

    END = Transition("delegation.end", {"given"}, "ended", HOME, "ended")
    EXPIRE = Transition("delegation.expire", {"given"}, "expired", HOME, "ended")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-given_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "guardian", "status"], name="delegation_guardian")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "subject_id"],
                condition=models.Q(status="given"),
                name="delegation_once",
                violation_error_message="It is in somebody's care already.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["given", "ended", "expired"]), name="delegation_status"),
            models.CheckConstraint(condition=~models.Q(guardian=models.F("given_by")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} in the care of {self.guardian.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("workflow:delegation", args=[self.pk])
