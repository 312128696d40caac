"""Removals: access that must go, followed until a later pull of the source shows it gone."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import StoredFile
from inventory.models.people import Person
from inventory.models.population import Account, Snapshot
from inventory.models.system import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

OPEN = frozenset({"requested", "claimed", "still_active", "cannot_be_verified"})
# What was claimed done is not overdue: its check is waited for.
_TO_DO = OPEN - {"claimed"}
OVER = frozenset({"verified_removed", "verified_changed", "accepted", "withdrawn"})

TONES: dict[str, Tone] = {
    "requested": "warn",
    "claimed": "info",
    "verified_removed": "ok",
    "verified_changed": "ok",
    "still_active": "bad",
    "cannot_be_verified": "bad",
    "accepted": "muted",
    "withdrawn": "muted",
}


def late_on(today: dt.date) -> Q:
    """The removals that are overdue on a day: still to be done, and due before it. The one rule behind every figure and list."""
    return Q(status__in=_TO_DO, due_on__lt=today)


class Removal(TenantModel):
    """A task to remove or change access: one entitlement, or a whole account when `entitlement_key` is empty."""

    class Kind(models.TextChoices):
        REMOVE = "remove", "Remove"
        CHANGE = "change", "Change"

    class Origin(models.TextChoices):
        REVIEW = "review", "Access review"
        LEAVER = "leaver", "Leaver"

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        CLAIMED = "claimed", "Claimed done"
        VERIFIED_REMOVED = "verified_removed", "Verified removed"
        VERIFIED_CHANGED = "verified_changed", "Verified changed"
        STILL_ACTIVE = "still_active", "Still active"
        CANNOT_BE_VERIFIED = "cannot_be_verified", "Cannot be verified"
        ACCEPTED = "accepted", "Accepted by name"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Severity(models.TextChoices):
        URGENT = "urgent", "Privileged or leaver"
        NORMAL = "normal", "Normal"

    reference = models.CharField(max_length=20)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.REMOVE)
    origin = models.CharField(max_length=6, choices=Origin)
    status = models.CharField("state", max_length=20, choices=Status, default=Status.REQUESTED)
    severity = models.CharField(max_length=6, choices=Severity, default=Severity.NORMAL)
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="removals")
    account = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="removals")
    person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="removals")
    entitlement_key = models.CharField(max_length=500, blank=True)
    resource = models.CharField(max_length=500, blank=True)
    role = models.CharField(max_length=500, blank=True)
    part = models.CharField(max_length=40, blank=True)
    base_snapshot = TenantForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    target_role = models.CharField(max_length=500, blank=True)
    reason = models.TextField()
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.UUIDField(null=True)
    assignee = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    due_on = models.DateField()
    claimed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    claim_note = models.TextField(blank=True)
    claim_file = TenantForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_snapshot = TenantForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    finding = models.TextField(blank=True, help_text="what the last check found, as a sentence")
    times_reopened = models.PositiveSmallIntegerField(default=0)
    regranted_at = models.DateTimeField(null=True, help_text="as-of of the snapshot in which it came back")
    accepted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_reason = models.TextField(blank=True)
    accepted_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    CLAIM = Transition(
        "removal.claim", {"requested", "still_active", "cannot_be_verified"}, "claimed", "removals.work", "claimed done"
    )
    UNCLAIM = Transition("removal.unclaim", {"claimed"}, "requested", "removals.work", "taken back")
    ACCEPT = Transition("removal.accept", OPEN, "accepted", "removals.accept", "accepted")
    REOPEN = Transition("removal.reopen", {"accepted"}, "requested", "removals.accept", "reopened")
    WITHDRAW = Transition("removal.withdraw", OPEN, "withdrawn", "people.write", "withdrawn")

    seen_within = Lasting("requested_at", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "reference"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "system", "status"], name="removal_system"),
            models.Index(fields=["tenant", "account"], name="removal_account"),
            models.Index(fields=["tenant", "source_id"], name="removal_source"),
            models.Index(fields=["tenant", "status", "due_on"], name="removal_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="removal_reference_unique"),
            models.UniqueConstraint(
                fields=["tenant", "account"],
                condition=Q(origin="leaver", status__in=["requested", "claimed", "still_active", "cannot_be_verified"]),
                name="removal_leaver_unique",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "requested",
                        "claimed",
                        "verified_removed",
                        "verified_changed",
                        "still_active",
                        "cannot_be_verified",
                        "accepted",
                        "withdrawn",
                    ]
                ),
                name="removal_status",
            ),
            models.CheckConstraint(condition=~Q(status="withdrawn") | Q(origin="leaver"), name="removal_withdrawn"),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | (Q(accepted_by__isnull=False, accepted_until__isnull=False) & ~Q(accepted_reason="")),
                name="removal_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["verified_removed", "verified_changed"]) | Q(checked_snapshot__isnull=False),
                name="removal_verified",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inventory:removal-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in OPEN

    @property
    def came_back(self) -> bool:
        """Whether it was verified, and a later population shows the access again."""
        return self.regranted_at is not None and not self.is_open

    @property
    def whose(self) -> str:
        """The person, or the account of nobody known, shared or of a service by its name; load it with both, and the owner."""
        return str(self.person.name if self.person else self.account.called)

    @property
    def access(self) -> str:
        """What must go, in a few words."""
        if not self.entitlement_key:
            return "the whole account"
        name = self.role or self.entitlement_key
        return f"{name} on {self.resource}" if self.resource else name

    @property
    def task(self) -> str:
        """What there is to do, in a few words."""
        if self.kind == self.Kind.CHANGE:
            return f"change {self.access} to {self.target_role}" if self.target_role else f"change {self.access}"
        return f"remove {self.access}"

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone; that the access came back outweighs that it was gone."""
        if self.came_back:
            return Badge("Granted again", "bad")
        return Badge(self.get_status_display(), TONES[self.status])
