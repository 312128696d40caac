"""Duties to notify: the rules as an organization keeps them, and the clock of each for an incident."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence, StoredFile
from incidents.models.incident import Incident, Kind
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

PENDING = frozenset({"waiting", "running", "to_notify"})
_TONES: dict[str, Tone] = {
    "waiting": "muted",
    "running": "warn",
    "to_notify": "warn",
    "not_notifying": "muted",
    "notified": "ok",
    "void": "muted",
}


class Trigger(models.TextChoices):
    """From when on the time of a duty runs."""

    AWARENESS = "awareness", "Awareness"
    CLASSIFICATION = "classification", "Classification as major"
    DISCOVERY = "discovery", "Discovery"
    MATERIALITY = "materiality", "Determination of materiality"
    NOTICE = "notice", "The notice before it"


class Unit(models.TextChoices):
    """In what a deadline is counted."""

    HOURS = "hours", "hours"
    DAYS = "days", "days"
    BUSINESS_DAYS = "business_days", "business days"
    MONTHS = "months", "months"


class Data(models.TextChoices):
    """Whose data a duty is about."""

    ANY = "any", "Any incident of these kinds"
    CUSTOMER = "customer", "Customer data"
    PERSONAL = "personal", "Personal data"
    HEALTH = "health", "Health data"


class NotificationRule(TenantModel):
    """A duty to notify somebody within a time. Data to be confirmed with counsel; never legal advice."""

    class Status(models.TextChoices):
        ON = "on", "On"
        OFF = "off", "Off"

    key = models.CharField(max_length=40, blank=True, editable=False)  # of the template it came from
    name = models.CharField(max_length=120)
    recipient = models.CharField("who is to be notified", max_length=200)
    basis = models.CharField("where it stands", max_length=300, blank=True)
    advice = models.TextField("what to mind", blank=True, max_length=5_000)
    trigger = models.CharField("runs from", max_length=14, choices=Trigger, default=Trigger.AWARENESS)
    amount = models.PositiveSmallIntegerField("time allowed")
    unit = models.CharField("counted in", max_length=13, choices=Unit, default=Unit.HOURS)
    cap_trigger = models.CharField("and no later than, from", max_length=14, choices=Trigger, blank=True)
    cap_amount = models.PositiveSmallIntegerField("at most", null=True, blank=True)
    cap_unit = models.CharField("at most, counted in", max_length=13, choices=Unit, blank=True)
    follows = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    kinds = ArrayField(models.CharField(max_length=12, choices=Kind), verbose_name="incidents of these kinds", default=list)
    data = models.CharField("when these are affected", max_length=8, choices=Data, default=Data.ANY)
    status = models.CharField("state", max_length=3, choices=Status, default=Status.OFF)
    position = models.PositiveSmallIntegerField(default=100)
    confirmed_by = models.CharField("confirmed by counsel", max_length=200, blank=True)
    confirmed_on = models.DateField("confirmed on", null=True, blank=True)

    TURN_ON = Transition("notification_rule.turn_on", {"off"}, "on", "incidents.write", "turned on")
    TURN_OFF = Transition("notification_rule.turn_off", {"on"}, "off", "incidents.write", "turned off")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["position", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], condition=~Q(key=""), name="notification_rule_key_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="notification_rule_name_unique"),
            models.CheckConstraint(condition=Q(status__in=["on", "off"]), name="notification_rule_status"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="notification_rule_some_time"),
            models.CheckConstraint(
                condition=Q(cap_trigger="", cap_amount__isnull=True, cap_unit="")
                | (~Q(cap_trigger="") & Q(cap_amount__gte=1) & ~Q(cap_unit="")),
                name="notification_rule_cap_whole",
            ),
            models.CheckConstraint(
                condition=Q(trigger="notice", follows__isnull=False) | (~Q(trigger="notice") & Q(follows__isnull=True)),
                name="notification_rule_follows_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:rule-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Whether it is on, as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ON else "muted")


class IncidentMoment(TenantModel):
    """When a duty's time began to run, as somebody determined it. Nothing is changed: the newest one of a sort holds."""

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="moments")
    what = models.CharField(max_length=14, choices=Trigger)
    at = models.DateTimeField(null=True)  # null: withdrawn
    reason = models.CharField("on what grounds", max_length=1_000)
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_as = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "incident", "recorded_at"], name="incident_moment_of")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what__in=["awareness", "classification", "discovery", "materiality"]), name="incident_moment_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} of {self.incident}"


