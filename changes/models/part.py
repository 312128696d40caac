"""What a change consists of beside its own words: systems, links, commits, evidence."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Member
from changes.models.change import Change
from evidence.models import Evidence
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from workflow.transitions import Transition


class ChangeSystem(TenantModel):
    """A system that a change affects."""

    change = TenantForeignKey(Change, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="changes")

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change", "system"], name="change_system_unique")]

    def __str__(self) -> str:
        return f"{self.change}: {self.system}"


class ChangeLink(TenantModel):
    """Where more of a change can be read: a pull request, a ticket, a commit, a deployment."""

    class Kind(models.TextChoices):
        PULL_REQUEST = "pull_request", "Pull request"
        TICKET = "ticket", "Ticket"
        COMMIT = "commit", "Commit"
        DEPLOYMENT = "deployment", "Deployment"
        OTHER = "other", "Other"

    change = TenantForeignKey(Change, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.OTHER)
    url = models.URLField(max_length=500)
    label = models.CharField(max_length=200, blank=True)

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change", "url"], name="change_link_unique")]

    def __str__(self) -> str:
        return self.label or self.url


class ChangeCommit(TenantModel):
    """A commit that a change consists of, and whose it is. `person` is who that author is on the roster, once known."""

    change = TenantForeignKey(Change, on_delete=models.CASCADE, related_name="commits")
    sha = models.CharField(max_length=64)
    author = models.CharField(max_length=200, blank=True)  # login or name, as the source says
    email = models.CharField(max_length=254, blank=True)
    person = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_bot = models.BooleanField(default=False)
    message = models.CharField(max_length=300, blank=True)
    committed_at = models.DateTimeField(null=True)

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "sha"], name="change_commit_sha")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "change", "sha", "author", "email"], name="change_commit_unique")
        ]

    def __str__(self) -> str:
        return self.sha[:12]


class ChangeEvidence(TenantModel):
    """An item of evidence of a change: an attachment, what the tests showed, what the review saw."""

    class Use(models.TextChoices):
        ATTACHMENT = "attachment", "Attachment"
        TESTING = "testing", "Testing"
        REVIEW = "review", "Review"

    class Status(models.TextChoices):
        LINKED = "linked", "Linked"
        REMOVED = "removed", "Removed"

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="proofs")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="changes")
    use = models.CharField("what it shows", max_length=10, choices=Use, default=Use.ATTACHMENT)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.LINKED)
    linked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    REMOVE = Transition("change_evidence.remove", {"linked"}, "removed", "changes.raise", "removed")

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["linked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "change", "evidence"], condition=Q(status="linked"), name="change_evidence_unique"
            ),
            models.CheckConstraint(condition=Q(status__in=["linked", "removed"]), name="change_evidence_status"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} for {self.change}"
