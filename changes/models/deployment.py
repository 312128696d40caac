"""Deployments as they were reported, which change each belongs to, and what pipelines were told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from changes.models.change import Change
from controls.models import Finding
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition


class Classification(models.TextChoices):
    """How a deployment is accounted for: each falls into exactly one class."""

    APPROVED_BEFORE = "approved_before", "Approved before"
    APPROVED_AFTER = "approved_after", "Approved after"
    EMERGENCY = "emergency", "Emergency"
    STANDARD = "standard", "Standard"
    UNAPPROVED = "unapproved", "Unapproved"
    UNMATCHED = "unmatched", "Unmatched"


class Reason(models.TextChoices):
    """Why a deployment falls into its class."""

    NO_CHANGE = "no_change", "No change here has this commit, is named by it or was linked to it."
    NAMED_OTHER = "named_other", "The change it names does not have this commit."
    PUSHED = "pushed", "It was pushed to the default branch directly: there was no request that anybody could approve."
    WITHDRAWN = "withdrawn", "Its change had been withdrawn."
    REJECTED = "rejected", "Its change had been rejected."
    AGREED = "agreed", "It was agreed to by word, as an emergency, and that was recorded before it was deployed."
    AGREED_LATER = (
        "agreed_later",
        "The agreement by word was recorded only after it was deployed, and nobody has approved it in writing.",
    )
    AGREEMENT_OVER = (
        "agreement_over",
        "The agreement by word did not count when it was deployed: it had ended, the change did not say what it has "
        "to, or whoever was named said that they had not agreed.",
    )
    ELSEWHERE = "elsewhere", "Its change is meant for other environments."
    NO_COMMIT = "no_commit", "Its change names no commit: nobody can tell whether this is what was approved."
    NOT_APPROVED = "not_approved", "Nobody has approved its change."
    APPROVED_LATER = "approved_later", "Its change was approved only after it was deployed."
    EXPIRED = "expired", "The approval of its change had expired."
    UNWRITTEN = "unwritten", "The written approval of its emergency was overdue when it was deployed."
    OVER = "over", "Its change was over when it was deployed: failed, rolled back, reviewed or closed."
    OTHER_COMMIT = "other_commit", "Its commit is not the one that was approved: neither the last of its change, nor its merge."
    TOO_EARLY = "too_early", "It was deployed before the window began for which its change was approved."
    TOO_LATE = "too_late", "It was deployed after the window had ended for which its change was approved."
    FROZEN = "frozen", "A freeze held its change when it was deployed, and nobody had let it through."
    TEMPLATE = "template", "Its change was approved by its template before it was deployed."
    APPROVED = "approved", "Its change was approved before it was deployed."
    CARRIES_NONE = "carries_none", "It also carried a change that nobody had approved."
    CARRIES_LATER = "carries_later", "It also carried a change that was approved only after it was deployed."


class Note(models.TextChoices):
    """What else is worth knowing of a deployment; it does not change its class."""

    DIRECT_PUSH = "direct_push", "Direct push"
    SELF_MERGE = "self_merge", "Self-merge"
    REDEPLOY = "redeploy", "Redeploy"
    REVERT = "revert", "Revert"
    BOT = "bot", "Bot"
    OUTSIDE_WINDOW = "outside_window", "Outside its window"
    CARRIES = "carries", "Several merges"
    LATE = "late", "Reported late"
    ON_WORD = "on_word", "On the pipeline's word"


class MatchedBy(models.TextChoices):
    """What led to the change of a deployment."""

    HAND = "hand", "Linked by hand"
    NAME = "name", "Named by the pipeline"
    MERGE = "merge", "Merge commit"
    HEAD = "head", "Its last commit"
    COMMIT = "commit", "Commit of the change"


_TONES: dict[str, Tone] = {
    "approved_before": "ok",
    "approved_after": "warn",
    "emergency": "warn",
    "standard": "ok",
    "unapproved": "bad",
    "unmatched": "bad",
}


class DeploymentBatch(TenantModel):
    """One report of deployments: what came of it. The digest covers id and hash of each deployment it added, in order."""

    class Via(models.TextChoices):
        API = "api", "API"
        FILE = "file", "Imported file"

    via = models.CharField(max_length=4, choices=Via, default=Via.API)
    name = models.CharField("file", max_length=200, blank=True)
    sent_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField()
    accepted = models.PositiveIntegerField()
    duplicates = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    digest = models.CharField("SHA-256", max_length=64)

    seen_within = At("received_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.accepted:,} deployment{'' if self.accepted == 1 else 's'}"


class Deployment(TenantModel):
    """Something that went to an environment, as it was reported; never changed. How it is accounted for is derived."""

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        ROLLED_BACK = "rolled_back", "Rolled back"

    batch = TenantForeignKey(DeploymentBatch, on_delete=models.PROTECT, related_name="deployments")
    source = models.CharField("reported by", max_length=60)
    external_id = models.CharField("its id there", max_length=200)
    environment = models.CharField(max_length=40)
    service = models.CharField(max_length=120, blank=True)
    system = TenantForeignKey(System, null=True, on_delete=models.PROTECT, related_name="deployments")
    repository = models.CharField(max_length=200, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    deployed_at = models.DateTimeField("deployed")
    deployed_by = models.CharField("by", max_length=200, blank=True)
    person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="deployments")
    is_bot = models.BooleanField("by a machine", default=False)
    outcome = models.CharField(max_length=11, choices=Outcome, default=Outcome.SUCCEEDED)
    change_named = models.CharField("change it names", max_length=20, blank=True)
    url = models.URLField("address", max_length=500, blank=True)

    classification = models.CharField("class", max_length=15, choices=Classification, default=Classification.UNMATCHED)
    reason = models.CharField("why", max_length=14, choices=Reason, default=Reason.NO_CHANGE)
    notes = ArrayField(models.CharField(max_length=14, choices=Note), default=list)
    change = TenantForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="deployments")
    matched_by = models.CharField("found by", max_length=6, choices=MatchedBy, blank=True)

    seen_within = At("deployed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-deployed_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-deployed_at", "-id"], name="deployment_deployed"),
            models.Index(fields=["tenant", "classification", "-deployed_at"], name="deployment_class"),
            models.Index(fields=["tenant", "commit"], name="deployment_commit", condition=~Q(commit="")),
            models.Index(fields=["tenant", "change_named"], name="deployment_named", condition=~Q(change_named="")),
            models.Index(fields=["tenant", "change"], name="deployment_change", condition=Q(change__isnull=False)),
            models.Index(fields=["tenant", "environment", "repository", "service", "deployed_at"], name="deployment_track"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source", "external_id"], name="deployment_once"),
            models.CheckConstraint(condition=Q(classification__in=Classification.values), name="deployment_one_class"),
            models.CheckConstraint(
                condition=Q(classification="unmatched", change__isnull=True, matched_by="")
                | Q(classification="unapproved", reason="pushed", change__isnull=True, matched_by="")
                | (~Q(classification="unmatched") & Q(change__isnull=False) & ~Q(matched_by="")),
                name="deployment_matched",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} to {self.environment}"

    @property
    def what(self) -> str:
        """What was deployed, as far as it was said."""
        return self.service or self.repository or self.source

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:deployment-detail", args=[self.pk])

    @property
    def class_badge(self) -> Badge:
        """Its class as a word in a tone."""
        return Badge(self.get_classification_display(), _TONES[self.classification])

    @property
    def word_badge(self) -> Badge | None:
        """The mark beside its class where that rests on the moment which the pipeline stated."""
        return Badge(str(Note.ON_WORD.label), "warn") if Note.ON_WORD in self.notes else None

    @property
    def note_words(self) -> list[str]:
        """Its notes as people read them."""
        return [str(Note(one).label) for one in self.notes]


def class_badge(classification: str) -> Badge:
    """A class as a word in a tone."""
    return Badge(str(Classification(classification).label), _TONES[classification])


class DeploymentLink(TenantModel):
    """Somebody says which change a deployment belongs to, and why. One at a time; it outweighs what is found by itself."""

    class Status(models.TextChoices):
        LINKED = "linked", "Linked"
        REMOVED = "removed", "Removed"

    deployment = TenantForeignKey(Deployment, on_delete=models.PROTECT, related_name="links")
    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="deployments_linked")
    reason = models.TextField(max_length=5_000)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.LINKED)
    linked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    REMOVE = Transition("deployment_link.remove", {"linked"}, "removed", "changes.write", "removed")

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-linked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "deployment"], condition=Q(status="linked"), name="deployment_link_one"),
            models.CheckConstraint(condition=Q(status__in=["linked", "removed"]), name="deployment_link_status"),
            models.CheckConstraint(condition=~Q(reason=""), name="deployment_link_why"),
        ]

    def __str__(self) -> str:
        return f"{self.deployment}: {self.change}"


class DeploymentFinding(TenantModel):
    """The finding that a deployment without approval has raised: one, ever."""

    deployment = TenantForeignKey(Deployment, on_delete=models.PROTECT, related_name="findings")
    finding = TenantForeignKey(Finding, on_delete=models.PROTECT, related_name="deployments")

    seen_within = Through("deployment")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "deployment"], name="deployment_finding_once")]

    def __str__(self) -> str:
        return f"{self.finding} for {self.deployment}"


class GateAnswer(TenantModel):
    """What a pipeline was told when it asked whether a commit may go. Never changed."""

    change = TenantForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="gate_answers")
    repository = models.CharField(max_length=200, blank=True)
    commit = models.CharField(max_length=64)
    environment = models.CharField(max_length=40)
    allowed = models.BooleanField()
    codes = ArrayField(models.CharField(max_length=30), default=list)
    reasons = models.JSONField(default=list)  # sentences, in the order of the codes
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=12, blank=True)

    seen_within = At("asked_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-asked_at"], name="gate_answer_asked"),
            models.Index(fields=["tenant", "change", "-asked_at"], name="gate_answer_change"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(allowed=True, codes=[], change__isnull=False) | (Q(allowed=False) & ~Q(codes=[])),
                name="gate_answer_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{'Allowed' if self.allowed else 'Denied'}: {self.commit[:12]} to {self.environment}"

    @property
    def answer_badge(self) -> Badge:
        """Allowed or denied."""
        return Badge("Allowed", "ok") if self.allowed else Badge("Denied", "bad")


class Reconciliation(TenantModel):
    """One time that deployments were accounted for anew and some fell into another class. Never changed."""

    ran_at = models.DateTimeField()
    changed = models.PositiveIntegerField("deployments whose class changed")
    moves = models.JSONField(default=list)  # [{"from", "to", "count"}]

    seen_within = At("ran_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-ran_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-ran_at"], name="reconciliation_ran")]

    def __str__(self) -> str:
        return f"Reconciliation of {self.changed:,} deployment{'' if self.changed == 1 else 's'}"

    @property
    def words(self) -> list[str]:
        """Its moves as people read them."""
        names = dict(Classification.choices)
        return [f"{one['count']:,} from {names[one['from']].lower()} to {names[one['to']].lower()}" for one in self.moves]
