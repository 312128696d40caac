"""The systems whose access is reviewed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from inventory.models.people import Person
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge
from workflow.transitions import Transition


class Route(models.TextChoices):
    """Who may be asked to review an item, in the order a system chooses."""

    ENTITLEMENT_OWNER = "entitlement_owner", "Entitlement owner"
    SYSTEM_OWNER = "system_owner", "System owner"
    LINE_MANAGER = "line_manager", "Line manager"
    BACKUP = "backup", "Backup reviewer"


def default_route() -> list[str]:
    """The order of a new system."""
    return [Route.LINE_MANAGER.value, Route.SYSTEM_OWNER.value, Route.BACKUP.value]


class System(TenantModel):
    """A system with accounts, and which states of its accounts count as no access."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", "Identity provider"
        CLOUD = "cloud", "Cloud infrastructure"
        SAAS = "saas", "Software as a service"
        CODE = "code", "Source code"
        DATABASE = "database", "Database"
        INTERNAL = "internal", "Internal application"
        FINANCE = "finance", "Payments and finance"
        HR = "hr", "HR system"
        OTHER = "other", "Other"

    class Criticality(models.TextChoices):
        CRITICAL = "critical", "Critical"
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SAAS)
    source_format = models.CharField("export format", max_length=30, default="generic")
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_systems")
    backup_reviewer = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="backed_up_systems")
    criticality = models.CharField(max_length=10, choices=Criticality, default=Criticality.MEDIUM)
    account_meaning = models.TextField("what an account there can do", blank=True)
    no_access_states = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name="account states that count as no access"
    )
    reviewer_order = ArrayField(models.CharField(max_length=20, choices=Route), default=default_route)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.ACTIVE)

    RETIRE = Transition("system.retire", {"active"}, "retired", "systems.write", "retired")
    RESTORE = Transition("system.restore", {"retired"}, "active", "systems.write", "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="system_name_unique",
                violation_error_message="There is a system of this name already.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["active", "retired"]), name="system_status"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status_badge(self) -> Badge:
        """The state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")

    def get_absolute_url(self) -> str:
        """The system's page."""
        return reverse("inventory:system-detail", args=[self.pk])
