"""Who is asked to confirm which version of a policy, and what they confirmed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import StoredFile
from inventory.models import Person
from policies.models.policy import Policy, PolicyVersion
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting, Through
from ui.components import Badge
from workflow.binding import hash_of
from workflow.transitions import Transition


class Audience(models.TextChoices):
    """Whom it is for."""

    EVERYONE = "everyone", "Everyone"
    DEPARTMENTS = "departments", "Departments"
    GROUPS = "groups", "Groups"
    PEOPLE = "people", "People chosen"


class Group(models.TextChoices):
    """Groups that the roster knows."""

    EMPLOYEES = "employees", "Employees"
    CONTRACTORS = "contractors", "Contractors"
    MANAGERS = "managers", "Managers"


def departments_field() -> Any:
    """The departments, where it is for some."""
    return ArrayField(models.CharField(max_length=200), default=list, blank=True)


class Addressed(models.Model):
    """Whom something is for."""

    audience = models.CharField("whom", max_length=11, choices=Audience, default=Audience.EVERYONE)
    departments = departments_field()
    groups = ArrayField(models.CharField(max_length=11, choices=Group), default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def whom(self) -> str:
        """In words."""
        return ", ".join(spelled_out(self.audience, self.departments, self.groups)) or str(Audience(self.audience).label)


def spelled_out(audience: str, departments: Iterable[str], groups: Iterable[str]) -> list[str]:
    """The departments or groups that an audience names."""
    if audience == Audience.GROUPS:
        return [str(Group(one).label) for one in groups]
    return list(departments)


class AcknowledgementRule(Addressed, TenantModel):
    """When a policy asks to be acknowledged by itself, and whom."""

    policy = TenantForeignKey(Policy, on_delete=models.PROTECT, related_name="acknowledgement_rules")
    days = models.PositiveSmallIntegerField("days to confirm", default=14)
    after_change = models.BooleanField("after a material change", default=True)
    on_joining = models.BooleanField("on joining", default=True)
    yearly = models.BooleanField("every year", default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "policy"], name="acknowledgement_rule_unique"),
            models.CheckConstraint(
                condition=Q(audience__in=["everyone", "departments", "groups"]), name="acknowledgement_rule_audience"
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=90), name="acknowledgement_rule_days"),
        ]

    def __str__(self) -> str:
        return f"Acknowledgement of {self.policy}"


class AcknowledgementCampaign(Addressed, TenantModel):
    """People are asked to read a version and to confirm it until a day. It is bound to what the version says."""

    class Origin(models.TextChoices):
        BY_HAND = "by_hand", "By hand"
        CHANGE = "change", "After a material change"
        JOINING = "joining", "On joining, or not asked before"
        YEARLY = "yearly", "Every year"
        CARRIED = "carried", "Carried over to the next version"

    class Status(models.TextChoices):
        OPEN = "open", "Under way"
        CLOSED = "closed", "Closed"

    policy = TenantForeignKey(Policy, on_delete=models.PROTECT, related_name="acknowledgement_campaigns")
    version = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acknowledgement_campaigns")
    content_hash = models.CharField(max_length=64)  # of the version, as its approvers approved it
    origin = models.CharField("why", max_length=8, choices=Origin, default=Origin.BY_HAND)
    due_on = models.DateField("confirm by")
    status = models.CharField("state", max_length=6, choices=Status, default=Status.OPEN)
    started_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # none: by itself
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True, max_length=2_000)

    CLOSE = Transition("acknowledgement_campaign.close", {"open"}, "closed", "policies.write", "closed")

    seen_within = Lasting("started_at", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "policy", "status"], name="acknowledgement_campaign_of")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["open", "closed"]), name="acknowledgement_campaign_status"),
            models.CheckConstraint(condition=~Q(content_hash=""), name="acknowledgement_campaign_bound"),
            models.CheckConstraint(condition=Q(status="open") | Q(closed_at__isnull=False), name="acknowledgement_campaign_end"),
        ]

    def __str__(self) -> str:
        return f"Acknowledgement of {self.version}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:acknowledge-campaign", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "info" if self.status == self.Status.OPEN else "muted")


class Acknowledgement(TenantModel):
    """One person's part in a campaign. What was confirmed is kept as it was."""

    class Status(models.TextChoices):
        OPEN = "open", "To confirm"
        CONFIRMED = "confirmed", "Confirmed"

    campaign = TenantForeignKey(AcknowledgementCampaign, on_delete=models.PROTECT, related_name="acknowledgements")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="acknowledgements")
    due_on = models.DateField("confirm by")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.OPEN)
    escalated_on = models.DateField("told to the manager", null=True)
    confirmed_at = models.DateTimeField("confirmed", null=True)
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, blank=True)  # of what was shown
    ip = models.GenericIPAddressField("IP address", null=True)
    user_agent = models.CharField("browser", max_length=300, blank=True)
    certificate = models.CharField(max_length=64, blank=True)  # SHA-256 over the facts above

    CONFIRM = Transition("acknowledgement.confirm", {"open"}, "confirmed", "policies.acknowledge", "confirmed")

    seen_within = Through("campaign")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "due_on", "id"], name="acknowledgement_due"),
            models.Index(fields=["tenant", "status", "due_on"], name="acknowledgement_status"),
            models.Index(fields=["tenant", "confirmed_at", "id"], name="acknowledgement_confirmed"),
            models.Index(fields=["tenant", "person", "status"], name="acknowledgement_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "campaign", "person"], name="acknowledgement_once"),
            models.CheckConstraint(condition=Q(status__in=["open", "confirmed"]), name="acknowledgement_known"),
            models.CheckConstraint(
                condition=Q(status="open") | ~Q(content_hash="") & ~Q(certificate="") & Q(confirmed_at__isnull=False),
                name="acknowledgement_certified",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(confirmed_by__isnull=False), name="acknowledgement_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person.name}: {self.campaign.version}"

    def get_absolute_url(self) -> str:
        """Its page: the text while it is open, the certificate after."""
        return reverse("policies:acknowledgement", args=[self.pk])

    def facts(self) -> dict[str, Any]:
        """What its certificate says."""
        return {
            "policy": str(self.campaign.policy_id),
            "version": self.campaign.version.number,
            "sha256": self.content_hash,
            "person": str(self.person_id),
            "member": str(self.confirmed_by_id),
            "at": self.confirmed_at.astimezone(dt.UTC).isoformat() if self.confirmed_at else "",
            "ip": self.ip or "",
            "user_agent": self.user_agent,
        }

    @property
    def is_intact(self) -> bool:
        """Whether the facts are those that were certified."""
        return self.certificate == hash_of(self.facts())

    def badge(self, today: dt.date) -> Badge:
        """Its state on a day, as a word in a tone."""
        if self.status == self.Status.CONFIRMED:
            return Badge("Confirmed", "ok")
        if self.campaign.status == AcknowledgementCampaign.Status.CLOSED:
            return Badge("Not confirmed", "muted")
        return Badge("Overdue", "bad") if self.due_on < today else Badge("To confirm", "warn")


class AcknowledgementPaper(TenantModel):
    """A certificate as it was printed. The same facts are printed once."""

    acknowledgement = TenantForeignKey(Acknowledgement, on_delete=models.PROTECT, related_name="papers")
    digest = models.CharField("SHA-256 of what it was printed from", max_length=64)
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "acknowledgement", "digest"], name="acknowledgement_paper_unique")
        ]

    def __str__(self) -> str:
        return f"Certificate of {self.acknowledgement}"
