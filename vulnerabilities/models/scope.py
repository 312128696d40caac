"""What is scanned: one repository, image or endpoint with one tool, again and again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge
from workflow.transitions import Transition


class Tool(models.TextChoices):
    """What scans."""

    NPM_AUDIT = "npm_audit", "npm audit"
    PIP_AUDIT = "pip_audit", "pip-audit"
    TRIVY = "trivy", "Trivy"
    GRYPE = "grype", "Grype"
    OSV_SCANNER = "osv_scanner", "OSV-Scanner"
    SARIF = "sarif", "Another tool, as SARIF"
    STORAGE = "storage", "Storage settings"
    TLS = "tls", "TLS check by Plumbline"

    @property
    def things(self) -> str:
        """What a scan with it checks, in a word."""
        return "resources" if self == Tool.STORAGE else "packages"


# What they look for is no vulnerability of software: lines of their own are told by them.
OF_SETTINGS = (Tool.TLS, Tool.STORAGE)


class ScanScope(TenantModel):
    """One thing that is scanned with one tool. Scans of a scope are compared with each other, and with no others."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    tool = models.CharField(max_length=11, choices=Tool)
    target = models.CharField("what is scanned", max_length=300, blank=True)  # a repository, an image, host:port
    host = models.CharField(max_length=253, blank=True)  # of TLS endpoints
    port = models.PositiveIntegerField(null=True, blank=True)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="scan_scopes")
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="scan_scopes")
    every_days = models.PositiveSmallIntegerField("days between scans", default=7)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Derived from its scans.
    next_due_on = models.DateField("next scan")  # counted from the last one that could be evaluated
    checked_at = models.DateTimeField(null=True, editable=False)  # when Plumbline last tried, for TLS endpoints

    RETIRE = Transition("scan_scope.retire", {"active"}, "retired", "vulnerabilities.write", "retired")
    RESTORE = Transition("scan_scope.restore", {"retired"}, "active", "vulnerabilities.write", "scanned again")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "next_due_on"], name="scan_scope_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="scan_scope_name",
                violation_error_message="There is a scope of this name already.",
            ),
            models.CheckConstraint(condition=Q(tool__in=Tool.values), name="scan_scope_tool"),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="scan_scope_status"),
            models.CheckConstraint(condition=Q(every_days__gte=1, every_days__lte=366), name="scan_scope_every"),
            models.CheckConstraint(
                condition=~Q(tool="tls") | (~Q(host="") & Q(port__gte=1, port__lte=65535)), name="scan_scope_endpoint"
            ),
            models.CheckConstraint(condition=Q(tool="tls") | Q(host="", port=None), name="scan_scope_no_endpoint"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vulnerabilities:scope-detail", args=[self.pk])

    @property
    def is_endpoint(self) -> bool:
        """Whether Plumbline scans it by itself."""
        return self.tool == Tool.TLS

    @property
    def is_storage(self) -> bool:
        """Whether its scans list resources that hold data, with their settings."""
        return self.tool == Tool.STORAGE

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")
