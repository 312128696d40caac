"""A security event: something that somebody or something noticed, until it is said what it was."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from incidents.models.incident import Incident, Kind
from incidents.models.severity import DEFAULT, Graded, Severity
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"new": "warn", "not_an_incident": "muted", "incident": "info"}


class SecurityEvent(TenantModel, Graded):
    """Something noticed. It is evaluated: not an incident, for a reason, or part of one (CC7.3).

    What is noticed again under the same fingerprint while it is not evaluated counts on the same row.
    """

    class Source(models.TextChoices):
        PERSON = "person", "A person"
        MONITOR = "monitor", "Monitoring"
        ALERT = "alert", "Alert of another system"
        SCAN = "scan", "Vulnerability scan"
        PRODUCT = "product", "Plumbline itself"

    class Status(models.TextChoices):
        NEW = "new", "To be evaluated"
        NOT_AN_INCIDENT = "not_an_incident", "Not an incident"
        INCIDENT = "incident", "Incident"

    reference = models.CharField("number", max_length=20)
    title = models.CharField(max_length=200)
    description = models.TextField("what was noticed", blank=True, max_length=20_000)
    source = models.CharField(max_length=8, choices=Source, default=Source.PERSON)
    reported_as = models.CharField("noticed by", max_length=200)  # a person's or a system's name
    reported_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SECURITY)
    severity = models.CharField("severity, as reported", max_length=8, choices=Severity, default=DEFAULT)
    confidential = models.BooleanField(default=False)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="security_events")
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)  # SHA-256 of what makes two of them the same
    times_seen = models.PositiveIntegerField(default=1, editable=False)
    last_seen_at = models.DateTimeField(editable=False)
    status = models.CharField("state", max_length=15, choices=Status, default=Status.NEW)
    incident = TenantForeignKey(Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    evaluated_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    evaluated_at = models.DateTimeField(null=True)
    reason = models.TextField("why it is no incident", blank=True, max_length=5_000)

    RULE_OUT = Transition("security_event.rule_out", {"new"}, "not_an_incident", "incidents.write", "ruled out")
    JOIN = Transition("security_event.join", {"new"}, "incident", "incidents.work", "made part of an incident")
    EVALUATE_AGAIN = Transition(
        "security_event.evaluate_again", {"not_an_incident", "incident"}, "new", "incidents.write", "evaluated again"
    )

    seen_within = Lasting("reported_at", "evaluated_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-reported_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "-reported_at"], name="security_event_status"),
            models.Index(fields=["tenant", "-reported_at", "-id"], name="security_event_reported"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="security_event_reference_unique"),
            models.UniqueConstraint(
                fields=["tenant", "fingerprint"], condition=~Q(fingerprint="") & Q(status="new"), name="security_event_once"
            ),
            models.CheckConstraint(condition=Q(status__in=["new", "not_an_incident", "incident"]), name="security_event_status"),
            models.CheckConstraint(
                condition=~Q(status="not_an_incident") | ~Q(reason=""), name="security_event_ruled_out_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status="incident") | Q(incident__isnull=False), name="security_event_of_an_incident"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:event-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
