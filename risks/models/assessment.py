"""The annual assessment: the register as it stood, frozen and approved by somebody who did not prepare it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"draft": "muted", "submitted": "warn", "approved": "ok", "withdrawn": "muted"}


class RiskAssessment(TenantModel):
    """An assessment of all risks. From its submission on its content is a RiskAssessmentVersion, which nobody can change."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waits for approval"
        APPROVED = "approved", "Approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reference = models.CharField("number", max_length=20)
    year = models.PositiveSmallIntegerField()
    as_of = models.DateField("as of", null=True)  # the day on which the register was frozen
    objectives = models.TextField("objectives that the risks are measured against", max_length=10_000)
    method = models.TextField("how the risks were found and rated", max_length=10_000)
    participants = models.TextField("who took part", max_length=5_000)
    conclusion = models.TextField("what it comes to", blank=True, max_length=10_000)
    previous = TenantForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.DRAFT)
    content_hash = models.CharField("SHA-256 of what was submitted", max_length=64, blank=True, editable=False)
    prepared_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_hash = models.CharField("SHA-256 of what was approved", max_length=64, blank=True, editable=False)
    remark = models.TextField("what was said at its approval, or why it went back", blank=True, max_length=5_000)
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="risk_assessments")

    SUBMIT = Transition("risk_assessment.submit", {"draft"}, "submitted", "risks.write", "submitted")
    RETURN = Transition("risk_assessment.return", {"submitted"}, "draft", "risks.approve", "returned")
    RECALL = Transition("risk_assessment.recall", {"submitted"}, "draft", "risks.write", "taken back")
    APPROVE = Transition("risk_assessment.approve", {"submitted"}, "approved", "risks.approve", "approved")
    WITHDRAW = Transition("risk_assessment.withdraw", {"draft"}, "withdrawn", "risks.write", "withdrawn")

    seen_within = Lasting("prepared_at", "approved_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-year", "-prepared_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="risk_assessment_reference"),
            models.UniqueConstraint(
                fields=["tenant", "year"],
                condition=~Q(status="withdrawn"),
                name="risk_assessment_year",
                violation_error_message="There is an assessment of this year already.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "approved", "withdrawn"]), name="risk_assessment_status"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "approved"]) | (Q(submitted_at__isnull=False) & ~Q(content_hash="")),
                name="risk_assessment_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False, approved_hash=F("content_hash")),
                name="risk_assessment_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(prepared_by=None) | ~Q(approved_by=F("prepared_by")),
                name="risk_assessment_not_by_preparer",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(submitted_by=None) | ~Q(approved_by=F("submitted_by")),
                name="risk_assessment_not_by_submitter",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("risks:assessment-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class RiskAssessmentVersion(TenantModel):
    """What was submitted once, whole: the scale, the risks, their controls and tasks. Never changed."""

    assessment = TenantForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    seen_within = Through("assessment")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "assessment", "number"], name="risk_assessment_version")
        ]

    def __str__(self) -> str:
        return f"{self.assessment}, version {self.number}"
