"""A change: what will be different, what could go wrong, how it is undone, and where it stands."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from changes.models.template import ChangeTemplate, Kind
from controls.models import Finding
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

WAITING = frozenset({"draft", "submitted"})
APPROVED = frozenset({"approved", "scheduled"})  # may be carried out
ATTEMPTED = frozenset({"implemented", "failed", "rolled_back"})
OVER = frozenset({"closed", "rejected", "withdrawn"})
PAST = frozenset({*OVER, "reviewed", "failed", "rolled_back"})  # lets no deployment through any more
GRAVE = Q(type="emergency") | Q(risk="high")
_TONES: dict[str, Tone] = {
    "draft": "muted",
    "submitted": "warn",
    "approved": "info",
    "scheduled": "info",
    "implemented": "info",
    "reviewed": "info",
    "closed": "ok",
    "rejected": "bad",
    "withdrawn": "muted",
    "failed": "bad",
    "rolled_back": "bad",
}


class Change(TenantModel):
    """A change to a system. Over once it is closed, rejected or withdrawn."""

    class Type(models.TextChoices):
        STANDARD = "standard", "Standard"
        NORMAL = "normal", "Normal"
        EMERGENCY = "emergency", "Emergency"

    class Priority(models.TextChoices):
        CRITICAL = "critical", "Critical"
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    class Risk(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    class Source(models.TextChoices):
        FORM = "form", "Entered here"
        API = "api", "API"
        GITHUB = "github", "GitHub"
        GITLAB = "gitlab", "GitLab"
        FILE = "file", "Imported file"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        SCHEDULED = "scheduled", "Scheduled"
        IMPLEMENTED = "implemented", "Implemented"
        REVIEWED = "reviewed", "Reviewed"
        CLOSED = "closed", "Closed"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        FAILED = "failed", "Failed"
        ROLLED_BACK = "rolled_back", "Rolled back"

    class Outcome(models.TextChoices):
        AS_PLANNED = "as_planned", "As planned"
        WITH_DEVIATIONS = "with_deviations", "With deviations"
        FAILED = "failed", "Failed"
        ROLLED_BACK = "rolled_back", "Rolled back"

    reference = models.CharField("number", max_length=20)
    type = models.CharField(max_length=10, choices=Type, default=Type.NORMAL)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.INFRASTRUCTURE)
    template = TenantForeignKey(ChangeTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="changes")
    title = models.CharField(max_length=200)
    description = models.TextField("what will change", blank=True, max_length=20_000)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.MEDIUM)
    impact = models.TextField("who notices, and how", blank=True, max_length=10_000)
    answers = models.JSONField("risk questionnaire", default=dict, blank=True)  # question key -> answer key
    risk = models.CharField(max_length=6, choices=Risk, blank=True, editable=False)  # computed from the answers
    environments = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # such as production; none: any
    window_from = models.DateTimeField("planned from", null=True, blank=True)
    window_until = models.DateTimeField("planned until", null=True, blank=True)
    rollback_plan = models.TextField("how it is undone", blank=True, max_length=10_000)
    abort_criteria = models.TextField("when it is stopped or undone", blank=True, max_length=10_000)
    test_plan = models.TextField("how it is tested", blank=True, max_length=10_000)
    testing_evidence = models.TextField("what the tests showed", blank=True, max_length=10_000)
    status = models.CharField("state", max_length=11, choices=Status, default=Status.DRAFT)

    requester = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_requested")
    raised_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    implementer = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_implemented")
    verifier = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_verified")
    separate_implementer = models.BooleanField(default=False, editable=False)  # as the organization chose at submission
    separate_verifier = models.BooleanField(default=False, editable=False)

    content_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the bound fields, see changes.content
    edited_at = models.DateTimeField()  # of any field: a stale form is refused
    submitted_at = models.DateTimeField(null=True)
    template_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the template that approved it
    approved_at = models.DateTimeField(null=True)
    approved_until = models.DateTimeField(null=True)  # an approval that is not used by then has expired
    implemented_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # closed, rejected or withdrawn
    over_at = models.DateTimeField(null=True, editable=False)  # from then on it lets nothing through: one of PAST

    # Emergency: agreed by word first, in writing by the end of the next business day.
    agreed_by = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)  # as it was said; what counts is when it was recorded
    agreed_recorded_at = models.DateTimeField(null=True, editable=False)
    agreed_until = models.DateTimeField(
        null=True, editable=False
    )  # counts for pipelines so long; null: what it needs was not there
    agreed_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the bound fields that it was about
    objected_by = TenantForeignKey(Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    objected_at = models.DateTimeField(null=True, editable=False)  # whoever is named said that they did not agree
    objection = models.TextField("what they said instead", blank=True, max_length=5_000, editable=False)
    emergency_reason = models.TextField("why it could not wait", blank=True, max_length=5_000)
    written_due_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    written_finding = TenantForeignKey(Finding, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    # Review after implementation.
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    effect = models.TextField("what it did", blank=True, max_length=10_000)
    lessons = models.TextField(blank=True, max_length=10_000)
    reviewed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True)

    # Where it happens: a pull or merge request.
    source = models.CharField(max_length=8, choices=Source, default=Source.FORM)
    repository = models.CharField(max_length=200, blank=True)  # such as larkfield/billing
    number = models.PositiveIntegerField(null=True, blank=True)
    head_sha = models.CharField("last commit of the request", max_length=64, blank=True)
    merge_sha = models.CharField("merge commit", max_length=64, blank=True)
    merged_at = models.DateTimeField(null=True)
    merged_by = models.CharField(max_length=120, blank=True)
    checks = models.JSONField(default=list, blank=True)  # [{"name", "outcome", "url"}]

    SUBMIT = Transition("change.submit", {"draft"}, "submitted", "changes.raise", "submitted")
    APPROVE = Transition("change.approve", {"submitted"}, "approved", "changes.approve", "approved")
    PREAPPROVE = Transition("change.preapprove", {"submitted"}, "approved", "changes.raise", "approved by its template")
    REJECT = Transition("change.reject", {"submitted"}, "rejected", "changes.approve", "rejected")
    VOID = Transition("change.void", {"approved", "scheduled"}, "submitted", "changes.raise", "sent back for approval")
    SCHEDULE = Transition("change.schedule", {"approved"}, "scheduled", "changes.work", "scheduled")
    IMPLEMENT = Transition("change.implement", {"approved", "scheduled"}, "implemented", "changes.work", "implemented")
    IMPLEMENT_FIRST = Transition(
        "change.implement_first", {"draft", "submitted"}, "implemented", "changes.work", "implemented before approval"
    )
    FAIL = Transition("change.fail", {"approved", "scheduled", "implemented"}, "failed", "changes.work", "marked as failed")
    ROLL_BACK = Transition("change.roll_back", {"implemented", "failed"}, "rolled_back", "changes.work", "rolled back")
    REVIEW = Transition("change.review", ATTEMPTED, "reviewed", "changes.work", "reviewed")
    CLOSE = Transition("change.close", {"implemented", "reviewed"}, "closed", "changes.work", "closed")
    WITHDRAW = Transition(
        "change.withdraw", {"draft", "submitted", "approved", "scheduled"}, "withdrawn", "changes.raise", "withdrawn"
    )
    REWORK = Transition("change.rework", {"submitted", "rejected", "withdrawn"}, "draft", "changes.raise", "reworked")

    seen_within = Lasting("raised_at", "ended_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-raised_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "-raised_at"], name="change_status_raised"),
            models.Index(fields=["tenant", "-raised_at", "-id"], name="change_raised"),
            models.Index(fields=["tenant", "title", "id"], name="change_title"),
            models.Index(fields=["tenant", "window_from"], name="change_window"),
            models.Index(fields=["tenant", "window_until", "window_from"], name="change_window_end"),
            models.Index(fields=["tenant", "requester", "status"], name="change_requester"),
            models.Index(fields=["tenant", "implementer", "status"], name="change_implementer"),
            models.Index(fields=["tenant", "merge_sha"], name="change_merge_sha", condition=~Q(merge_sha="")),
            models.Index(
                fields=["tenant", "repository", "merged_at"], name="change_merged", condition=Q(merged_at__isnull=False)
            ),
            models.Index(fields=["tenant", "head_sha"], name="change_head_sha", condition=~Q(head_sha="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="change_reference_unique"),
            models.UniqueConstraint(
                fields=["tenant", "source", "repository", "number"],
                condition=Q(number__isnull=False),
                name="change_request_unique",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("draft", "submitted", "approved", "scheduled", "implemented", "reviewed"),
                        *("closed", "rejected", "withdrawn", "failed", "rolled_back"),
                    ]
                ),
                name="change_status",
            ),
            models.CheckConstraint(condition=Q(type__in=["standard", "normal", "emergency"]), name="change_type"),
            models.CheckConstraint(condition=Q(risk__in=["", "low", "medium", "high"]), name="change_risk"),
            models.CheckConstraint(
                condition=Q(window_from__isnull=True) | Q(window_until__isnull=True) | Q(window_until__gt=F("window_from")),
                name="change_window_forward",
                violation_error_message="The window ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False) | Q(status="withdrawn") | Q(type="emergency"),
                name="change_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "scheduled"]) | Q(approved_at__isnull=False), name="change_approved"
            ),
            models.CheckConstraint(
                condition=~Q(type="emergency", status__in=["implemented", "failed", "rolled_back", "reviewed", "closed"])
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="change_emergency_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(separate_verifier=True)
                | Q(verifier__isnull=True)
                | Q(implementer__isnull=True)
                | ~Q(verifier=F("implementer")),
                name="change_verified_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:detail", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in OVER

    @property
    def is_grave(self) -> bool:
        """Whether its review is always by somebody who neither asked for it nor carried it out. As in GRAVE."""
        return self.type == self.Type.EMERGENCY or self.risk == self.Risk.HIGH

    @property
    def is_disputed(self) -> bool:
        """Whether the person named as having agreed by word has said since that they did not; a later one is another."""
        return (
            self.objected_at is not None and self.agreed_recorded_at is not None and self.objected_at >= self.agreed_recorded_at
        )

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
