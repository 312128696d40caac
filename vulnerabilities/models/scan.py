"""A scan as it was: with what, when, of what, whether it can be evaluated, and what was seen. Withdrawn, never changed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence, StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Through
from ui.components import Badge
from vulnerabilities.models.scope import ScanScope, Tool
from vulnerabilities.models.vulnerability import Severity, Vulnerability
from workflow.transitions import Transition


class Scan(TenantModel):
    """One run of a tool over a scope. One that cannot be evaluated says why: it is never clean and closes nothing.

    One that was imported wrongly is withdrawn: it stays to be read, and nothing that it saw, or did not see, counts.
    """

    class Status(models.TextChoices):
        KEPT = "kept", "Kept"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Basis(models.TextChoices):
        FILE = "file", "said by the file"
        STATED = "stated", "stated by whoever imported it"
        IMPORTED = "imported", "taken from the import, as nobody said"
        OWN = "own", "by Plumbline itself"

    reference = models.CharField("number", max_length=20)
    scope = TenantForeignKey(ScanScope, on_delete=models.PROTECT, related_name="scans")
    tool = models.CharField(max_length=11, choices=Tool)
    tool_name = models.CharField("tool, as it calls itself", max_length=120, blank=True)
    tool_version = models.CharField("version", max_length=60, blank=True)
    target = models.CharField("what it scanned", max_length=500, blank=True)
    ran_at = models.DateTimeField("ran")
    ran_basis = models.CharField("when it ran is", max_length=8, choices=Basis)
    imported_at = models.DateTimeField("imported")
    imported_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="scans")
    file = TenantForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="scans"
    )  # as it came, whatever becomes of the item
    sha256 = models.CharField("SHA-256", max_length=64)

    evaluable = models.BooleanField("can be evaluated")
    reasons = ArrayField(models.CharField(max_length=500), default=list)  # why not, in sentences
    notes = ArrayField(models.CharField(max_length=500), default=list)  # what else is worth knowing
    targets = ArrayField(models.CharField(max_length=500), default=list)  # what it says that it checked
    analyses = ArrayField(models.CharField(max_length=500), default=list)  # what SARIF calls the kind of its runs
    elsewhere = models.BooleanField("of something else", default=False)  # it neither opens nor closes anything here
    checked = models.PositiveIntegerField("checked", null=True)  # null: nobody said
    skipped = models.PositiveIntegerField("not checked", default=0)
    found = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField("back again", default=0)
    fixed = models.PositiveIntegerField("gone", default=0)
    suppressed = models.PositiveIntegerField("ignored by rules of the tool", default=0)
    ignored = models.JSONField("what rules of the tool ignore", default=list)  # by name, as Ignored in scanning/ignoring.py
    resources = models.JSONField("resources that hold data", default=list)  # each as Judged in reading/resources.py

    status = models.CharField("state", max_length=9, choices=Status, default=Status.KEPT)
    withdrawn_at = models.DateTimeField("withdrawn", null=True)
    withdrawn_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField("why it was withdrawn", blank=True, max_length=2_000)

    WITHDRAW = Transition("scan.withdraw", {"kept"}, "withdrawn", "vulnerabilities.write", "withdrawn")

    seen_within = At("ran_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-ran_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "scope", "-ran_at"], name="scan_scope_ran"),
            models.Index(fields=["tenant", "-ran_at", "-id"], name="scan_ran"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="scan_reference"),
            models.UniqueConstraint(
                fields=["tenant", "scope", "sha256", "ran_at", "evaluable"], condition=Q(status="kept"), name="scan_once"
            ),
            models.CheckConstraint(
                condition=Q(evaluable=True, reasons=[]) | (Q(evaluable=False) & ~Q(reasons=[])), name="scan_why"
            ),
            models.CheckConstraint(
                condition=Q(elsewhere=False) | Q(evaluable=False, new=0, reopened=0), name="scan_elsewhere_opens_nothing"
            ),
            models.CheckConstraint(condition=Q(evaluable=True) | Q(fixed=0), name="scan_closes_nothing"),
            models.CheckConstraint(
                condition=Q(status="kept", withdrawn_at=None)
                | (Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="scan_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vulnerabilities:scan-detail", args=[self.pk])

    @property
    def things(self) -> str:
        """What it checked, in a word."""
        return Tool(self.tool).things

    @property
    def outcome_badge(self) -> Badge:
        """What it comes to: "clean" is said of none that cannot be evaluated, and nothing of one that was withdrawn."""
        if self.status == self.Status.WITHDRAWN:
            return Badge("Withdrawn", "muted")
        if not self.evaluable:
            return Badge("Not evaluable", "bad")
        return Badge("Nothing found", "ok") if not self.found else Badge("Evaluated", "info")


class Sighting(TenantModel):
    """That a scan has seen a vulnerability, and as what. Never changed."""

    scan = TenantForeignKey(Scan, on_delete=models.PROTECT, related_name="sightings")
    vulnerability = TenantForeignKey(Vulnerability, on_delete=models.PROTECT, related_name="sightings")
    severity = models.CharField("severity it told", max_length=8, choices=Severity)
    version = models.CharField(max_length=120, blank=True)
    is_suppressed = models.BooleanField("ignored by a rule of the tool", default=False)

    seen_within = Through("scan")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "vulnerability"], name="sighting_vulnerability")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "scan", "vulnerability"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.vulnerability} in {self.scan}"


class TlsResult(TenantModel):
    """What a handshake with an endpoint showed. Never changed."""

    scan = TenantForeignKey(Scan, on_delete=models.PROTECT, related_name="tls")
    address = models.CharField("address connected to", max_length=60)
    protocol = models.CharField(max_length=12)
    cipher = models.CharField(max_length=80)
    accepts_old = models.BooleanField("accepts TLS 1.1 or older", null=True)  # null: it could not be tried
    subject = models.CharField(max_length=500)
    names = ArrayField(models.CharField(max_length=255), default=list)
    issuer = models.CharField(max_length=500)
    not_before = models.DateTimeField("valid from")
    not_after = models.DateTimeField("valid until")
    serial = models.CharField("serial number", max_length=60)
    key = models.CharField(max_length=40)
    sha256 = models.CharField("fingerprint of the certificate", max_length=64)
    trusted = models.BooleanField("chain valid")
    trust_error = models.CharField("why not", max_length=300, blank=True)

    seen_within = Through("scan")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "scan"], name="tls_result_once")]

    def __str__(self) -> str:
        return f"{self.protocol} at {self.address}"
