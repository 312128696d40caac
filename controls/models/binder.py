"""What people say for the binder: what does not apply, whom the system leans on, and what flows between its parts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models.period import AuditPeriod, known_criterion
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of
from ui.components import Badge
from workflow.transitions import Transition


class ChecklistWaiver(TenantModel):
    """An item of the readiness checklist that does not apply in a period, by somebody's reasoned word."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "Not applicable"
        WITHDRAWN = "withdrawn", "Taken back"

    period = TenantForeignKey(AuditPeriod, on_delete=models.PROTECT, related_name="waivers")
    item = models.CharField(max_length=40, help_text="key of the checklist's item")
    reason = models.TextField()
    status = models.CharField("state", max_length=10, choices=Status, default=Status.IN_FORCE)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_reason = models.TextField(blank=True)

    WITHDRAW = Transition("checklist_waiver.withdraw", {"in_force"}, "withdrawn", "controls.write", "taken back")

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "period", "item"],
                condition=Q(status="in_force"),
                name="checklist_waiver_unique",
                violation_error_message="It is set as not applicable already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["in_force", "withdrawn"]), name="checklist_waiver_status"),
            models.CheckConstraint(condition=~Q(reason=""), name="checklist_waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item} in {self.period}"

    def get_absolute_url(self) -> str:
        """The checklist of its period."""
        return f"{reverse('controls:binder')}?period={self.period_id}"


class _Listed(TenantModel):
    """A row of a table of the description: in use, until it is retired."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    status = models.CharField("state", max_length=10, choices=Status, default=Status.ACTIVE)

    class Meta(TenantModel.Meta):
        abstract = True

    def get_absolute_url(self) -> str:
        """It is shown among the others."""
        return reverse("controls:description")

    @property
    def status_badge(self) -> Badge:
        """Whether it counts."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")


class UserEntityControl(_Listed):
    """A complementary user-entity control: what customers have to do themselves so that the criteria are met."""

    title = models.CharField("what customers have to do", max_length=300)
    criteria = ArrayField(models.CharField(max_length=6, validators=[known_criterion]), default=list, blank=True)

    RETIRE = Transition("user_entity_control.retire", {"active"}, "retired", "controls.write", "retired")

    class Meta(_Listed.Meta):
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="user_entity_control_status"),
            models.UniqueConstraint(
                fields=["tenant", "title"],
                condition=Q(status="active"),
                name="user_entity_control_unique",
                violation_error_message="It is in the table already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SubserviceOrganization(_Listed):
    """Another organization whose controls the system leans on, and the controls expected of it."""

    class Method(models.TextChoices):
        CARVE_OUT = "carve_out", "Carve-out: its controls are not in this description"
        INCLUSIVE = "inclusive", "Inclusive: its controls are part of this description"

    name = models.CharField(max_length=200)
    service = models.CharField("what it does for us", max_length=300)
    method = models.CharField(max_length=10, choices=Method, default=Method.CARVE_OUT)
    expected = models.TextField("controls expected of it")
    criteria = ArrayField(models.CharField(max_length=6, validators=[known_criterion]), default=list, blank=True)
    report = models.CharField("report it gave us", max_length=200, blank=True, help_text="such as SOC 2 Type II")
    report_until = models.DateField("the report reaches to", null=True, blank=True)

    RETIRE = Transition("subservice_organization.retire", {"active"}, "retired", "controls.write", "retired")

    class Meta(_Listed.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="subservice_organization_status"),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=Q(status="active"),
                name="subservice_organization_unique",
                violation_error_message="It is in the table already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SystemFlow(_Listed):
    """Something that goes from one system to another, or to or from somebody outside: what the diagrams are drawn from."""

    class Kind(models.TextChoices):
        DATA = "data", "Data of customers"
        ACCESS = "access", "Sign-in and access"
        INTEGRATION = "integration", "Integration: messages, events, calls"

    source = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="flows_out")
    target = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="flows_in")
    outside = models.CharField("somebody outside", max_length=60, blank=True, help_text="such as Customers, at the open end")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.DATA)
    carries = models.CharField("what goes there", max_length=80)
    protection = models.CharField("how it is protected", max_length=80, blank=True, help_text="such as TLS 1.3")

    RETIRE = Transition("system_flow.retire", {"active"}, "retired", "controls.write", "retired")

    class Meta(_Listed.Meta):
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="system_flow_status"),
            models.CheckConstraint(
                condition=Q(source__isnull=False, target__isnull=False, outside="")
                | (
                    ~Q(outside="") & (Q(source__isnull=True, target__isnull=False) | Q(source__isnull=False, target__isnull=True))
                ),
                name="system_flow_ends",
                violation_error_message="Choose two systems, or one system and name somebody outside.",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
                name="system_flow_goes_somewhere",
                violation_error_message="It leads back to where it comes from.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}: {self.carries}"

    @property
    def start(self) -> str:
        """Where it comes from."""
        return self.source.name if self.source else self.outside

    @property
    def end(self) -> str:
        """Where it goes."""
        return self.target.name if self.target else self.outside
