"""Reports: a month or another span as it stood, frozen once and printed from that; and who is told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence, StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"pending": "info", "ready": "ok", "failed": "bad"}


class MonthlyReport(TenantModel):
    """A report: asked for, then its figures are frozen, then it is printed and kept. Never changed once it is ready."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "Monthly"
        ASKED = "asked", "On demand"

    class Status(models.TextChoices):
        PENDING = "pending", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Not made yet"

    reference = models.CharField("number", max_length=20)
    kind = models.CharField(max_length=8, choices=Kind)
    month = models.CharField(max_length=7, blank=True, help_text="such as 2026-10, of a monthly one")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to")
    status = models.CharField("state", max_length=8, choices=Status, default=Status.PENDING)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    snapshot = TenantForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    register = TenantForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", help_text="all rows of the tables that paper cuts"
    )
    as_of = models.DateTimeField("data as of", null=True)
    implemented = models.PositiveIntegerField(null=True)
    in_scope = models.PositiveIntegerField(null=True)
    matters = models.PositiveIntegerField(null=True, help_text="what an auditor could report")
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    ready_at = models.DateTimeField(null=True)
    problem = models.TextField("what went wrong", blank=True)

    FINISH = Transition("report.finish", {"pending", "failed"}, "ready", "reports.write", "finished")
    FAIL = Transition("report.fail", {"pending"}, "failed", "reports.write", "given up")
    RETRY = Transition("report.retry", {"failed"}, "pending", "reports.write", "tried again")

    seen_within = Lasting("starts_on", "ends_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-ends_on", "-asked_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-ends_on"], name="report_latest"),
            models.Index(fields=["tenant", "asked_at"], condition=~Q(status="ready"), name="report_unfinished"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="report_reference_unique"),
            models.UniqueConstraint(fields=["tenant", "month"], condition=~Q(month=""), name="report_month_unique"),
            models.CheckConstraint(condition=Q(status__in=["pending", "ready", "failed"]), name="report_status"),
            models.CheckConstraint(
                condition=(Q(kind="monthly") & ~Q(month="")) | Q(kind="asked", month=""), name="report_kind_has_a_month"
            ),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="report_order"),
            models.CheckConstraint(
                condition=~Q(status="ready")
                | Q(snapshot__isnull=False, evidence__isnull=False, as_of__isnull=False, ready_at__isnull=False),
                name="report_ready",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:monthly-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """The state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class ReportSettings(TenantModel):
    """Who is told of a monthly report; without anybody chosen, everybody with the executive role."""

    recipients = ArrayField(models.UUIDField(), default=list, help_text="members")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="report_settings_unique")]

    def __str__(self) -> str:
        return "Recipients of the monthly report"