class IncidentImpact(TenantModel):
    """Whose data an incident affects, as somebody answered. The newest answer holds."""

    class Answer(models.TextChoices):
        UNKNOWN = "unknown", "Not known yet"
        YES = "yes", "Yes"
        NO = "no", "No"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="impacts")
    customer = models.CharField("customer data", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    personal = models.CharField("personal data", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    health = models.CharField("health data", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    reason = models.CharField("how that is known", max_length=1_000, blank=True)
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_as = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "incident", "recorded_at"], name="incident_impact_of")]

    def __str__(self) -> str:
        return f"Data affected by {self.incident}"


class NotificationClock(TenantModel):
    """The time that a rule leaves to notify somebody of an incident. It keeps the terms the rule had when it began."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Not running yet"
        RUNNING = "running", "To be decided"
        TO_NOTIFY = "to_notify", "To be notified"
        NOT_NOTIFYING = "not_notifying", "Not to be notified"
        NOTIFIED = "notified", "Notified"
        VOID = "void", "Void"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="clocks")
    rule = TenantForeignKey(NotificationRule, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=120)
    recipient = models.CharField(max_length=200)
    terms = models.JSONField()  # trigger, amount, unit, cap_trigger, cap_amount, cap_unit as the rule had them
    trigger_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    status = models.CharField("state", max_length=13, choices=Status, default=Status.WAITING)
    started_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField("why", blank=True, max_length=5_000)
    notified_at = models.DateTimeField(null=True)
    notified_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    notified_whom = models.CharField("whom, and how", max_length=300, blank=True)
    file = TenantForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    evidence = TenantForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications")

    RUN = Transition("notification_clock.run", {"waiting"}, "running", "incidents.work", "started")
    WAIT = Transition("notification_clock.wait", {"running", "to_notify"}, "waiting", "incidents.work", "stopped")
    DECIDE = Transition(
        "notification_clock.decide", {"waiting", "running", "not_notifying"}, "to_notify", "incidents.write", "decided"
    )
    REFRAIN = Transition(
        "notification_clock.refrain", {"waiting", "running", "to_notify"}, "not_notifying", "incidents.write", "decided"
    )
    NOTIFY = Transition(
        "notification_clock.notify", {*PENDING, "not_notifying"}, "notified", "incidents.write", "marked as notified"
    )
    VOID = Transition("notification_clock.void", PENDING, "void", "incidents.work", "made void")
    REVIVE = Transition("notification_clock.revive", {"void"}, "waiting", "incidents.work", "started again")

    seen_within = Through("incident")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_at", "name", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "due_at"], name="notification_clock_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "incident", "rule"], name="notification_clock_unique"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "to_notify", "not_notifying", "notified", "void"]),
                name="notification_clock_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="not_notifying") | (~Q(reason="") & Q(decided_at__isnull=False)),
                name="notification_clock_reasoned",
            ),
            models.CheckConstraint(
                condition=~Q(status="notified") | Q(notified_at__isnull=False), name="notification_clock_notified_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.incident}"

    def get_absolute_url(self) -> str:
        """Its place on the page of its incident."""
        return f"{reverse('incidents:detail', args=[self.incident_id])}#clocks"

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether its time has run out without a notice or a decision against one."""
        return self.status in PENDING and self.due_at is not None and self.due_at < now

    def was_late(self) -> bool:
        """Whether the notice left after its time."""
        return self.notified_at is not None and self.due_at is not None and self.notified_at > self.due_at

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class Holiday(TenantModel):
    """A day on which the organization does no business: business days leave it out, as they do weekends."""

    day = models.DateField()
    name = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "day"], name="holiday_unique")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
