"""The auditor's request list: what is asked for, who gives it, what is given, and what the auditor says of it."""

import re
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Control
from controls.models.period import AuditPeriod, known_criterion
from evidence.models import Evidence, Population, Sample
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

WITH_TEAM = frozenset({"requested", "in_progress", "returned"})  # somebody of the organization has to act
PENDING = WITH_TEAM | {"submitted"}
_TONES: dict[str, Tone] = {
    "requested": "warn",
    "in_progress": "info",
    "submitted": "info",
    "accepted": "ok",
    "returned": "bad",
    "withdrawn": "muted",
}
_DIGITS = re.compile(r"\d+")


def place_of(reference: str) -> str:
    """What orders numbers as people do: PBC-2 before PBC-10."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(8), reference.casefold())[:120]


class AuditRequest(TenantModel):
    """Something that an auditor asks for. Over once the auditor has accepted what was submitted."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        IN_PROGRESS = "in_progress", "In progress"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    period = TenantForeignKey(
        AuditPeriod, null=True, blank=True, on_delete=models.PROTECT, related_name="requests", verbose_name="audit period"
    )
    reference = models.CharField("number", max_length=40)
    place = models.CharField(max_length=120, editable=False, help_text="orders the numbers")
    title = models.CharField("what is asked for", max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=80, blank=True)
    criteria = ArrayField(models.CharField(max_length=6, validators=[known_criterion]), default=list, blank=True)
    also = models.TextField("also in the list", blank=True, help_text="what the auditor's list says beside")
    requested_by = models.CharField(max_length=120, blank=True)
    requested_on = models.DateField()
    due_on = models.DateField("due", null=True, blank=True)
    assignee = TenantForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="requests", verbose_name="with"
    )
    status = models.CharField("state", max_length=12, choices=Status, default=Status.REQUESTED)
    statement = models.TextField("what is said of it", blank=True)
    submitted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judgement = models.TextField("what the auditor says", blank=True)
    times_returned = models.PositiveSmallIntegerField(default=0)
    raised_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    START = Transition("audit_request.start", {"requested", "returned"}, "in_progress", "occurrences.perform", "started")
    SUBMIT = Transition("audit_request.submit", WITH_TEAM, "submitted", "occurrences.perform", "submitted")
    TAKE_BACK = Transition("audit_request.take_back", {"submitted"}, "in_progress", "occurrences.perform", "taken back")
    ACCEPT = Transition("audit_request.accept", {"submitted"}, "accepted", "requests.judge", "accepted")
    RETURN = Transition("audit_request.return", {"submitted", "accepted"}, "returned", "requests.judge", "returned")
    WITHDRAW = Transition("audit_request.withdraw", PENDING, "withdrawn", "requests.raise", "withdrawn")
    RESTORE = Transition("audit_request.restore", {"withdrawn"}, "requested", "requests.raise", "asked for again")

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["place"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "due_on"], name="request_due"),
            models.Index(fields=["tenant", "period", "status"], name="request_period"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "period", "reference"],
                name="request_reference_unique",
                nulls_distinct=False,
                violation_error_message="There is a request of this number in the audit period already.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "in_progress", "submitted", "accepted", "returned", "withdrawn"]),
                name="request_status",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "accepted"]) | Q(submitted_at__isnull=False), name="request_submitted"
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(judged_by__isnull=False, judged_at__isnull=False), name="request_accepted"
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(submitted_by__isnull=True) | ~Q(judged_by=F("submitted_by")),
                name="request_accepted_by_another",
            ),
            models.CheckConstraint(condition=~Q(status="returned") | ~Q(judgement=""), name="request_returned"),
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With its place among the others."""
        self.place = place_of(self.reference)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:request-detail", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in PENDING

    @property
    def is_with_team(self) -> bool:
        """Whether it waits for the organization rather than for the auditor."""
        return self.status in WITH_TEAM

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class RequestControl(TenantModel):
    """A control that a request is about."""

    request = TenantForeignKey(AuditRequest, on_delete=models.CASCADE, related_name="controls")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="requests")

    seen_within = Through("request")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "request", "control"], name="request_control_unique")]

    def __str__(self) -> str:
        return f"{self.request}: {self.control}"


class RequestProof(TenantModel):
    """What is given to a request: an item of evidence, a population or a sample, which stays where it is."""

    class Status(models.TextChoices):
        LINKED = "linked", "Linked"
        REMOVED = "removed", "Removed"

    request = TenantForeignKey(AuditRequest, on_delete=models.PROTECT, related_name="proofs")
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="requests")
    population = TenantForeignKey(Population, null=True, on_delete=models.PROTECT, related_name="requests")
    sample = TenantForeignKey(Sample, null=True, on_delete=models.PROTECT, related_name="requests")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.LINKED)
    linked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    REMOVE = Transition("request_proof.remove", {"linked"}, "removed", "occurrences.perform", "removed")

    seen_within = Through("request")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["linked_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, population__isnull=True, sample__isnull=True)
                | Q(evidence__isnull=True, population__isnull=False, sample__isnull=True)
                | Q(evidence__isnull=True, population__isnull=True, sample__isnull=False),
                name="request_proof_one",
            ),
            models.UniqueConstraint(
                fields=["tenant", "request", "evidence", "population", "sample"],
                condition=Q(status="linked"),
                nulls_distinct=False,
                name="request_proof_unique",
            ),
            models.CheckConstraint(condition=Q(status__in=["linked", "removed"]), name="request_proof_status"),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.request}"

    @property
    def record(self) -> Evidence | Population | Sample:
        """What is given. Load it with the link."""
        found: Evidence | Population | Sample | None = self.evidence or self.population or self.sample
        if found is None:
            raise AssertionError  # the database holds that there is one
        return found

    @property
    def name(self) -> str:
        """Number and title of what is given."""
        if self.evidence:
            return f"{self.evidence.reference} {self.evidence.title}"
        return f"{self.population.reference} {self.population.title}" if self.population else str(self.sample)


class RequestComment(TenantModel):
    """What the auditor or the team says about a request. Both see all of it; nothing said is changed."""

    request = TenantForeignKey(AuditRequest, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    said_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    seen_within = Through("request")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["said_at", "id"]

    def __str__(self) -> str:
        return f"Comment on {self.request}"
