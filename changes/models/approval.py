"""Who has to approve which changes, what they were shown, and what they said."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from accounts.roles import ROLE_CHOICES
from changes.models.change import Change
from changes.models.template import Kind
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge
from workflow.transitions import Transition


class ApprovalRule(TenantModel):
    """Which changes need how many approvals, of whom. Every rule that a change falls under has to be met."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In force"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=14, choices=Kind), default=list, blank=True)  # none: every kind
    risks = ArrayField(models.CharField(max_length=6, choices=Change.Risk), default=list, blank=True)  # none: every level
    role = models.CharField("by somebody with the role", max_length=30, choices=ROLE_CHOICES, blank=True)  # none: who may approve
    by_system_owner = models.BooleanField("by the owner of a system affected", default=False)
    count = models.PositiveSmallIntegerField("approvals needed", default=1)
    accepts_reviews = models.BooleanField("reviews of the pull request count", default=True)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.ACTIVE)

    RETIRE = Transition("approval_rule.retire", {"active"}, "retired", "change_rules.write", "retired")
    RESTORE = Transition("approval_rule.restore", {"retired"}, "active", "change_rules.write", "put back in force")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="approval_rule_name_unique",
                violation_error_message="There is a rule of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="approval_rule_status"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=9), name="approval_rule_count"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:rule-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")


class RuleSystem(TenantModel):
    """A system that a rule is about; a rule without any is about all."""

    rule = TenantForeignKey(ApprovalRule, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "rule", "system"], name="rule_system_unique")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.system}"


class RuleApprover(TenantModel):
    """A person who may meet a rule; a rule without any goes by its role."""

    rule = TenantForeignKey(ApprovalRule, on_delete=models.CASCADE, related_name="approvers")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "rule", "person"], name="rule_approver_unique")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.person}"


class ChangeVersion(TenantModel):
    """The bound fields of a change as they were put before its approvers. Never changed."""

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change", "number"], name="change_version_unique")]

    def __str__(self) -> str:
        return f"{self.change}, version {self.number}"


class Approval(TenantModel):
    """What somebody said of one version of a change. It ends when the version does; it is never taken away."""

    class Answer(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    class Status(models.TextChoices):
        GIVEN = "given", "Given"
        VOID = "void", "Void"

    class Source(models.TextChoices):
        HERE = "here", "Here"
        GITHUB = "github", "Review on GitHub"
        GITLAB = "gitlab", "Approval on GitLab"
        FILE = "file", "Imported file"

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="approvals")
    version = TenantForeignKey(ChangeVersion, on_delete=models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    answer = models.CharField(max_length=8, choices=Answer)
    status = models.CharField("state", max_length=5, choices=Status, default=Status.GIVEN)
    approver = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approver_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="approvals")
    requester = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    requester_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_author = models.BooleanField(default=False)  # of a commit in it: not enough alone
    roles = ArrayField(models.CharField(max_length=30), default=list)  # at that moment
    factor = models.CharField("second factor", max_length=20, blank=True)
    factor_at = models.DateTimeField(null=True)
    difference = models.JSONField("what they saw", default=list)  # [{"field", "label", "before", "after"}]
    note = models.TextField(blank=True, max_length=5_000)
    source = models.CharField(max_length=8, choices=Source, default=Source.HERE)
    head_sha = models.CharField(max_length=64, blank=True)  # the commit that was reviewed
    given_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    VOID_IT = Transition("approval.void", {"given"}, "void", "changes.raise", "made void")

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["given_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "approver_person", "-given_at"], name="approval_approver")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["given", "void"]), name="approval_status"),
            models.CheckConstraint(condition=Q(answer__in=["approved", "rejected"]), name="approval_answer"),
            models.CheckConstraint(
                condition=Q(approver__isnull=False) | Q(approver_person__isnull=False), name="approval_of_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(answer="approved")
                | (
                    (Q(approver__isnull=True) | Q(requester__isnull=True) | ~Q(approver=F("requester")))
                    & (
                        Q(approver_person__isnull=True)
                        | Q(requester_person__isnull=True)
                        | ~Q(approver_person=F("requester_person"))
                    )
                ),
                name="approval_not_by_requester",
            ),
            models.CheckConstraint(condition=~Q(answer="rejected") | ~Q(note=""), name="approval_rejected_why"),
            models.UniqueConstraint(
                fields=["tenant", "version", "approver"],
                condition=Q(status="given", approver__isnull=False),
                name="approval_once_each",
            ),
            models.UniqueConstraint(
                fields=["tenant", "version", "approver_person"],
                condition=Q(status="given", approver_person__isnull=False),
                name="approval_once_each_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.change}"


class ApprovalFor(TenantModel):
    """A rule that an approval was counted for, as it stood then."""

    approval = TenantForeignKey(Approval, on_delete=models.PROTECT, related_name="counted_for")
    rule = TenantForeignKey(ApprovalRule, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "approval", "rule"], name="approval_for_unique")]

    def __str__(self) -> str:
        return f"{self.approval} for {self.name}"
