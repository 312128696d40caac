"""Findings: tracked work from a gap, a failed test, a missed occurrence, a review or an audit, until somebody else retests it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Control, Priority
from controls.models.gap import GapRun
from controls.models.occurrence import Occurrence
from controls.models.period import known_criterion
from controls.models.test import ControlTest
from evidence.models import Evidence
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

PENDING = frozenset({"open", "in_remediation", "ready_for_retest"})
_TONES: dict[str, Tone] = {
    "open": "warn",
    "in_remediation": "info",
    "ready_for_retest": "info",
    "closed": "ok",
    "accepted": "muted",
}
SEVERITY_TONES: dict[str, Tone] = {"critical": "bad", "high": "bad", "medium": "warn", "low": "muted"}
# Days until a finding is due, by severity: our default, editable on each. docs/gap-analysis.md.
DUE_DAYS = {"critical": 30, "high": 60, "medium": 90, "low": 180}


class Finding(TenantModel):
    """Something that has to be put right, by whom and by when. Over once somebody else has seen that it is."""

    class Source(models.TextChoices):
        GAP = "gap", "Gap analysis"
        TEST = "test", "Failed test"
        MISSED = "missed", "Missed occurrence"
        REVIEW = "review", "Access review"
        AUDIT = "audit", "Audit"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        IN_REMEDIATION = "in_remediation", "In remediation"
        READY_FOR_RETEST = "ready_for_retest", "Ready for retest"
        CLOSED = "closed", "Closed"
        ACCEPTED = "accepted", "Accepted"

    reference = models.CharField("number", max_length=20)
    title = models.CharField(max_length=200)
    source = models.CharField("from", max_length=10, choices=Source, default=Source.OTHER)
    test = TenantForeignKey(ControlTest, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    occurrence = TenantForeignKey(Occurrence, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    run = TenantForeignKey(GapRun, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    link = models.CharField("where it was seen", max_length=300, blank=True)
    control = TenantForeignKey(Control, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    criterion = models.CharField(max_length=6, blank=True, validators=[known_criterion])
    severity = models.CharField(max_length=8, choices=Priority, default=Priority.MEDIUM)
    risk = models.TextField(blank=True)
    remediation = models.TextField("what has to be done", blank=True)
    evidence_required = models.TextField(blank=True)
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    due_on = models.DateField("due")
    status = models.CharField("state", max_length=16, choices=Status, default=Status.OPEN)
    opened_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    remediated_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    remediated_at = models.DateTimeField(null=True)
    done = models.TextField("what was done", blank=True)
    retested_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    retester_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    retested_on = models.DateField(null=True)
    retest_note = models.TextField("what the retest found", blank=True)
    accepted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    accepter_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_reason = models.TextField(blank=True)
    accepted_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    times_reopened = models.PositiveSmallIntegerField(default=0)

    START = Transition("finding.start", {"open"}, "in_remediation", "occurrences.perform", "started")
    READY = Transition("finding.ready", {"in_remediation"}, "ready_for_retest", "occurrences.perform", "handed in for retest")
    CLOSE = Transition("finding.close", {"ready_for_retest"}, "closed", "controls.test", "retested")
    RETURN = Transition("finding.return", {"ready_for_retest"}, "in_remediation", "controls.test", "retested")
    ACCEPT = Transition("finding.accept", PENDING, "accepted", "findings.accept", "accepted")
    LAPSE = Transition("finding.lapse", {"accepted"}, "open", "findings.accept", "opened again")
    REOPEN = Transition("finding.reopen", {"closed"}, "open", "findings.write", "opened again")

    seen_within = Lasting("opened_at", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "reference"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "due_on"], name="finding_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="finding_reference_unique"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "in_remediation", "ready_for_retest", "closed", "accepted"]),
                name="finding_status",
            ),
            models.CheckConstraint(condition=Q(severity__in=["critical", "high", "medium", "low"]), name="finding_severity"),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(closed_at__isnull=False, remediated_by__isnull=False, retested_by__isnull=False, retested_on__isnull=False),
                name="finding_closed",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | (
                    ~Q(retested_by=F("remediated_by"))
                    & (Q(retester_person__isnull=True) | Q(owner__isnull=True) | ~Q(retester_person=F("owner")))
                ),
                name="finding_retested_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | (Q(accepted_by__isnull=False, accepted_until__isnull=False) & ~Q(accepted_reason="")),
                name="finding_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(accepter_person__isnull=True)
                | Q(owner__isnull=True)
                | ~Q(accepter_person=F("owner")),
                name="finding_accepted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:finding-detail", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in PENDING

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def severity_badge(self) -> Badge:
        """How grave it is."""
        return Badge(self.get_severity_display(), SEVERITY_TONES[self.severity])


class FindingEvidence(TenantModel):
    """Evidence that a finding was put right."""

    class Status(models.TextChoices):
        LINKED = "linked", "Linked"
        REMOVED = "removed", "Removed"

    finding = TenantForeignKey(Finding, on_delete=models.PROTECT, related_name="proofs")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="findings")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.LINKED)
    linked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    REMOVE = Transition("finding_evidence.remove", {"linked"}, "removed", "occurrences.perform", "removed")

    seen_within = Through("finding")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["linked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "finding", "evidence"], condition=Q(status="linked"), name="finding_evidence_unique"
            ),
            models.CheckConstraint(condition=Q(status__in=["linked", "removed"]), name="finding_evidence_status"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} for {self.finding}"
