"""A penetration test: people who did not build the system try to break it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"planned": "info", "reported": "warn", "closed": "ok", "cancelled": "muted"}


class PenetrationTest(TenantModel):
    """Planned, reported with its findings, closed once each is fixed and retested, or accepted by name."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        REPORTED = "reported", "Reported"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    reference = models.CharField("number", max_length=20)
    title = models.CharField(max_length=200)
    firm = models.CharField(max_length=200, help_text="Who tests: an outside firm, or people who did not build it.")
    scope = models.TextField("what is tested, and how", max_length=10_000)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="penetration_tests")
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="penetration_tests")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to")
    every_days = models.PositiveSmallIntegerField("days until the next", default=365)
    reported_on = models.DateField("report dated", null=True, blank=True)
    report = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="penetration_tests")
    summary = models.TextField("what the report says in short", blank=True, max_length=10_000)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.PLANNED)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    REPORT = Transition("penetration_test.report", {"planned"}, "reported", "vulnerabilities.write", "reported")
    CLOSE = Transition("penetration_test.close", {"reported"}, "closed", "vulnerabilities.write", "closed")
    REOPEN = Transition("penetration_test.reopen", {"closed"}, "reported", "vulnerabilities.write", "opened again")
    CANCEL = Transition("penetration_test.cancel", {"planned"}, "cancelled", "vulnerabilities.write", "cancelled")

    seen_within = Lasting("starts_on", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-starts_on", "reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="penetration_test_reference"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "reported", "closed", "cancelled"]), name="penetration_status"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="penetration_test_days"),
            models.CheckConstraint(condition=Q(every_days__gte=30, every_days__lte=1100), name="penetration_test_every"),
            models.CheckConstraint(
                condition=~Q(status__in=["reported", "closed"]) | Q(report__isnull=False, reported_on__isnull=False),
                name="penetration_test_reported",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vulnerabilities:test-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
