"""The review of an incident: what it was, why, what is learned, and who approved it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Control
from evidence.models import Evidence, StoredFile
from incidents.models.incident import Incident
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"draft": "muted", "submitted": "info", "approved": "ok"}


class IncidentReview(TenantModel):
    """A version of the review. What was approved is never changed: a later version takes its place."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Awaiting approval"
        APPROVED = "approved", "Approved"

    class Answer(models.TextChoices):
        NONE = "", "Not answered"
        YES = "yes", "Yes"
        NO = "no", "No"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    summary = models.TextField("what happened, for somebody who was not there", blank=True, max_length=20_000)
    root_cause = models.TextField(blank=True, max_length=20_000)
    went_well = models.TextField("what went well", blank=True, max_length=10_000)
    went_badly = models.TextField("what went badly", blank=True, max_length=10_000)
    control_failed = models.CharField("did a control fail?", max_length=3, choices=Answer, blank=True)
    control_note = models.TextField("how, and which", blank=True, max_length=5_000)
    commitment_missed = models.CharField("was a commitment missed?", max_length=3, choices=Answer, blank=True)
    commitment_note = models.TextField("which, and to whom", blank=True, max_length=5_000)
    disclose = models.CharField("disclose it in the system description?", max_length=3, choices=Answer, blank=True)
    disclose_note = models.TextField("in what words, or why not", blank=True, max_length=5_000)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.DRAFT)
    begun_at = models.DateTimeField()
    record = models.JSONField(null=True, editable=False)  # the incident as it stood when this was submitted
    # Tasks and notices as they stood when it was approved: they went on since it was submitted.
    standing = models.JSONField(null=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)  # SHA-256 of what is approved
    reopened = models.PositiveSmallIntegerField(default=0, editable=False)  # how often the incident had been opened again
    responsible = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # whose the incident was
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_reason = models.TextField("why it was returned", blank=True, max_length=5_000)

    SUBMIT = Transition("incident_review.submit", {"draft"}, "submitted", "incidents.work", "submitted")
    RETURN = Transition("incident_review.return", {"submitted"}, "draft", "incidents.approve", "returned")
    WITHDRAW = Transition("incident_review.withdraw", {"submitted"}, "draft", "incidents.work", "taken back")
    APPROVE = Transition("incident_review.approve", {"submitted"}, "approved", "incidents.approve", "approved")

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "incident", "number"], name="incident_review_number"),
            models.UniqueConstraint(
                fields=["tenant", "incident"], condition=Q(status__in=["draft", "submitted"]), name="incident_review_one_open"
            ),
            models.CheckConstraint(condition=Q(status__in=["draft", "submitted", "approved"]), name="incident_review_status"),
            models.CheckConstraint(
                condition=Q(status="draft") | (Q(record__isnull=False, submitted_by__isnull=False) & ~Q(content_hash="")),
                name="incident_review_submitted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="incident_review_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    ~Q(approved_by=F("author"))
                    & (Q(submitted_by__isnull=True) | ~Q(approved_by=F("submitted_by")))
                    & (Q(responsible__isnull=True) | ~Q(approved_by=F("responsible")))
                ),
                name="incident_review_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Review {self.number} of {self.incident}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:review", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class ReviewControl(TenantModel):
    """A control that failed, as a review says."""

    review = TenantForeignKey(IncidentReview, on_delete=models.CASCADE, related_name="controls")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="incident_reviews")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "review", "control"], name="review_control_unique")]

    def __str__(self) -> str:
        return f"{self.control} in {self.review}"


class ReviewPaper(TenantModel):
    """A review as it was printed. The same content is printed once."""

    review = TenantForeignKey(IncidentReview, on_delete=models.PROTECT, related_name="papers")
    digest = models.CharField("SHA-256 of what it was printed from", max_length=64)
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # None of a confidential incident: evidence is read by others.
    evidence = TenantForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="incident_reviews")
    made_at = models.DateTimeField()

    seen_within = Through("review")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "review", "digest"], name="review_paper_unique")]

    def __str__(self) -> str:
        return f"PDF of {self.review}"
