"""Where alarms go besides people's own mail, what became of each delivery, and alerts that come in."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from incidents.models.event import SecurityEvent
from incidents.models.incident import Incident
from incidents.models.oncall import RUN
from incidents.models.severity import NOT_STATED_WORDS, Severity, is_known
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"waiting": "info", "delivered": "ok", "failed": "bad", "kept": "warn"}
_ABOUT = {"incident.alarm": "Alarm", "test": "Test"}


class AlertChannel(TenantModel):
    """Addresses that are written to, or a webhook that is called."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail list"
        WEBHOOK = "webhook", "Webhook (JSON, signed)"
        SLACK = "slack", "Webhook (Slack format)"

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.EMAIL)
    addresses = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    host = models.CharField(max_length=260, blank=True)  # of the webhook: its whole address is a secret with some services
    url = models.CharField("address", max_length=3000, blank=True, editable=False)  # sealed
    secret = models.CharField(max_length=400, blank=True, editable=False)  # sealed
    secret_at = models.DateTimeField("secret made", null=True)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    RETIRE = Transition("alert_channel.retire", {"active"}, "retired", RUN, "retired")
    RESTORE = Transition("alert_channel.restore", {"retired"}, "active", RUN, "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="alert_channel_name_unique",
                violation_error_message="There is a channel of this name already.",
            ),
            models.CheckConstraint(condition=Q(kind__in=["email", "webhook", "slack"]), name="alert_channel_kind"),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="alert_channel_status"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:channel-detail", args=[self.pk])

    @property
    def is_webhook(self) -> bool:
        """Whether it is called rather than written to."""
        return self.kind != self.Kind.EMAIL

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")


class AlertDelivery(TenantModel):
    """One call of a webhook, written in the transaction that causes it; tried until it is taken, or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"
        KEPT = "kept", "Kept here: an example sends nothing"

    channel = TenantForeignKey(AlertChannel, on_delete=models.PROTECT, related_name="deliveries")
    key = models.CharField(max_length=200)
    event = models.CharField(max_length=40)  # such as incident.alarm or test
    incident = TenantForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()  # JSON as it is sent
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    tries = models.JSONField(default=list)  # [{"at", "status", "error", "seconds"}]
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    seen_within = At("created_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-created_at", "-id"]
        verbose_name_plural = "alert deliveries"
        indexes: ClassVar = [
            models.Index(fields=["tenant", "next_at"], condition=Q(state="waiting"), name="alert_delivery_due"),
            models.Index(fields=["tenant", "channel", "-created_at"], name="alert_delivery_channel"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], name="alert_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "delivered", "failed", "kept"]), name="alert_delivery_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.channel}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:delivery-detail", args=[self.pk])

    @property
    def state_badge(self) -> Badge:
        """Its state in a word; the page says the rest."""
        return Badge(self.get_state_display().partition(":")[0], _TONES[self.state])

    @property
    def about(self) -> str:
        """Why it was written, in a word."""
        return _ABOUT.get(self.event, self.event)

    @property
    def last_try(self) -> str:
        """What the last attempt brought."""
        if not self.tries:
            return "Not tried yet"
        last = self.tries[-1]
        return str(last["error"] or f"Answered {last['status']}")


class IncomingAlert(TenantModel):
    """What another system alerts to, once for each fingerprint. Counted without events: what follows from it has them."""

    class State(models.TextChoices):
        FIRING = "firing", "Firing"
        RESOLVED = "resolved", "Resolved"

    source = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, editable=False)  # SHA-256 of what makes two of them the same
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, choices=Severity)
    said = models.CharField("severity, as sent", max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.FIRING)
    labels = models.JSONField(default=dict)
    times_seen = models.PositiveIntegerField(default=1)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    event = TenantForeignKey(SecurityEvent, null=True, on_delete=models.PROTECT, related_name="+")
    incident = TenantForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="+")

    seen_within = Lasting("first_seen_at", "resolved_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-last_seen_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-last_seen_at", "-id"], name="incoming_alert_seen"),
            models.Index(fields=["tenant", "state", "-last_seen_at"], name="incoming_alert_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "fingerprint"], name="incoming_alert_unique"),
            models.CheckConstraint(condition=Q(state__in=["firing", "resolved"]), name="incoming_alert_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def severity_stated(self) -> bool:
        """Whether the sender's word says how grave it is."""
        return is_known(self.said)

    @property
    def severity_words(self) -> str:
        """How grave it is, as far as the sender's word says so; else what holds by default, and the word that is not known."""
        if self.severity_stated:
            return self.get_severity_display()
        return f"{NOT_STATED_WORDS}: “{self.said}” is not known here" if self.said else NOT_STATED_WORDS

    @property
    def state_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_state_display(), "bad" if self.state == self.State.FIRING else "ok")


class AlertSettings(TenantModel):
    """How grave an alert opens an incident by itself; less grave ones become security events. One row, or the defaults."""

    opens = ArrayField(models.CharField(max_length=8, choices=Severity), default=list, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="alert_settings_one")]

    def __str__(self) -> str:
        return "Settings of alerts"
