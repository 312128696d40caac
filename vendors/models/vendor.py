"""A vendor: somebody outside whose product or work the organization uses, or wants to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from accounts.sealed import SealedLinesField
from controls.models import Finding
from evidence.models import Evidence
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from vendors.tiers import Access, Criticality, DataShared, Judged, Risk, Tier, judge
from workflow.transitions import Transition

LINE = 200
AT_WORK = frozenset({"in_use", "offboarding"})
OVER = frozenset({"rejected", "left"})
# Reviewed, and nobody has decided on it: before use, or of one that was used before.
UNDECIDED = Q(diligence_on__isnull=False) & (Q(status="due_diligence") | Q(status="in_use", decided_at=None))
_TONES: dict[str, Tone] = {
    "requested": "warn", "due_diligence": "info", "approved": "info", "rejected": "muted", "in_use": "ok",
    "offboarding": "warn", "left": "muted",
}  # fmt: skip
RISK_TONES: dict[str, Tone] = {"critical": "bad", "high": "bad", "medium": "warn", "low": "muted"}


def lines(name: str) -> "ArrayField[list[str], list[str]]":
    """Short texts, one a line in forms and files."""
    return ArrayField(models.CharField(max_length=LINE), default=list, blank=True, verbose_name=name)


class Vendor(TenantModel):
    """Asked for, looked at, decided on, in use, left with evidence.

    Risk and tier follow from the three answers (vendors/tiers.py); the database holds that the points are theirs.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        DUE_DILIGENCE = "due_diligence", "Due diligence"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        IN_USE = "in_use", "In use"
        OFFBOARDING = "offboarding", "Offboarding"
        LEFT = "left", "Left"

    class Training(models.TextChoices):
        UNKNOWN = "unknown", "Not known yet"
        NO = "no", "No"
        OPTED_OUT = "opted_out", "No: we have opted out"
        YES = "yes", "Yes"

    class Data(models.TextChoices):
        RETURNED = "returned", "Returned to us"
        DESTROYED = "destroyed", "Destroyed"
        NONE_HELD = "none_held", "It held none"

    reference = models.CharField("number", max_length=20)
    name = models.CharField(max_length=200)
    website = models.CharField(max_length=200, blank=True)
    service = models.CharField("what it does for us", max_length=300)
    why = models.TextField("why it is needed", blank=True, max_length=4_000)
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="vendors")
    contacts = SealedLinesField("contacts", label="vendor.contacts")
    data_classes = lines("data it gets")
    locations = lines("where it keeps or handles data")
    subprocessors = lines("subprocessors")
    notes = models.TextField(blank=True, max_length=10_000)

    data_shared = models.PositiveSmallIntegerField("data", choices=DataShared)
    criticality = models.PositiveSmallIntegerField(choices=Criticality)
    access = models.PositiveSmallIntegerField(choices=Access)
    points = models.PositiveSmallIntegerField(editable=False)
    inherent = models.CharField("inherent risk", max_length=8, choices=Risk)
    tier = models.PositiveSmallIntegerField(choices=Tier)
    residual = models.CharField("residual risk", max_length=8, choices=Risk, blank=True)

    is_ai = models.BooleanField("supplies AI", default=False)
    ai_sent = models.TextField("what is sent to it", blank=True, max_length=4_000)
    ai_retention = models.CharField("how long it keeps what is sent", max_length=300, blank=True)
    ai_training = models.CharField("trains its models with it", max_length=9, choices=Training, default=Training.UNKNOWN)

    status = models.CharField("state", max_length=13, choices=Status, default=Status.REQUESTED)
    requested_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    diligence_on = models.DateField("due diligence done", null=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField("why it was decided so", blank=True, max_length=4_000)
    used_since = models.DateField("in use since", null=True)
    reviewed_on = models.DateField("last review", null=True)
    next_review_on = models.DateField("next review", null=True)
    finding = TenantForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="vendors")

    leaving_on = models.DateField("leaves by", null=True)
    leaving_reason = models.TextField("why it leaves", blank=True, max_length=4_000)
    access_ended_on = models.DateField("access removed", null=True)
    access_evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    data_outcome = models.CharField("what became of the data", max_length=9, choices=Data, blank=True)
    data_ended_on = models.DateField("data returned or destroyed", null=True)
    data_evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField("left", null=True)

    BEGIN = Transition("vendor.begin", {"requested"}, "due_diligence", "vendors.write", "looked at")
    APPROVE = Transition("vendor.approve", {"due_diligence"}, "approved", "vendors.approve", "approved")
    REJECT = Transition("vendor.reject", {"requested", "due_diligence", "approved"}, "rejected", "vendors.approve", "rejected")
    USE = Transition("vendor.use", {"requested", "due_diligence", "approved"}, "in_use", "vendors.write", "put into use")
    CONFIRM = Transition("vendor.confirm", {"in_use"}, "in_use", "vendors.approve", "decided on")
    RECONSIDER = Transition("vendor.reconsider", {"approved"}, "due_diligence", "vendors.write", "looked at again")
    OFFBOARD = Transition("vendor.offboard", {"in_use"}, "offboarding", "vendors.write", "offboarded")
    KEEP = Transition("vendor.keep", {"offboarding"}, "in_use", "vendors.write", "kept")
    LEAVE = Transition("vendor.leave", {"offboarding"}, "left", "vendors.write", "left")
    REOPEN = Transition("vendor.reopen", {"rejected", "left"}, "requested", "vendors.write", "asked for again")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "name", "id"], name="vendor_by_name"),
            models.Index(fields=["tenant", "status", "name", "id"], name="vendor_by_status"),
            models.Index(fields=["tenant", "tier", "name", "id"], name="vendor_by_tier"),
            models.Index(fields=["tenant", "next_review_on", "id"], name="vendor_by_review"),
            models.Index(fields=["tenant", "owner"], name="vendor_by_owner"),
            models.Index(fields=["tenant", "requested_by"], name="vendor_by_requester"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="vendor_reference"),
            models.UniqueConstraint(
                fields=["tenant", "name"], name="vendor_name", violation_error_message="There is a vendor of this name already."
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "due_diligence", "approved", "rejected", "in_use", "offboarding", "left"]),
                name="vendor_status",
            ),
            models.CheckConstraint(
                condition=Q(data_shared__lte=3, criticality__lte=3, access__lte=3)
                & Q(points=F("data_shared") + F("criticality") + F("access")),
                name="vendor_points",
            ),
            models.CheckConstraint(
                condition=Q(inherent="critical", tier=1) | Q(inherent="high", tier=2) | Q(inherent__in=["low", "medium"], tier=3),
                name="vendor_tier",
            ),
            models.CheckConstraint(condition=Q(residual__in=["", "low", "medium", "high", "critical"]), name="vendor_residual"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(requested_by=None) | ~Q(decided_by=F("requested_by")),
                name="vendor_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "rejected"]) | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="vendor_decided",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_use", "offboarding"]) | Q(used_since__isnull=False, next_review_on__isnull=False),
                name="vendor_used",
            ),
            models.CheckConstraint(
                condition=~Q(status="left")
                | (
                    Q(left_on__isnull=False, access_ended_on__isnull=False, access_evidence__isnull=False)
                    & (Q(data_outcome="none_held") | (~Q(data_outcome="") & Q(data_evidence__isnull=False)))
                ),
                name="vendor_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:detail", args=[self.pk])

    @property
    def judged(self) -> Judged:
        """What its answers come to."""
        return judge(self.data_shared, self.criticality, self.access)

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens with it."""
        return self.status in OVER

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def inherent_badge(self) -> Badge:
        """Its inherent risk."""
        return Badge(self.get_inherent_display(), RISK_TONES[self.inherent])

    @property
    def residual_badge(self) -> Badge | None:
        """Its residual risk, once somebody has judged it."""
        return Badge(self.get_residual_display(), RISK_TONES[self.residual]) if self.residual else None


class VendorSystem(TenantModel):
    """A system of ours that a vendor runs or is connected to."""

    vendor = TenantForeignKey(Vendor, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="vendors")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "vendor", "system"], name="vendor_system_once")]

    def __str__(self) -> str:
        return str(self.system_id)


class VendorWord(TenantModel):
    """A word of a vendor, made by vendors/register/words.py. In the order of its bytes, so that beginnings are found."""

    vendor = TenantForeignKey(Vendor, db_index=False, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "word", "vendor"], name="vendor_word_search")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "vendor", "word"], name="vendor_word_unique")]

    def __str__(self) -> str:
        return self.word
