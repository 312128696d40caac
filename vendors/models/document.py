"""What a vendor has shown us: agreements, reports, certificates, with their days."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Control
from evidence.models import Evidence
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Either, Lasting
from ui.components import Badge, Tone
from vendors.models.vendor import Vendor
from workflow.transitions import Transition

_OPINION_TONES: dict[str, Tone] = {"unqualified": "ok", "qualified": "warn", "adverse": "bad", "disclaimer": "bad"}


class VendorDocument(TenantModel):
    """A document of a vendor, kept as evidence. A SOC 2 report has its type, period and opinion; a bridge letter its days."""

    cared_with = "vendor_id"

    class Kind(models.TextChoices):
        DPA = "dpa", "Data processing agreement"
        CONTRACT = "contract", "Contract"
        SOC2 = "soc2", "SOC 2 report"
        BRIDGE = "bridge", "Bridge letter"
        ISO = "iso", "ISO certificate"
        PENTEST = "pentest", "Penetration test"
        INSURANCE = "insurance", "Insurance"
        OTHER = "other", "Other"

    class Type(models.TextChoices):
        ONE = "type_1", "Type I: on one day"
        TWO = "type_2", "Type II: over a period"

    class Opinion(models.TextChoices):
        UNQUALIFIED = "unqualified", "Unqualified"
        QUALIFIED = "qualified", "Qualified"
        ADVERSE = "adverse", "Adverse"
        DISCLAIMER = "disclaimer", "Disclaimer"

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        WITHDRAWN = "withdrawn", "Withdrawn"

    vendor = TenantForeignKey(Vendor, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=9, choices=Kind)
    title = models.CharField(max_length=200)
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="vendor_documents")
    issued_on = models.DateField("issued")
    expires_on = models.DateField("expires", null=True, blank=True)
    report_type = models.CharField("type", max_length=6, choices=Type, blank=True)
    period_from = models.DateField("from", null=True, blank=True)
    period_to = models.DateField("to", null=True, blank=True)
    opinion = models.CharField(max_length=11, choices=Opinion, blank=True)
    auditor = models.CharField("who audited", max_length=200, blank=True)
    exceptions = models.TextField("exceptions in it, and what they mean for us", blank=True, max_length=10_000)
    notes = models.TextField(blank=True, max_length=4_000)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.CURRENT)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    WITHDRAW = Transition("vendor_document.withdraw", {"current"}, "withdrawn", "vendors.write", "withdrawn")

    seen_within = Either(Lasting("period_from", "period_to"), Lasting("issued_on", "expires_on"))

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-issued_on", "title"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "vendor", "kind", "status"], name="vendor_document_kind"),
            models.Index(fields=["tenant", "status", "expires_on"], name="vendor_document_expiry"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["dpa", "contract", "soc2", "bridge", "iso", "pentest", "insurance", "other"])
                & Q(status__in=["current", "withdrawn"]),
                name="vendor_document_words",
            ),
            models.CheckConstraint(condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")), name="vendor_document_days"),
            models.CheckConstraint(
                condition=Q(period_from=None, period_to=None) | Q(period_to__gte=F("period_from")), name="vendor_document_period"
            ),
            models.CheckConstraint(
                condition=~Q(kind="soc2")
                | (Q(report_type="type_2") & Q(period_from__isnull=False))
                | Q(report_type="type_1", period_from=F("period_to")),
                name="vendor_document_soc2",
            ),
            models.CheckConstraint(
                condition=~Q(kind="soc2") | Q(opinion__in=["unqualified", "qualified", "adverse", "disclaimer"]),
                name="vendor_document_opinion",
            ),
            models.CheckConstraint(condition=~Q(kind="bridge") | Q(period_from__isnull=False), name="vendor_document_bridge"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:document-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Whether it still counts."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.CURRENT else "muted")

    @property
    def opinion_badge(self) -> Badge | None:
        """What the auditor concluded."""
        return Badge(self.get_opinion_display(), _OPINION_TONES[self.opinion]) if self.opinion else None


class DocumentDuty(TenantModel):
    """A complementary user-entity control: what a report expects of us, with the control of ours that does it and its owner."""

    cared_with = "document__vendor_id"

    class Status(models.TextChoices):
        OPEN = "open", "Not mapped"
        MAPPED = "mapped", "Mapped"
        NOT_NEEDED = "not_needed", "Not needed here"

    document = TenantForeignKey(VendorDocument, on_delete=models.PROTECT, related_name="duties")
    place = models.PositiveSmallIntegerField()
    text = models.TextField("what is expected of us", max_length=2_000)
    control = TenantForeignKey(Control, null=True, on_delete=models.PROTECT, related_name="vendor_duties")
    owner = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="vendor_duties")
    reason = models.CharField("why it is not needed", max_length=500, blank=True)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.OPEN)

    MAP = Transition("vendor_duty.map", {"open", "mapped", "not_needed"}, "mapped", "vendors.write", "mapped")
    SPARE = Transition("vendor_duty.spare", {"open", "mapped", "not_needed"}, "not_needed", "vendors.write", "set aside")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "document", "place"], name="document_duty_place"),
            models.CheckConstraint(
                condition=Q(status="open")
                | Q(status="mapped", control__isnull=False, owner__isnull=False)
                | (Q(status="not_needed") & ~Q(reason="")),
                name="document_duty_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.text[:80]}"

    @property
    def status_badge(self) -> Badge:
        """Whether somebody does it."""
        return Badge(self.get_status_display(), "warn" if self.status == self.Status.OPEN else "ok")


class DocumentSubservice(TenantModel):
    """A subservice organization that a report names, and the controls that are expected of it."""

    class Method(models.TextChoices):
        CARVE_OUT = "carve_out", "Carve-out: its controls are not in the report"
        INCLUSIVE = "inclusive", "Inclusive: its controls are part of the report"

    document = TenantForeignKey(VendorDocument, on_delete=models.PROTECT, related_name="subservices")
    name = models.CharField(max_length=200)
    service = models.CharField("what it does", max_length=300, blank=True)
    method = models.CharField(max_length=9, choices=Method, default=Method.CARVE_OUT)
    expected = models.TextField("controls expected of it", blank=True, max_length=4_000)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "document", "name"],
                name="document_subservice_name",
                violation_error_message="The report names it already.",
            ),
            models.CheckConstraint(condition=Q(method__in=["carve_out", "inclusive"]), name="document_subservice_method"),
        ]

    def __str__(self) -> str:
        return self.name
