"""A check: what is watched, how often, and what was found last."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.outgoing.masking import masked
from workflow.transitions import Transition

EDITS = "monitoring.write"
RECORDS = "monitoring.test"
NOT_LOOKED = "Could not be evaluated"  # the look was refused, or was not possible from here
CLOCKS = dt.timedelta(minutes=1)  # by which two clocks may be apart: what is later than this has not come yet


class Kind(models.TextChoices):
    """How something is watched."""

    HTTP = "http", "HTTP"
    TCP = "tcp", "TCP port"
    POSTGRESQL = "postgresql", "PostgreSQL"
    REDIS = "redis", "Redis or Valkey"
    HEARTBEAT = "heartbeat", "Heartbeat"
    VALUE = "value", "Value sent"


PASSIVE = frozenset({Kind.HEARTBEAT.value, Kind.VALUE.value})  # they tell us; their silence is what is looked for


class Health(models.TextChoices):
    """What is known of something watched."""

    HEALTHY = "healthy", "Healthy"
    DEGRADED = "degraded", "Degraded"
    DOWN = "down", "Down"
    UNKNOWN = "unknown", "Unknown"


HEALTH_TONES: dict[str, Tone] = {"healthy": "ok", "degraded": "warn", "down": "bad", "unknown": "muted"}


def health_badge(health: str) -> Badge:
    """A state of health as a word in a tone."""
    return Badge(Health(health).label, HEALTH_TONES[health])


class Check(TenantModel):
    """Something that is watched. What people decide about it is in the trail; what was found is kept without events."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Watched"
        PAUSED = "paused", "Paused"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="checks")
    critical = models.BooleanField("an outage is a critical incident", default=False)
    status = models.CharField("watching", max_length=7, choices=Status, default=Status.ACTIVE)

    url = models.CharField("address", max_length=1_000, blank=True)
    host = models.CharField(max_length=255, blank=True)
    port = models.PositiveIntegerField(null=True, blank=True)
    database = models.CharField(max_length=63, blank=True)
    username = models.CharField("user", max_length=63, blank=True)
    use_tls = models.BooleanField("with TLS", default=True)
    secret = models.CharField(max_length=2_000, blank=True, editable=False)  # sealed: password, or the value of a header
    header = models.CharField("header that carries the secret", max_length=100, blank=True)
    expected_statuses = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # none: 200 to 399
    expected_text = models.CharField("text that must be in the answer", max_length=200, blank=True)
    certificate_days = models.PositiveSmallIntegerField("days the certificate must last", null=True, blank=True)
    tls_at_least = models.CharField("oldest version of TLS", max_length=7, blank=True)  # TLSv1.2 or TLSv1.3

    interval = models.PositiveIntegerField("every so many seconds", default=60)
    timeout = models.PositiveIntegerField("timeout in seconds", default=10)  # of a heartbeat: how late it may be
    failures = models.PositiveSmallIntegerField("failures in a row until it is down", default=2)
    successes = models.PositiveSmallIntegerField("successes in a row until it is up", default=1)
    slow_after = models.PositiveIntegerField("degraded when slower than, in milliseconds", null=True, blank=True)
    value_unit = models.CharField("unit", max_length=20, blank=True)
    warn_above = models.FloatField("degraded above", null=True, blank=True)
    fail_above = models.FloatField("down above", null=True, blank=True)
    warn_below = models.FloatField("degraded below", null=True, blank=True)
    fail_below = models.FloatField("down below", null=True, blank=True)
    target = models.DecimalField("target in percent", max_digits=6, decimal_places=3, default=Decimal("99.9"))
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    call_key = models.CharField(max_length=64, blank=True, editable=False)  # SHA-256 of the secret part of a heartbeat's address

    # Kept without events: what was found.
    health = models.CharField(max_length=8, choices=Health, default=Health.UNKNOWN, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    pending = models.PositiveSmallIntegerField(default=0, editable=False)  # results in a row that speak against `health`
    pending_at = models.DateTimeField(null=True, editable=False)  # the first of them
    covered_until = models.DateTimeField(null=True, editable=False)  # until when `health` may be taken for known
    last_at = models.DateTimeField(null=True, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)  # the last heartbeat, or value
    last_outcome = models.CharField(max_length=8, blank=True, editable=False)
    last_detail = models.CharField(max_length=300, blank=True, editable=False)
    last_ms = models.PositiveIntegerField(null=True, editable=False)
    last_value = models.FloatField(null=True, editable=False)
    certificate_until = models.DateTimeField(null=True, editable=False)

    PAUSE = Transition("check.pause", {"active"}, "paused", EDITS, "paused")
    RESUME = Transition("check.resume", {"paused"}, "active", EDITS, "resumed")
    RETIRE = Transition("check.retire", {"active", "paused"}, "retired", EDITS, "retired")
    RESTORE = Transition("check.restore", {"retired"}, "active", EDITS, "put back")

    MASKED: ClassVar = {"url": masked}  # as the trail and pages have it

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="check_name_unique",
                violation_error_message="There is a check of this name already.",
            ),
            models.UniqueConstraint(fields=["tenant", "call_key"], condition=~Q(call_key=""), name="check_call_key_unique"),
            models.CheckConstraint(condition=Q(status__in=["active", "paused", "retired"]), name="check_status"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="check_kind"),
            models.CheckConstraint(condition=Q(health__in=Health.values), name="check_health"),
            models.CheckConstraint(condition=Q(interval__gte=10, interval__lte=8 * 86_400), name="check_interval"),
            models.CheckConstraint(condition=Q(timeout__gte=1, timeout__lte=86_400), name="check_timeout"),
            models.CheckConstraint(
                condition=Q(failures__gte=1, failures__lte=20, successes__gte=1, successes__lte=20), name="check_counts"
            ),
            models.CheckConstraint(condition=Q(target__gte=0, target__lte=100), name="check_target"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("monitoring:detail", args=[self.pk])

    @property
    def is_passive(self) -> bool:
        """Whether it is told, and does not ask."""
        return self.kind in PASSIVE

    @property
    def place(self) -> str:
        """What it looks at, in a few words."""
        if self.kind == Kind.HTTP:
            return masked(self.url)
        if self.host:
            return f"{self.host}:{self.port}" + (f"/{self.database}" if self.database else "")
        return "waits to be called"

    @property
    def speaks(self) -> dt.timedelta:
        """For how long a result speaks by itself: until the next one is due."""
        return dt.timedelta(seconds=self.interval + (self.timeout if self.is_passive else 0))

    @property
    def allowance(self) -> dt.timedelta:
        """How far apart two results may lie without a gap between them: one may be missing, or late."""
        return self.speaks + dt.timedelta(seconds=60 if self.is_passive else self.interval + 2 * self.timeout)

    def health_at(self, at: dt.datetime) -> str:
        """What is known at a moment: nothing, once the last result is too old to speak for it, or of a clock that was ahead."""
        if self.status != self.Status.ACTIVE or self.covered_until is None or self.last_at is None:
            return Health.UNKNOWN
        return self.health if self.last_at - CLOCKS <= at <= self.covered_until else Health.UNKNOWN

    @property
    def is_blind(self) -> bool:
        """Whether the last look could not be made: it says nothing of what is watched."""
        return self.status == self.Status.ACTIVE and self.last_outcome == Health.UNKNOWN

    def badge_at(self, at: dt.datetime) -> Badge:
        """Where it stands at a moment, as a word in a tone."""
        if self.status != self.Status.ACTIVE:
            return Badge(self.get_status_display(), "muted")
        if self.last_at is None:
            return Badge("Waiting for the first call" if self.is_passive else "Not looked at yet", "muted")
        return Badge(NOT_LOOKED, "warn") if self.is_blind else health_badge(self.health_at(at))


def known_at(at: dt.datetime) -> Q:
    """The checks of which something is known at a moment, as `health_at` has it."""
    return Q(status=Check.Status.ACTIVE, covered_until__gte=at, last_at__lte=at + CLOCKS)


class Outage(TenantModel):
    """A time in which something watched was down: from the first failure to the first success of the recovery."""

    class Status(models.TextChoices):
        ONGOING = "ongoing", "Ongoing"
        OVER = "over", "Over"

    check_of = TenantForeignKey(Check, on_delete=models.PROTECT, related_name="outages", verbose_name="check")
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ONGOING)
    started_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    detail = models.CharField("what was found", max_length=300, blank=True)
    incident = TenantForeignKey("incidents.Incident", null=True, on_delete=models.PROTECT, related_name="outages")
    noted = models.BooleanField("its end stands in the incident", default=False)

    END = Transition("outage.end", {"ongoing"}, "over", EDITS, "ended")

    seen_within = Lasting("started_at", "ended_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-started_at"], name="outage_started"),
            models.Index(fields=["tenant"], condition=Q(noted=False), name="outage_to_note"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "check_of"], condition=Q(status="ongoing"), name="outage_one_at_a_time"),
            models.CheckConstraint(condition=Q(status__in=["ongoing", "over"]), name="outage_status"),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="outage_forward"),
            models.CheckConstraint(condition=~Q(status="over") | Q(ended_at__isnull=False), name="outage_over_when"),
        ]

    def __str__(self) -> str:
        return f"Outage of {self.check_of}"
