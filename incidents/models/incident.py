"""An incident: what went wrong, how grave it is, who is on it, when was what, and where it stands."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from incidents.models.severity import Graded, Severity
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

ONGOING = frozenset({"open", "investigating", "contained"})
PENDING = frozenset({*ONGOING, "resolved"})
OVER = frozenset({"closed", "dismissed"})
GRAVE = frozenset({"critical", "high"})  # need a root cause, preventive measures and a review to be closed
NEEDS_REVIEW = Q(severity__in=GRAVE) | Q(gravest__in=GRAVE)
_TONES: dict[str, Tone] = {
    "open": "bad",
    "investigating": "warn",
    "contained": "warn",
    "resolved": "info",
    "closed": "ok",
    "dismissed": "muted",
}


class Kind(models.TextChoices):
    """What an incident harms."""

    SECURITY = "security", "Security"
    AVAILABILITY = "availability", "Availability"
    PRIVACY = "privacy", "Privacy"
    INTEGRITY = "integrity", "Integrity"
    VENDOR = "vendor", "Vendor"


class Incident(TenantModel, Graded):
    """Something that went wrong. Over once it is closed or dismissed; a closed one may be opened again.

    Its times are kept in `IncidentTime`, each with who recorded it; the columns here are copies of those that hold now.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        INVESTIGATING = "investigating", "Investigating"
        CONTAINED = "contained", "Contained"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Closed"
        DISMISSED = "dismissed", "Dismissed"

    reference = models.CharField("number", max_length=20)
    title = models.CharField(max_length=200)
    description = models.TextField("what happened", blank=True, max_length=20_000)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SECURITY)
    gravest = models.CharField("gravest severity it had", max_length=8, choices=Severity, default=Severity.LOW, editable=False)
    lowered_at = models.DateTimeField("had it until", null=True, editable=False)  # null: it is that grave
    confidential = models.BooleanField(default=False)
    status = models.CharField("state", max_length=13, choices=Status, default=Status.OPEN)
    data_affected = models.TextField("which data are affected", blank=True, max_length=10_000)
    component = models.CharField(max_length=200, blank=True, editable=False)  # such as check:<id>: outages of it join this one

    reported_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    detected_by = models.CharField("detected by", max_length=200, blank=True)  # a person, a tool, a customer
    assigned_to = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    commander = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents_commanded")
    scribe = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents_written")

    occurred_at = models.DateTimeField(null=True, editable=False)
    detected_at = models.DateTimeField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    contained_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    acknowledge_due_at = models.DateTimeField(null=True, editable=False)
    review_due_on = models.DateField(null=True, editable=False)

    root_cause = models.TextField(blank=True, max_length=20_000)
    resolution = models.TextField(blank=True, max_length=20_000)
    dismissed_reason = models.TextField("why it is none", blank=True, max_length=5_000)
    times_reopened = models.PositiveSmallIntegerField(default=0, editable=False)

    INVESTIGATE = Transition("incident.investigate", {"open"}, "investigating", "incidents.work", "investigated")
    CONTAIN = Transition("incident.contain", {"open", "investigating"}, "contained", "incidents.work", "marked as contained")
    RESOLVE = Transition("incident.resolve", ONGOING, "resolved", "incidents.work", "resolved")
    CLOSE = Transition("incident.close", {"resolved"}, "closed", "incidents.write", "closed")
    DISMISS = Transition("incident.dismiss", {"open", "investigating"}, "dismissed", "incidents.write", "dismissed")
    REOPEN = Transition("incident.reopen", {"resolved", *OVER}, "investigating", "incidents.work", "opened again")

    seen_within = Lasting("reported_at", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-reported_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "-reported_at"], name="incident_status"),
            models.Index(fields=["tenant", "-reported_at", "-id"], name="incident_reported"),
            models.Index(fields=["tenant", "severity", "-reported_at"], name="incident_severity_at"),
            models.Index(fields=["tenant", "assigned_to", "status"], name="incident_assigned"),
            models.Index(fields=["tenant", "title", "id"], name="incident_title"),
            models.Index(fields=["tenant", "component"], name="incident_component", condition=~Q(component="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="incident_reference_unique"),
            models.UniqueConstraint(
                fields=["tenant", "component"],
                condition=~Q(component="") & Q(status__in=["open", "investigating", "contained"]),
                name="incident_one_per_component",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "investigating", "contained", "resolved", "closed", "dismissed"]),
                name="incident_status",
            ),
            models.CheckConstraint(condition=Q(severity__in=["critical", "high", "medium", "low"]), name="incident_severity"),
            models.CheckConstraint(
                condition=Q(kind__in=["security", "availability", "privacy", "integrity", "vendor"]), name="incident_kind"
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissed") | ~Q(dismissed_reason=""), name="incident_dismissed_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["resolved", "closed"]) | Q(resolved_at__isnull=False), name="incident_resolved_when"
            ),
            models.CheckConstraint(condition=~Q(status="closed") | Q(closed_at__isnull=False), name="incident_closed_when"),
            models.CheckConstraint(
                condition=(
                    ~Q(status="closed", severity__in=["critical", "high"]) & ~Q(status="closed", gravest__in=["critical", "high"])
                )
                | (~Q(root_cause="") & ~Q(resolution="")),
                name="incident_closed_with_cause",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:detail", args=[self.pk])

    @property
    def noticed_by(self) -> str:
        """Who or what noticed it: as somebody said, or else whoever reported it; empty where nobody knows."""
        return self.detected_by or (self.reported_by.name if self.reported_by else "")

    @property
    def is_ongoing(self) -> bool:
        """Whether what went wrong is not resolved yet."""
        return self.status in ONGOING

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in OVER

    @property
    def is_grave(self) -> bool:
        """Whether it needs a root cause, preventive measures and a review: for what it is, or was until it was lowered."""
        return bool({self.severity, self.gravest} & GRAVE)

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class IncidentSystem(TenantModel):
    """A system that an incident affects."""

    incident = TenantForeignKey(Incident, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="incidents")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "incident", "system"], name="incident_system_unique")]

    def __str__(self) -> str:
        return f"{self.system} in {self.incident}"


class IncidentMember(TenantModel):
    """Somebody of an incident's team: they, and those who may see all confidential ones, see it when it is confidential."""

    incident = TenantForeignKey(Incident, on_delete=models.CASCADE, related_name="team")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "incident", "member"], name="incident_member_unique")]

    def __str__(self) -> str:
        return f"{self.member} in the team of {self.incident}"


class IncidentTime(TenantModel):
    """When something was, as somebody recorded it. Nothing recorded is changed: a correction is another row with its reason."""

    class What(models.TextChoices):
        OCCURRED = "occurred", "Occurred"
        DETECTED = "detected", "Detected"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        CONTAINED = "contained", "Contained"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Closed"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="times")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField(null=True)  # null: withdrawn, it is not known or not so yet
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # null: the product
    recorded_as = models.CharField(max_length=120)  # the recorder's name then
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=1_000, blank=True)  # why it was corrected

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "incident", "recorded_at"], name="incident_time_recorded")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what__in=["occurred", "detected", "acknowledged", "contained", "resolved", "closed"]),
                name="incident_time_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.get_what_display().lower()}"
