"""The period an audit looks at, what is in its scope, and who audits it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.criteria import CRITERIA, Category
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of
from ui.components import Badge
from workflow.transitions import Transition


def security_only() -> list[str]:
    """The one category that every report has."""
    return [Category.SECURITY.value]


def known_criterion(value: str) -> None:
    """Raise ValidationError unless `value` is one of the 61 criteria."""
    if value not in CRITERIA:
        raise ValidationError(f"There is no criterion {value}.")


class AuditPeriod(TenantModel):
    """What an audit looks at: a day (Type I) or a span (Type II), and the categories in scope."""

    class Kind(models.TextChoices):
        TYPE_1 = "type1", "Type I"
        TYPE_2 = "type2", "Type II"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    name = models.CharField(max_length=120)
    kind = models.CharField("type", max_length=5, choices=Kind, default=Kind.TYPE_2)
    starts_on = models.DateField("from", help_text="for Type I the as-of date")
    ends_on = models.DateField("to", help_text="for Type I the same day")
    categories = ArrayField(models.CharField(max_length=24, choices=Category), default=security_only)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    CLOSE = Transition("period.close", {"open"}, "closed", "controls.write", "closed")
    REOPEN = Transition("period.reopen", {"closed"}, "open", "controls.write", "opened again")

    seen_within = Of("id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-ends_on", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="period_name_unique",
                violation_error_message="There is a period of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["open", "closed"]), name="period_status"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="period_order", violation_error_message="It ends before it begins."
            ),
            models.CheckConstraint(
                condition=~Q(kind="type1") | Q(starts_on=F("ends_on")),
                name="period_type1_is_a_day",
                violation_error_message="A Type I report is as of one day.",
            ),
            models.CheckConstraint(
                condition=Q(categories__contains=["security"]),
                name="period_has_security",
                violation_error_message="Security is always in scope.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:period-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """The state as a word in a tone."""
        return Badge(self.get_status_display(), "info" if self.status == self.Status.OPEN else "muted")


class CriterionExclusion(TenantModel):
    """A criterion judged not relevant in a period, with the reason that the system description repeats."""

    period = TenantForeignKey(AuditPeriod, on_delete=models.CASCADE, related_name="exclusions")
    criterion = models.CharField(max_length=6, validators=[known_criterion])
    reason = models.TextField()
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["criterion"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "period", "criterion"], name="criterion_exclusion_unique"),
            models.CheckConstraint(condition=~Q(reason=""), name="criterion_exclusion_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} in {self.period}"


class Engagement(TenantModel):
    """The auditor of a period, and what came of it."""

    class Opinion(models.TextChoices):
        NONE = "", "No report yet"
        UNQUALIFIED = "unqualified", "Unqualified"
        QUALIFIED = "qualified", "Qualified"
        ADVERSE = "adverse", "Adverse"
        DISCLAIMER = "disclaimer", "Disclaimer"

    period = TenantForeignKey(AuditPeriod, on_delete=models.CASCADE, related_name="engagements")
    firm = models.CharField(max_length=200)
    contact = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    fee = models.CharField(max_length=60, blank=True, help_text="amount and currency, as agreed")
    engaged_on = models.DateField(null=True, blank=True)
    fieldwork_from = models.DateField(null=True, blank=True)
    fieldwork_to = models.DateField(null=True, blank=True)
    report_issued_on = models.DateField(null=True, blank=True)
    opinion = models.CharField(max_length=12, choices=Opinion, blank=True, default=Opinion.NONE)
    notes = models.TextField(blank=True)

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "period"], name="engagement_unique")]

    def __str__(self) -> str:
        return f"{self.firm}, {self.period}"
