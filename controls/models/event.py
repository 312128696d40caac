"""Events that other systems log for a control. Written once, never changed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Control
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from ui.components import Badge, Tone
from workflow.transitions import Transition


class EventKind(models.TextChoices):
    """What an event is about; each has a schema of its own."""

    ACCESS = "access", "Access"
    CHANGE = "change", "Change"
    INCIDENT = "incident", "Incident"
    BACKUP = "backup", "Backup"
    REVIEW = "review", "Review"
    DELETION = "deletion", "Deletion"
    AVAILABILITY = "availability", "Availability"


class EventResult(models.TextChoices):
    """What an event says, in one word. Derived from its content when it is received."""

    SUCCESS = "success", "Success"
    FAILURE = "failure", "Failure"
    DENIED = "denied", "Denied"
    PARTIAL = "partial", "Partial"
    APPROVED = "approved", "Approved"
    SELF_APPROVED = "self_approved", "Approved by its implementer"
    UNAPPROVED = "unapproved", "Without approver"
    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    CLEAN = "clean", "Without findings"
    FINDINGS = "findings", "With findings"
    VERIFIED = "verified", "Verified"
    UNVERIFIED = "unverified", "Not verified"
    MET = "met", "Target met"
    MISSED = "missed", "Target missed"
    NOTED = "noted", "Noted"


_GOOD = {"success", "approved", "clean", "verified", "met"}
_BAD = {"failure", "unapproved", "critical", "missed"}


def result_badge(result: str) -> Badge:
    """A result as a word in a tone."""
    tone: Tone = "ok" if result in _GOOD else "bad" if result in _BAD else "warn"
    return Badge(EventResult(result).label, "muted" if result in {"medium", "low", "noted"} else tone)


class EventBatch(TenantModel):
    """One request with events: what came of it. The digest covers id, control and hash of each event it added, in order."""

    source = models.CharField("system", max_length=60)
    sent_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField()
    accepted = models.PositiveIntegerField()
    duplicates = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    digest = models.CharField("SHA-256", max_length=64)

    seen_within = At("received_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-received_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "received_at"], name="event_batch_received")]

    def __str__(self) -> str:
        return f"{self.accepted:,} event{'' if self.accepted == 1 else 's'} from {self.source}"


class ControlEvent(TenantModel):
    """One event as it was sent: its canonical text, the hash over it, and what lists and totals look at."""

    batch = TenantForeignKey(EventBatch, on_delete=models.PROTECT, related_name="events")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind)
    source = models.CharField("system", max_length=60)
    event_id = models.CharField("the sender's own id", max_length=200)
    occurred_at = models.DateTimeField("occurred")
    month = models.DateField(help_text="first day of the month where the organization lived when it was received")
    body = models.TextField(help_text="canonical JSON; these bytes are hashed")
    sha256 = models.CharField("SHA-256", max_length=64)
    result = models.CharField(max_length=14, choices=EventResult)
    notable = models.BooleanField("worth a look")
    subject = models.CharField("about", max_length=200)
    actor = models.CharField("by", max_length=200, blank=True)
    ip = models.CharField("IP address", max_length=45, blank=True)
    measure = models.FloatField(null=True, help_text="percent, count or minutes, as the kind has it")

    seen_within = At("occurred_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-occurred_at"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "occurred_at"], name="control_event_occurred"),
            models.Index(fields=["tenant", "control", "occurred_at"], name="control_event_control"),
            models.Index(fields=["tenant", "kind", "month", "control", "result"], name="control_event_totals"),
            models.Index(fields=["tenant", "kind", "occurred_at"], condition=Q(notable=True), name="control_event_notable"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source", "event_id"], name="control_event_once"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="control_event_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} event {self.event_id}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:event-detail", args=[self.pk])

    @property
    def result_badge(self) -> Badge:
        """What it says, as a word in a tone."""
        return result_badge(self.result)


class AlertRule(TenantModel):
    """When events ask for a look: so many of a kind within so many minutes, by the same user, address or thing."""

    class Watches(models.TextChoices):
        FAILED_ACCESS = "failed_access", "Failed or denied access"
        CRITICAL_INCIDENT = "critical_incident", "Critical incident"
        FAILED_BACKUP = "failed_backup", "Backup that failed or is partial"
        UNAPPROVED_CHANGE = "unapproved_change", "Change without an approver of its own"
        MISSED_TARGET = "missed_target", "Availability below its target"

    class By(models.TextChoices):
        ACTOR = "actor", "Same user"
        IP = "ip", "Same IP address"
        SUBJECT = "subject", "Same resource or system"
        CONTROL = "control", "Same control"

    class Status(models.TextChoices):
        ON = "on", "On"
        OFF = "off", "Off"

    name = models.CharField(max_length=120)
    watches = models.CharField("watches for", max_length=20, choices=Watches)
    threshold = models.PositiveSmallIntegerField("how many", default=1)
    minutes = models.PositiveIntegerField("within how many minutes", default=60)
    by = models.CharField("counted by", max_length=8, choices=By, default=By.SUBJECT)
    recipients = ArrayField(models.UUIDField(), default=list, blank=True, help_text="members who are told by mail")
    status = models.CharField("state", max_length=3, choices=Status, default=Status.ON)
    made_at = models.DateTimeField(auto_now_add=True)

    TURN_OFF = Transition("alert_rule.turn_off", {"on"}, "off", "controls.write", "turned off")
    TURN_ON = Transition("alert_rule.turn_on", {"off"}, "on", "controls.write", "turned on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="alert_rule_name_unique",
                violation_error_message="There is a rule with this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["on", "off"]), name="alert_rule_status"),
            models.CheckConstraint(
                condition=Q(threshold__gte=1, threshold__lte=1000),
                name="alert_rule_threshold",
                violation_error_message="From 1 to 1,000 events.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440),
                name="alert_rule_minutes",
                violation_error_message="From a minute to a day (1,440).",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:rule-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Whether it watches."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ON else "muted")


class Alert(TenantModel):
    """Something that asks for a look. Over once somebody has noted what they found."""

    class Status(models.TextChoices):
        OPEN = "open", "Not looked at"
        LOOKED_AT = "looked_at", "Looked at"

    reference = models.CharField("number", max_length=20)
    rule = TenantForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="alerts")
    watches = models.CharField("what", max_length=20, choices=AlertRule.Watches)
    by = models.CharField("counted by", max_length=8, choices=AlertRule.By)
    same = models.CharField("of whom or what", max_length=200)
    sentence = models.CharField("what happened", max_length=400)
    seen = models.PositiveIntegerField("events when it was raised")
    first_at = models.DateTimeField("from")
    until = models.DateTimeField(help_text="what follows until then belongs to this alert")
    raised_at = models.DateTimeField("raised")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.OPEN)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    found = models.TextField("what was found", blank=True)

    LOOK = Transition("alert.look", {"open"}, "looked_at", "alerts.work", "looked at")

    seen_within = At("raised_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-raised_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "raised_at"], name="alert_open")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="alert_reference_unique"),
            models.UniqueConstraint(fields=["tenant", "rule", "same", "first_at"], name="alert_once"),
            models.CheckConstraint(condition=Q(status__in=["open", "looked_at"]), name="alert_status"),
            models.CheckConstraint(condition=Q(first_at__lte=F("until")), name="alert_window"),
            models.CheckConstraint(
                condition=Q(status="open") | (Q(looked_at__isnull=False, looked_by__isnull=False) & ~Q(found="")),
                name="alert_looked_at",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:alert-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Whether somebody has looked."""
        return Badge(self.get_status_display(), "bad" if self.status == self.Status.OPEN else "ok")
