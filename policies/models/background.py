"""The register of background checks: that somebody was checked, when and by whom; how it came out is sealed."""

import json
import uuid
from typing import ClassVar, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from accounts.sealing import KeyDestroyed, seal, unseal
from controls.models import Finding
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from ui.components import Badge, Tone
from workflow.transitions import Transition

WRITE = "background_checks.write"
LABEL = "policies.background_check.outcome"
UNREADABLE = "unreadable"  # in place of an outcome whose key was destroyed
DESTROYED = "Cannot be read: its key was destroyed."
BLOCK = 512  # bytes: a sealed outcome is as long as another, or its length would tell
_TONES: dict[str, Tone] = {"clear": "ok", "accepted": "warn", "failed": "bad"}


class BackgroundRule(TenantModel):
    """From which day on nobody gets access before their background check. One for the organization, or none yet."""

    since = models.DateField("who gets access from this day on")
    contractors = models.BooleanField("contractors too", default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="background_rule_unique")]

    def __str__(self) -> str:
        return "Background checks before access"


class BackgroundCheck(TenantModel):
    """Somebody was checked. One that was wrong is withdrawn, and stays."""

    class Outcome(models.TextChoices):
        CLEAR = "clear", "Nothing found"
        ACCEPTED = "accepted", "Something found, and accepted"
        FAILED = "failed", "Not passed"

    class Status(models.TextChoices):
        CURRENT = "current", "Recorded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="background_checks")
    checked_on = models.DateField("checked")
    provider = models.CharField("who checked", max_length=200)
    sealed = models.TextField(editable=False)  # outcome and note, as `put` seals them
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.CURRENT)
    withdrawn_reason = models.TextField("why it was withdrawn", blank=True, max_length=2_000)

    WITHDRAW = Transition("background_check.withdraw", {"current"}, "withdrawn", WRITE, "withdrawn")

    seen_within = At("checked_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-checked_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-checked_on", "-id"], name="background_check_day"),
            models.Index(fields=["tenant", "person", "checked_on"], name="background_check_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "person", "provider", "checked_on"],
                condition=Q(status="current"),
                name="background_check_unique",
                violation_error_message="This is recorded already: the same provider on the same day.",
            ),
            models.CheckConstraint(condition=Q(status__in=["current", "withdrawn"]), name="background_check_status"),
            models.CheckConstraint(condition=Q(sealed__startswith="v1|"), name="background_check_sealed"),
            models.CheckConstraint(
                condition=Q(status="current") | ~Q(withdrawn_reason=""), name="background_check_withdrawn_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Background check of {self.person.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:background-check", args=[self.pk])

    def put(self, outcome: str, note: str) -> None:
        """Seal how it came out, for this row alone."""
        said = json.dumps({"outcome": str(outcome), "note": note}).encode()
        padded = said.ljust(-(-len(said) // BLOCK) * BLOCK)
        self.sealed = seal(padded, label=LABEL, row_id=self.pk, tenant_id=cast("uuid.UUID", self.tenant_id))

    def told(self) -> tuple[str, str]:
        """How it came out, and the note; that it is unreadable, where the key was destroyed. Raises SealingError otherwise."""
        try:
            said = json.loads(unseal(self.sealed, label=LABEL, row_id=self.pk, tenant_id=cast("uuid.UUID", self.tenant_id)))
        except KeyDestroyed:
            return UNREADABLE, DESTROYED
        return said["outcome"], said["note"]

    @property
    def outcome(self) -> str:
        """One of Outcome, or UNREADABLE. Raises SealingError."""
        return self.told()[0]

    @property
    def note(self) -> str:
        """What was noted with it. Raises SealingError."""
        return self.told()[1]

    @property
    def outcome_badge(self) -> Badge:
        """How it came out, as a word in a tone. Raises SealingError."""
        outcome = self.outcome
        if outcome == UNREADABLE:
            return Badge(DESTROYED, "bad")
        return Badge(str(self.Outcome(outcome).label), _TONES[outcome])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "info" if self.status == self.Status.CURRENT else "muted")


class BackgroundGap(TenantModel):
    """Somebody had access before a background check, as a finding says."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="background_gaps")
    finding = TenantForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    access_on = models.DateField("had access from")
    found_on = models.DateField("found")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-found_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "person", "finding"], name="background_gap_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.person.name} had access before a background check"
