"""A risk: what could happen, how bad it would be before and after controls, what is done about it, and who answers for it."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Control
from inventory.models import Person
from risks.models.scale import MOST, Rated, RiskScale
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"open": "info", "accepted": "muted", "closed": "ok"}
STEPS = tuple(f"{kind}_{axis}" for kind in ("inherent", "residual", "target") for axis in ("likelihood", "impact"))


class Category(models.TextChoices):
    """What a risk is about. An annual assessment needs at least one of fraud and one of vendors."""

    SECURITY = "security", "Security"
    AVAILABILITY = "availability", "Availability"
    OPERATIONAL = "operational", "Operational"
    FRAUD = "fraud", "Fraud"
    VENDOR = "vendor", "Vendor"
    PRIVACY = "privacy", "Privacy"
    COMPLIANCE = "compliance", "Compliance and legal"
    TECHNOLOGY = "technology", "Technology"
    PEOPLE = "people", "People"
    FINANCIAL = "financial", "Financial"
    STRATEGIC = "strategic", "Strategic"


class Treatment(models.TextChoices):
    """What is done about it."""

    MITIGATE = "mitigate", "Mitigate"
    ACCEPT = "accept", "Accept"
    TRANSFER = "transfer", "Transfer"
    AVOID = "avoid", "Avoid"


class Risk(TenantModel):
    """One risk of the register. Its present rating stands here; every rating there was is a RiskRating.

    Scores are 0 until it is assessed. `scale` is the version on which it was rated: a later one changes nothing here.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        CLOSED = "closed", "Closed"

    reference = models.CharField("number", max_length=20)
    statement = models.CharField("what could happen", max_length=300)
    cause = models.TextField("why it could happen", blank=True, max_length=5_000)
    consequence = models.TextField("what it would mean", blank=True, max_length=5_000)
    category = models.CharField(max_length=12, choices=Category)
    owner = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="risks")
    status = models.CharField("state", max_length=8, choices=Status, default=Status.OPEN)

    scale = TenantForeignKey(RiskScale, null=True, on_delete=models.PROTECT, related_name="risks")
    inherent_likelihood = models.PositiveSmallIntegerField("inherent likelihood", default=0)
    inherent_impact = models.PositiveSmallIntegerField("inherent impact", default=0)
    residual_likelihood = models.PositiveSmallIntegerField("residual likelihood", default=0)
    residual_impact = models.PositiveSmallIntegerField("residual impact", default=0)
    target_likelihood = models.PositiveSmallIntegerField("target likelihood", default=0)
    target_impact = models.PositiveSmallIntegerField("target impact", default=0)
    inherent_score = models.PositiveSmallIntegerField(default=0, editable=False)
    residual_score = models.PositiveSmallIntegerField(default=0, editable=False)
    residual_level = models.CharField(max_length=8, blank=True, editable=False)  # on its scale; for lists
    reasoning = models.TextField("why it is rated so", blank=True, max_length=5_000)
    rated_on = models.DateField("rated", null=True)
    rated_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    treatment = models.CharField(max_length=8, choices=Treatment, blank=True)
    plan = models.TextField("what is done about it", blank=True, max_length=5_000)
    review_days = models.PositiveSmallIntegerField("days between reviews", default=365)
    next_review_on = models.DateField("next review")

    accepted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    accepter_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_reason = models.TextField(blank=True, max_length=5_000)
    accepted_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True, max_length=5_000)
    raised_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    ACCEPT = Transition("risk.accept", {"open"}, "accepted", "risks.approve", "accepted")
    LAPSE = Transition("risk.lapse", {"accepted"}, "open", "home.read", "opened again")
    CLOSE = Transition("risk.close", {"open", "accepted"}, "closed", "risks.write", "closed")
    REOPEN = Transition("risk.reopen", {"closed"}, "open", "risks.write", "opened again")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-residual_score", "reference"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-residual_score", "reference"], name="risk_score"),
            models.Index(fields=["tenant", "status", "next_review_on"], name="risk_review"),
            models.Index(fields=["tenant", "owner", "status"], name="risk_owner"),
            models.Index(fields=["tenant", "category", "status"], name="risk_category"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="risk_reference"),
            models.CheckConstraint(condition=Q(status__in=["open", "accepted", "closed"]), name="risk_status"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="risk_category"),
            models.CheckConstraint(condition=Q(treatment__in=["", *Treatment.values]), name="risk_treatment"),
            models.CheckConstraint(condition=Q(**{f"{name}__lte": MOST for name in STEPS}), name="risk_steps"),
            models.CheckConstraint(
                condition=Q(
                    inherent_score=F("inherent_likelihood") * F("inherent_impact"),
                    residual_score=F("residual_likelihood") * F("residual_impact"),
                ),
                name="risk_scores",
            ),
            models.CheckConstraint(
                condition=Q(residual_score=0, inherent_score=0, scale=None, rated_on=None)
                | Q(residual_score__gte=1, inherent_score__gte=1, scale__isnull=False, rated_on__isnull=False),
                name="risk_rated_whole",
            ),
            models.CheckConstraint(condition=Q(residual_score__lte=F("inherent_score")), name="risk_residual_not_above"),
            models.CheckConstraint(condition=Q(review_days__gte=7, review_days__lte=1100), name="risk_review_days"),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | (
                    Q(accepted_by__isnull=False, accepted_until__isnull=False, treatment="accept", residual_score__gte=1)
                    & ~Q(accepted_reason="")
                ),
                name="risk_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepter_person__isnull=True) | ~Q(accepter_person=F("owner")),
                name="risk_accepted_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                name="risk_closed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("risks:detail", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nobody looks at it any more."""
        return self.status == self.Status.CLOSED

    @property
    def is_rated(self) -> bool:
        """Whether somebody has said how likely and how bad it is."""
        return bool(self.residual_score)

    def is_late(self, today: dt.date) -> bool:
        """Whether its review is overdue."""
        return not self.is_over and self.next_review_on < today

    @property
    def inherent(self) -> Rated | None:
        """Before controls. Load its scale with it."""
        return self._rated("inherent")

    @property
    def residual(self) -> Rated | None:
        """After controls."""
        return self._rated("residual")

    @property
    def target(self) -> Rated | None:
        """Where it shall come to; nothing where nobody has said."""
        return self._rated("target")

    def _rated(self, kind: str) -> Rated | None:
        likelihood, impact = getattr(self, f"{kind}_likelihood"), getattr(self, f"{kind}_impact")
        return self.scale.rated(likelihood, impact) if self.scale and likelihood else None

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class RiskRating(TenantModel):
    """What somebody said once of how likely and how bad a risk is, on which scale and with which controls. Never changed."""

    risk = TenantForeignKey(Risk, on_delete=models.PROTECT, related_name="ratings")
    scale = TenantForeignKey(RiskScale, on_delete=models.PROTECT, related_name="ratings")
    number = models.PositiveSmallIntegerField()
    inherent_likelihood = models.PositiveSmallIntegerField()
    inherent_impact = models.PositiveSmallIntegerField()
    residual_likelihood = models.PositiveSmallIntegerField()
    residual_impact = models.PositiveSmallIntegerField()
    target_likelihood = models.PositiveSmallIntegerField(default=0)
    target_impact = models.PositiveSmallIntegerField(default=0)
    reasoning = models.TextField(max_length=5_000)
    controls = models.JSONField(default=list)  # codes, as they were linked then
    rated_on = models.DateField()
    rated_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "risk", "number"], name="risk_rating_number"),
        ]

    def __str__(self) -> str:
        return f"{self.risk}, rating {self.number}"

    @property
    def inherent(self) -> Rated:
        """Before controls. Load its scale with it."""
        rated: Rated = self.scale.rated(self.inherent_likelihood, self.inherent_impact)
        return rated

    @property
    def residual(self) -> Rated:
        """After controls."""
        rated: Rated = self.scale.rated(self.residual_likelihood, self.residual_impact)
        return rated


class RiskControl(TenantModel):
    """A control that lowers a risk."""

    risk = TenantForeignKey(Risk, on_delete=models.PROTECT, related_name="controls")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="risks")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["control__code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "risk", "control"], name="risk_control_unique")]

    def __str__(self) -> str:
        return f"{self.control} for {self.risk}"


class RiskWord(TenantModel):
    """A word of a risk, made by risks/register/words.py. In the order of its bytes, so that beginnings are found."""

    risk = TenantForeignKey(Risk, db_index=False, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "word", "risk"], name="risk_word_search")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "risk", "word"], name="risk_word_unique")]

    def __str__(self) -> str:
        return self.word
