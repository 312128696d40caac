"""A policy or procedure, and its versions: what each says, who approved it, and from when until when it was in force."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Control
from controls.models.period import known_criterion
from evidence.models import Evidence, StoredFile
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from workflow.transitions import Transition

UNDER_WAY = frozenset({"draft", "in_review", "approved"})  # one of a policy at a time
OWN = "policies.acknowledge"  # an owner's, whatever the role: the actions judge whose it is
ENDED = frozenset({"superseded", "retired"})
LONGEST = 200_000  # characters of a text
_TONES: dict[str, Tone] = {
    "draft": "muted",
    "in_review": "info",
    "approved": "info",
    "published": "ok",
    "superseded": "muted",
    "retired": "muted",
}


class Policy(TenantModel):
    """What holds here, under one name through all its versions. Retired, it holds no more; it is never deleted."""

    class Kind(models.TextChoices):
        POLICY = "policy", "Policy"
        PROCEDURE = "procedure", "Procedure"

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    reference = models.CharField("number", max_length=20)
    title = models.CharField(max_length=200)  # of the version in force; of the first one until there is one
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.POLICY)
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")
    criteria = ArrayField(models.CharField(max_length=6, validators=[known_criterion]), default=list, blank=True)
    review_months = models.PositiveSmallIntegerField("reviewed every so many months", default=12)
    next_review_on = models.DateField("next review", null=True, blank=True)  # none until a version is in force
    quorum = models.PositiveSmallIntegerField("approvals needed", default=1)
    library_key = models.CharField(max_length=40, blank=True, editable=False)  # of the starter it was taken from
    status = models.CharField("state", max_length=10, choices=Status, default=Status.ACTIVE)
    retired_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    RETIRE = Transition("policy.retire", {"active"}, "retired", "policies.write", "retired")
    RESTORE = Transition("policy.restore", {"retired"}, "active", "policies.write", "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["title", "id"]
        verbose_name_plural = "policies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="policy_reference_unique"),
            models.UniqueConstraint(
                fields=["tenant", "title"],
                condition=Q(status="active"),
                name="policy_title_unique",
                violation_error_message="There is a policy of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="policy_status"),
            models.CheckConstraint(condition=Q(kind__in=["policy", "procedure"]), name="policy_kind"),
            models.CheckConstraint(condition=Q(status="active") | Q(retired_on__isnull=False), name="policy_retired_on"),
            models.CheckConstraint(condition=Q(quorum__gte=1, quorum__lte=9), name="policy_quorum"),
            models.CheckConstraint(condition=Q(review_months__gte=1, review_months__lte=36), name="policy_review_months"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:detail", args=[self.pk])

    def is_overdue(self, today: dt.date) -> bool:
        """Whether what is in force should have been looked at again."""
        return self.status == self.Status.ACTIVE and self.next_review_on is not None and self.next_review_on < today


class PolicyControl(TenantModel):
    """A control that a policy documents."""

    policy = TenantForeignKey(Policy, on_delete=models.CASCADE, related_name="documents")
    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="policies")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "policy", "control"], name="policy_control_unique")]

    def __str__(self) -> str:
        return f"{self.policy}: {self.control}"


class PolicyVersion(TenantModel):
    """What a policy says, once: written here or an uploaded file. What left the draft is never written on again."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Superseded"
        RETIRED = "retired", "Retired"

    class Form(models.TextChoices):
        WRITTEN = "written", "Written here"
        UPLOADED = "uploaded", "Uploaded file"

    policy = TenantForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("version")
    title = models.CharField(max_length=200)
    form = models.CharField(max_length=8, choices=Form, default=Form.WRITTEN)
    text = models.TextField(blank=True, max_length=LONGEST)  # Markdown
    file = TenantForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    material = models.BooleanField("material change", default=True)  # asks for being acknowledged again
    change_note = models.TextField("what is different, and why", blank=True, max_length=5_000)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.DRAFT)
    begun_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64, blank=True, editable=False)  # SHA-256 of what is approved
    quorum = models.PositiveSmallIntegerField(default=1, editable=False)  # approvals needed, as it was submitted
    submitted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_reason = models.TextField("why it was returned", blank=True, max_length=5_000)
    approved_at = models.DateTimeField(null=True)
    effective_on = models.DateField("in force from", null=True, blank=True)  # chosen once it is approved
    published_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # who chose the day
    published_at = models.DateTimeField(null=True)
    ended_on = models.DateField("in force until", null=True, blank=True)  # the first day it does not hold any more
    is_imported = models.BooleanField(default=False, editable=False)  # approved elsewhere, as minutes show

    SUBMIT = Transition("policy_version.submit", {"draft"}, "in_review", OWN, "submitted")
    WITHDRAW = Transition("policy_version.withdraw", {"in_review", "approved"}, "draft", OWN, "taken back")
    RETURN = Transition("policy_version.return", {"in_review"}, "draft", "policies.approve", "returned")
    APPROVE = Transition("policy_version.approve", {"in_review"}, "approved", "policies.approve", "approved")
    # Approved elsewhere, as minutes show: whoever brings it answers for that.
    IMPORT = Transition("policy_version.import", {"in_review"}, "approved", "policies.write", "brought in")
    PUBLISH = Transition("policy_version.publish", {"approved"}, "published", "policies.write", "published")
    SUPERSEDE = Transition("policy_version.supersede", {"published"}, "superseded", "policies.write", "superseded")
    RETIRE = Transition(
        "policy_version.retire", {"draft", "in_review", "approved", "published"}, "retired", "policies.write", "retired"
    )

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        indexes: ClassVar = [models.Index(fields=["tenant", "status", "effective_on"], name="policy_version_status")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "policy", "number"], name="policy_version_number"),
            models.UniqueConstraint(
                fields=["tenant", "policy"], condition=Q(status="published"), name="policy_version_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["tenant", "policy"],
                condition=Q(status__in=["draft", "in_review", "approved"]),
                name="policy_version_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "approved", "published", "superseded", "retired"]),
                name="policy_version_status_known",
            ),
            models.CheckConstraint(
                condition=Q(form="written", file__isnull=True) | Q(form="uploaded", text=""), name="policy_version_one_form"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "retired"]) | ~Q(content_hash=""), name="policy_version_bound"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "superseded"]) | Q(published_at__isnull=False, effective_on__isnull=False),
                name="policy_version_published_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="superseded") | Q(ended_on__isnull=False), name="policy_version_superseded_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:version", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def is_written(self) -> bool:
        """Whether its text stands here."""
        return self.form == self.Form.WRITTEN


