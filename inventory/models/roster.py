"""Roster imports: a file, how it was read, and what became of it. Leaving the page loses nothing."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import Member
from evidence.models import StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from workflow.transitions import Transition


class RosterImport(TenantModel):
    """One uploaded roster. `plan_digest` binds what is applied to what was previewed."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Columns to be checked"
        READY = "ready", "Ready to apply"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        DISCARDED = "discarded", "Discarded"

    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.DRAFT)
    mapping = models.JSONField(default=dict, blank=True)
    full_roster = models.BooleanField("the file lists everybody who works here", default=True)
    counts = models.JSONField(default=dict, blank=True)
    plan_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the previewed changes")
    created_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    PREPARE = Transition("roster.preview", {"draft", "ready"}, "ready", "people.write", "previewed")
    START = Transition("roster.start", {"ready"}, "applying", "people.write", "applied")
    RETURN = Transition("roster.return", {"applying"}, "ready", "people.write", "taken back")
    APPLY = Transition("roster.apply", {"ready", "applying"}, "applied", "people.write", "applied")
    DISCARD = Transition("roster.discard", {"draft", "ready"}, "discarded", "people.write", "discarded")

    seen_within = At("created_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "ready", "applying", "applied", "discarded"]), name="roster_import_status"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page: the columns while it is a draft, the preview afterwards."""
        return reverse("inventory:roster-detail", args=[self.pk])
