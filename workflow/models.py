"""Jobs, outbox, references, sent forms, absences, delegations, hosts that may be reached, views, resets of factors."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import Member
from accounts.permissions import HOME
from tenancy.models import TenantModel
from tenancy.scope import now
from workflow.delegations.record import Delegation
from workflow.transitions import Transition

__all__ = [
    "Absence",
    "AllowedHost",
    "Delegation",
    "FactorReset",
    "Job",
    "OutboxMessage",
    "ReferenceCounter",
    "SavedView",
    "SentForm",
    "a_day_from_now",
]


class ReferenceCounter(TenantModel):
    """The last number drawn for a prefix and year: unique, never reused, gaps allowed."""

    prefix = models.CharField(max_length=10)
    series = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "prefix", "series"], name="reference_counter_unique")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.series}"


class Job(TenantModel):
    """Long work done by a worker. Its progress lives in the cache; its outcome here."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    message = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "subject_id", "-created_at"], name="job_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(status__in=["queued", "running", "done", "failed"]), name="job_status")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in {self.Status.DONE, self.Status.FAILED}


class OutboxMessage(TenantModel):
    """An e-mail, written in the transaction that causes it and sent by a worker; `key` makes it exactly one."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENT = "sent", "Sent"
        KEPT = "kept", "Kept here: no mail server is set"
        FAILED = "failed", "Could not be sent"

    key = models.CharField(max_length=200)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "created_at"], name="outbox_status")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], name="outbox_key_unique"),
            models.CheckConstraint(condition=models.Q(status__in=["queued", "sent", "kept", "failed"]), name="outbox_status"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def may_go_again(self) -> bool:
        """Whether it is neither sent nor on its way."""
        return self.status in {self.Status.FAILED, self.Status.KEPT}

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a mail server can drop a second delivery."""
        return f"<{self.id}@plumbline.invalid>"


class SentForm(TenantModel):
    """A form that was acted on; `target` is where it led."""

    key = models.CharField(max_length=64)
    target = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="sent_form_once")]

    def __str__(self) -> str:
        return self.key


class Absence(TenantModel):
    """Days on which somebody is away, the first and the last included, and who stands in for them."""

    class Status(models.TextChoices):
        SET = "set", "Set"
        ENDED = "ended", "Ended early"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField("away from")
    ends_on = models.DateField("last day away")
    note = models.CharField(max_length=300, blank=True)
    status = models.CharField("state", max_length=5, choices=Status, default=Status.SET)
    created_at = models.DateTimeField(auto_now_add=True)

    END = Transition("absence.end", {"set"}, "ended", HOME, "ended")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-starts_on", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "deputy", "ends_on"], name="absence_deputy")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(status__in=["set", "ended"]), name="absence_status"),
            models.CheckConstraint(condition=~models.Q(member=models.F("deputy")), name="absence_of_another"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_forward"),
        ]

    def __str__(self) -> str:
        return f"Absence of {self.member.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("workflow:absence", args=[self.pk])


class AllowedHost(TenantModel):
    """A host that the product may reach although it is not on the public internet."""

    class Status(models.TextChoices):
        ALLOWED = "allowed", "Allowed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    host = models.CharField("name or address", max_length=253)  # as workflow.outgoing.addresses.canonical writes it
    port = models.PositiveIntegerField(null=True, blank=True)  # none: every port
    reason = models.CharField("why", max_length=500)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.ALLOWED)
    allowed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    WITHDRAW = Transition("allowed_host.withdraw", {"allowed"}, "withdrawn", "organization.admin", "withdrawn")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["host", "port", "-allowed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "port", "host"],
                condition=models.Q(status="allowed"),
                nulls_distinct=False,
                name="allowed_host_once",
                violation_error_message="This host is allowed already.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["allowed", "withdrawn"]), name="allowed_host_status"),
            models.CheckConstraint(
                condition=models.Q(port__isnull=True) | models.Q(port__gte=1, port__lte=65_535), name="allowed_host_port"
            ),
        ]

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{name}:{self.port}" if self.port else self.host

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("workflow:host", args=[self.pk])


class SavedView(TenantModel):
    """A search of a list that a member keeps under a name; only they see it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    area = models.CharField("list", max_length=30)  # "changes": its list is changes:list
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)  # the address of the list after its question mark

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "member", "area", "name"],
                name="kept_view_name",
                violation_error_message="You have a view of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list as it was kept."""
        return f"{reverse(f'{self.area}:list')}?{self.query}"


def a_day_from_now() -> dt.datetime:
    """Until when a second administrator confirms the reset of a factor."""
    return now() + dt.timedelta(days=1)


class FactorReset(TenantModel):
    """An administrator asks that a person's second factor be reset; another one decides, and the person may stop it."""

    class Status(models.TextChoices):
        ASKED = "asked", "Waits for a second administrator"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"
        STOPPED = "stopped", "Stopped"
        LAPSED = "lapsed", "Lapsed"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    identity = models.CharField("how they made sure who asks", max_length=500)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("to be decided until", default=a_day_from_now)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.ASKED)
    decided_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    CONFIRM = Transition("factor_reset.confirm", {"asked"}, "confirmed", "members.admin", "confirmed")
    REFUSE = Transition("factor_reset.refuse", {"asked"}, "refused", "members.admin", "refused")
    STOP = Transition("factor_reset.stop", {"asked"}, "stopped", HOME, "stopped")
    LAPSE = Transition("factor_reset.lapse", {"asked"}, "lapsed", HOME, "ended")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "member"],
                condition=models.Q(status="asked"),
                name="factor_reset_once",
                violation_error_message="A reset of this person's second factor waits already.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "confirmed", "refused", "stopped", "lapsed"]), name="factor_reset_status"
            ),
            models.CheckConstraint(condition=~models.Q(member=models.F("asked_by")), name="factor_reset_of_another"),
            models.CheckConstraint(
                condition=~models.Q(status="confirmed")
                | (
                    models.Q(decided_by__isnull=False)
                    & ~models.Q(decided_by=models.F("asked_by"))
                    & ~models.Q(decided_by=models.F("member"))
                ),
                name="factor_reset_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"Reset of the second factor of {self.member.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("workflow:reset", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be decided."""
        return self.status == self.Status.ASKED and self.expires_at > now()