class PolicyApproval(TenantModel):
    """What somebody said of a version: here, or as minutes show. It ends when the version goes back to its author."""

    class Status(models.TextChoices):
        GIVEN = "given", "Given"
        VOID = "void", "Void"

    class Source(models.TextChoices):
        HERE = "here", "Here"
        MINUTES = "minutes", "Minutes"

    version = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    approver = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approver_name = models.CharField("who approved it", max_length=200)  # as the minutes say, or as the member was called
    author = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # of the version
    status = models.CharField("state", max_length=5, choices=Status, default=Status.GIVEN)
    source = models.CharField(max_length=7, choices=Source, default=Source.HERE)
    given_on = models.DateField("approved on")
    given_at = models.DateTimeField("recorded")
    note = models.TextField(blank=True, max_length=5_000)
    minutes = TenantForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # of minutes
    void_reason = models.TextField(blank=True)

    VOID_IT = Transition("policy_approval.void", {"given"}, "void", OWN, "made void")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["given_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["given", "void"]), name="policy_approval_status"),
            models.CheckConstraint(
                condition=Q(source="here", approver__isnull=False) | Q(source="minutes", recorded_by__isnull=False),
                name="policy_approval_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | Q(author__isnull=True) | ~Q(approver=F("author")),
                name="policy_approval_not_by_author",
            ),
            models.UniqueConstraint(
                fields=["tenant", "version", "approver"],
                condition=Q(status="given", approver__isnull=False),
                name="policy_approval_once_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approver_name} on {self.version}"


class PolicyPaper(TenantModel):
    """A version as it was printed. The same content is printed once."""

    version = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="papers")
    digest = models.CharField("SHA-256 of what it was printed from", max_length=64)
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # None of a draft: what nobody approved is evidence of nothing.
    evidence = TenantForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="policy_papers")
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "version", "digest"], name="policy_paper_unique")]

    def __str__(self) -> str:
        return f"PDF of {self.version}"
