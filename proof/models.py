"""Checks of the trail, each kept as it came out."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone


class TrailCheck(TenantModel):
    """One check of the whole trail: what was read, and what was found. Never changed."""

    class Outcome(models.TextChoices):
        INTACT = "intact", "Intact"
        BROKEN = "broken", "Broken"
        NOT_EVALUABLE = "not_evaluable", "Could not be evaluated"

    reference = models.CharField(max_length=20)
    at = models.DateTimeField("as of")
    finished_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # null: by itself
    outcome = models.CharField(max_length=13, choices=Outcome)
    events = models.BigIntegerField()
    heads = models.BigIntegerField()
    root = models.CharField(max_length=64, blank=True)  # of the last head, in hex
    found = models.BigIntegerField("faults")
    faults = models.JSONField(default=list)  # the first of them: kind, words, event, position, head
    notes = models.JSONField(default=list)
    unasked = models.JSONField(default=list)
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-at"], name="proof_check_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="proof_check_reference"),
            models.CheckConstraint(condition=Q(outcome__in=["intact", "broken", "not_evaluable"]), name="proof_check_outcome"),
            models.CheckConstraint(condition=~Q(outcome="intact") | Q(found=0, unasked=[]), name="proof_check_intact"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("proof:check", args=[self.pk])

    @property
    def outcome_badge(self) -> Badge:
        """How it came out."""
        return Badge(self.get_outcome_display(), _TONES[self.outcome])

    @property
    def first(self) -> dict[str, Any] | None:
        """The first fault."""
        return self.faults[0] if self.faults else None


_TONES: dict[str, Tone] = {"intact": "ok", "broken": "bad", "not_evaluable": "warn"}
