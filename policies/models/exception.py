"""Somebody may depart from a policy: who, from what, why, what makes up for it, who approved that, and until when."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Finding
from controls.models.control import Priority
from controls.models.finding import SEVERITY_TONES
from inventory.models import Person
from policies.models.policy import OWN, Policy, PolicyVersion
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.brought import Brought
from workflow.transitions import Transition

LONGEST = 5_000  # characters of each text
DECIDED = ("approved", "refused", "ended", "expired")
BROUGHT = Q(brought_at__isnull=False)
_TONES: dict[str, Tone] = {
    "requested": "info",
    "approved": "ok",
    "refused": "muted",
    "withdrawn": "muted",
    "ended": "muted",
    "expired": "bad",
}


class PolicyException(Brought, TenantModel):
    """A departure from what is in force, for one person and until a day. What was asked for is never written on again."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "To be decided"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ENDED = "ended", "Ended early"
        EXPIRED = "expired", "Expired"

    reference = models.CharField("number", max_length=20)
    policy = TenantForeignKey(Policy, on_delete=models.PROTECT, related_name="exceptions")
    # In force when asked; none for what came from elsewhere.
    version = TenantForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="exceptions")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="policy_exceptions")
    what = models.TextField("what is not kept to", max_length=LONGEST)
    why = models.TextField(max_length=LONGEST)
    compensating = models.TextField("what makes up for it", max_length=LONGEST)
    risk = models.TextField("what could happen", max_length=LONGEST)
    severity = models.CharField("how grave that is", max_length=8, choices=Priority, default=Priority.MEDIUM)
    ends_on = models.DateField("until")  # the last day
    status = models.CharField("state", max_length=9, choices=Status, default=Status.REQUESTED)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decider_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True, max_length=LONGEST)
    ended_on = models.DateField(null=True)  # ended early or expired: the first day on which it does not hold
    ended_reason = models.TextField(blank=True, max_length=LONGEST)
    finding = TenantForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="policy_exceptions")

    APPROVE = Transition("policy_exception.approve", {"requested"}, "approved", "policies.approve", "approved")
    REFUSE = Transition("policy_exception.refuse", {"requested"}, "refused", "policies.approve", "refused")
    WITHDRAW = Transition("policy_exception.withdraw", {"requested"}, "withdrawn", OWN, "withdrawn")
    END = Transition("policy_exception.end", {"approved"}, "ended", OWN, "ended")
    EXPIRE = Transition("policy_exception.expire", {"approved"}, "expired", "policies.write", "ended")

    seen_within = Lasting("asked_at", "ended_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["ends_on", "reference"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "ends_on"], name="policy_exception_end"),
            models.Index(fields=["tenant", "policy", "status"], name="policy_exception_policy"),
            models.Index(fields=["tenant", "person", "status"], name="policy_exception_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="policy_exception_reference"),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "approved", "refused", "withdrawn", "ended", "expired"]),
                name="policy_exception_status",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["critical", "high", "medium", "low"]), name="policy_exception_severity"
            ),
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(why="") & ~Q(compensating="") & ~Q(risk=""), name="policy_exception_whole"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED) | Q(decided_at__isnull=False) & (Q(decided_by__isnull=False) | BROUGHT),
                name="policy_exception_decided",
            ),
            models.CheckConstraint(condition=Q(version__isnull=False) | BROUGHT, name="policy_exception_version"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="policy_exception_by_another"
            ),
            models.CheckConstraint(
                condition=Q(decider_person__isnull=True) | ~Q(decider_person=F("person")), name="policy_exception_for_another"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ended", "expired"]) | Q(ended_on__isnull=False), name="policy_exception_ended"
            ),
            models.CheckConstraint(
                condition=~Q(status="expired") | Q(finding__isnull=False) | BROUGHT, name="policy_exception_expired_with_finding"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:exception", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def severity_badge(self) -> Badge:
        """How grave the risk of it is."""
        return Badge(self.get_severity_display(), SEVERITY_TONES[self.severity])

    @property
    def version_told(self) -> str:
        """The number of the version that was in force, here or elsewhere. Load the version."""
        return str(self.version.number) if self.version else self.told_of("version")

    @property
    def finding_told(self) -> str:
        """The number of the finding that followed, here or elsewhere. Load the finding."""
        return self.finding.reference if self.finding else self.told_of("finding")

    def holds_on(self, day: dt.date) -> bool:
        """Whether it may be departed from on a day."""
        return self.status == self.Status.APPROVED and day <= self.ends_on
