"""What a vendor has answered to our questions, and what the answers came to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Finding
from evidence.models import Evidence
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Through
from ui.components import Badge, Tone
from vendors.models.vendor import Vendor

_TONES: dict[str, Tone] = {"met": "ok", "partly": "warn", "not_met": "bad", "not_applicable": "muted", "unclear": "warn"}


class VendorQuestionnaire(TenantModel):
    """One file of answers, kept as it came. It is read once, and never changed; a later one stands beside it."""

    cared_with = "vendor_id"

    vendor = TenantForeignKey(Vendor, on_delete=models.PROTECT, related_name="questionnaires")
    title = models.CharField(max_length=200)
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField("answered")
    score = models.PositiveSmallIntegerField("score in percent", null=True)
    questions = models.PositiveSmallIntegerField()
    not_met = models.PositiveSmallIntegerField("not met")
    unclear = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    seen_within = At("answered_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-answered_on", "-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="vendor_questionnaire_score"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:questionnaire-detail", args=[self.pk])


class QuestionnaireAnswer(TenantModel):
    """One question and what was answered. Its finding is all that is ever added."""

    class Reading(models.TextChoices):
        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        NOT_MET = "not_met", "Not met"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        UNCLEAR = "unclear", "Unclear"

    questionnaire = TenantForeignKey(VendorQuestionnaire, on_delete=models.PROTECT, related_name="answers")
    place = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=200, blank=True)
    question = models.TextField(max_length=4_000)
    answer = models.TextField(blank=True, max_length=4_000)
    comment = models.TextField(blank=True, max_length=4_000)
    weight = models.PositiveSmallIntegerField(default=1)
    reading = models.CharField(max_length=14, choices=Reading)
    finding = TenantForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="+")

    seen_within = Through("questionnaire")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "questionnaire", "place"], name="questionnaire_answer_place"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=3), name="questionnaire_answer_weight"),
            models.CheckConstraint(
                condition=Q(reading__in=["met", "partly", "not_met", "not_applicable", "unclear"]),
                name="questionnaire_answer_reading",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.question[:80]}"

    @property
    def reading_badge(self) -> Badge:
        """What it came to."""
        return Badge(self.get_reading_display(), _TONES[self.reading])
