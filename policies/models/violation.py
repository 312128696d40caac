"""A policy was not kept: which, where, by whom it was found, who puts it right, and how it ended."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Priority
from controls.models.finding import SEVERITY_TONES
from inventory.models import Person
from policies.models.policy import OWN, Policy
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.brought import Brought
from workflow.transitions import Transition

LONGEST = 5_000
_TONES: dict[str, Tone] = {"open": "warn", "remediated": "ok", "dismissed": "muted"}


class Violation(Brought, TenantModel):
    """A breach of a policy. Nothing that was typed into a password field is ever kept in it.

    What a rule finds counts once while it is open: `fingerprint` says by what it is the same.
    """

    class Detected(models.TextChoices):
        PERSON = "person", "A person"
        RULE = "rule", "A rule of another system"
        SYSTEM = "system", "Plumbline"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        REMEDIATED = "remediated", "Remediated"
        DISMISSED = "dismissed", "Dismissed"

    reference = models.CharField("number", max_length=20)
    title = models.CharField("what is wrong", max_length=200)
    description = models.TextField(blank=True, max_length=LONGEST)
    policy = TenantForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="violations")
    resource = models.CharField("where", max_length=200)
    person = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="violations")  # whose
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # whose account here
    severity = models.CharField(max_length=8, choices=Priority, default=Priority.MEDIUM)
    detected = models.CharField("found by", max_length=6, choices=Detected)
    reported_as = models.CharField("the system that found it", max_length=100, blank=True)
    rule = models.CharField("by which rule", max_length=100, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    reported_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    detected_at = models.DateTimeField("found")
    times_seen = models.PositiveIntegerField(default=1)
    last_seen_at = models.DateTimeField()
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # puts it right
    due_on = models.DateField("due")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.OPEN)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # none: Plumbline
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField("what was done, or why it is none", blank=True, max_length=LONGEST)

    REMEDY = Transition("violation.remedy", {"open"}, "remediated", "violations.write", "remediated")
    REMEDY_OWN = Transition("violation.remedy", {"open"}, "remediated", OWN, "remediated")
    DISMISS = Transition("violation.dismiss", {"open"}, "dismissed", "violations.write", "dismissed")
    REOPEN = Transition("violation.reopen", {"remediated", "dismissed"}, "open", "violations.write", "opened again")

    seen_within = Lasting("detected_at", "ended_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "reference"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "due_on"], name="violation_due"),
            models.Index(fields=["tenant", "detected_at"], name="violation_detected"),
            models.Index(fields=["tenant", "owner", "status"], name="violation_owner"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="violation_reference"),
            models.UniqueConstraint(
                fields=["tenant", "fingerprint"],
                condition=Q(status="open") & ~Q(fingerprint=""),
                name="violation_once_while_open",
                violation_error_message="The same is open already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["open", "remediated", "dismissed"]), name="violation_status"),
            models.CheckConstraint(condition=Q(severity__in=["critical", "high", "medium", "low"]), name="violation_severity"),
            models.CheckConstraint(
                condition=Q(detected="person", reported_by__isnull=False)
                | Q(detected="rule", reported_by__isnull=False)
                | Q(detected="system", reported_by__isnull=True) & ~Q(fingerprint=""),
                name="violation_found_by",
            ),
            models.CheckConstraint(
                condition=Q(status="open", ended_at__isnull=True)
                | ~Q(status="open") & Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="violation_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissed") | Q(ended_by__isnull=False), name="violation_dismissed_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissed") | Q(member__isnull=True) | ~Q(member=F("ended_by")),
                name="violation_dismissed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:violation", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def severity_badge(self) -> Badge:
        """How grave it is."""
        return Badge(self.get_severity_display(), SEVERITY_TONES[self.severity])

    @property
    def found_by(self) -> str:
        """Who or what found it, in words. Load `reported_by` with its user."""
        if self.detected == self.Detected.SYSTEM:
            return "Plumbline"
        return self.reported_as or self.who("reported_by")

    def is_late(self, today: dt.date) -> bool:
        """Whether it should have been put right by now."""
        return self.status == self.Status.OPEN and self.due_on < today
