"""Where changes come from by themselves: a source, what it has told us, and what became of each delivery."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from changes.models.approval import Approval
from changes.models.change import Change
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.scope import now
from tenancy.spans import At, Through
from ui.components import Badge
from workflow.transitions import Transition


class Provider(models.TextChoices):
    """Who sends."""

    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"


class ChangeSource(TenantModel):
    """Repositories whose pull or merge requests are changes here, and the secret that signs what is sent of them."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    provider = models.CharField(max_length=6, choices=Provider, default=Provider.GITHUB)
    repositories = ArrayField(models.CharField(max_length=200))  # larkfield/billing, or larkfield/* for all of them
    branches = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # none: the repository's default branch
    environments = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # of the changes it makes
    directory = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_only = models.BooleanField("refuse what is not signed", default=False)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    secret = models.CharField(max_length=400, blank=True, editable=False)  # sealed
    secret_at = models.DateTimeField("secret made", null=True)
    former_secret = models.CharField(max_length=400, blank=True, editable=False)  # sealed; works until `former_until`
    former_until = models.DateTimeField(null=True)

    # Kept without events: they say when somebody knocked, not what anybody decided.
    delivered_at = models.DateTimeField("last delivery", null=True)
    refused = models.PositiveIntegerField("deliveries refused", default=0)
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=200, blank=True)

    RETIRE = Transition("change_source.retire", {"active"}, "retired", "changes.write", "retired")
    RESTORE = Transition("change_source.restore", {"retired"}, "active", "changes.write", "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="change_source_name_unique",
                violation_error_message="There is a source of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="change_source_status"),
            models.CheckConstraint(condition=Q(provider__in=["github", "gitlab"]), name="change_source_provider"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:source-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone; one without a secret hears nothing."""
        if self.status == self.Status.ACTIVE and not self.secret:
            return Badge("No secret yet", "warn")
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")

    @property
    def former_works(self) -> bool:
        """Whether the secret before this one is still good."""
        return bool(self.former_secret) and self.former_until is not None and self.former_until > now()


class SourceSystem(TenantModel):
    """A system that the changes of a source affect."""

    source = TenantForeignKey(ChangeSource, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "source", "system"], name="source_system_unique")]

    def __str__(self) -> str:
        return f"{self.source}: {self.system}"


class SourceRequest(TenantModel):
    """A pull or merge request as it was last told, beside the change that stands for it."""

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="requests")
    source = TenantForeignKey(ChangeSource, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(max_length=6, choices=[("open", "Open"), ("closed", "Closed"), ("merged", "Merged")])
    is_draft = models.BooleanField(default=False)
    is_submitted = models.BooleanField(default=False)  # by the source, since it was last a draft
    author = models.CharField(max_length=200, blank=True)
    head_branch = models.CharField(max_length=300, blank=True)
    base_branch = models.CharField(max_length=300, blank=True)
    former_heads = ArrayField(models.CharField(max_length=64), default=list)
    text_digest = models.CharField(max_length=64)  # of its title and body: what people write here is not overwritten
    updated_at = models.DateTimeField()  # by the source's clock: what is older does not count

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change"], name="source_request_unique")]

    def __str__(self) -> str:
        return f"{self.change.repository} {self.change.number}"


class SourceReview(TenantModel):
    """What somebody said of a request at its source, and why it counts as an approval here, or does not."""

    class Judgement(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Asked for changes"
        DISMISSED = "dismissed", "Taken back"

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="reviews")
    key = models.CharField(max_length=100)
    login = models.CharField(max_length=100)
    person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_bot = models.BooleanField(default=False)
    via = models.CharField(max_length=8, choices=Approval.Source)
    brought_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # in a file
    judgement = models.CharField(max_length=17, choices=Judgement)
    sha = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True, max_length=5_000)
    reviewed_at = models.DateTimeField()
    approval = TenantForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    why_not = models.CharField(max_length=300, blank=True)

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["reviewed_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change", "key"], name="source_review_unique")]

    def __str__(self) -> str:
        return f"{self.login} of {self.change}"


class SourceCheck(TenantModel):
    """What a test, a scan or a pipeline found of one commit; it may be told before the request is."""

    provider = models.CharField(max_length=6, choices=Provider)
    repository = models.CharField(max_length=200)
    sha = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    outcome = models.CharField(max_length=9)
    url = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "sha", "name", "repository", "provider"], name="source_check_unique")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"


class SourcePush(TenantModel):
    """Commits that reached a branch, as they were told. Never changed."""

    source = TenantForeignKey(ChangeSource, on_delete=models.PROTECT, related_name="pushes")
    provider = models.CharField(max_length=6, choices=Provider)
    repository = models.CharField(max_length=200)
    branch = models.CharField(max_length=300)
    to_default = models.BooleanField(default=False)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64)
    is_forced = models.BooleanField(default=False)
    pusher = models.CharField(max_length=200, blank=True)
    person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_bot = models.BooleanField(default=False)
    commits = models.JSONField(default=list)  # [{"sha", "login", "name", "email", "is_bot", "message", "at"}]
    received_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["received_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "after"], name="source_push_after"),
            models.Index(fields=["tenant", "source", "-received_at"], condition=Q(to_default=True), name="source_push_default"),
        ]

    def __str__(self) -> str:
        return f"{self.repository} {self.branch} {self.after[:12]}"


class Delivery(TenantModel):
    """One delivery whose signature was right, and what became of it."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        NOTHING = "nothing", "Nothing to do"
        UNKNOWN = "unknown", "Unknown event"
        FAILED = "failed", "Failed"

    source = TenantForeignKey(ChangeSource, on_delete=models.PROTECT, related_name="deliveries")
    key = models.CharField("its id there", max_length=100)
    digest = models.CharField("SHA-256", max_length=64)  # of the body: the id is not signed
    event = models.CharField(max_length=60)
    act = models.CharField("action", max_length=40, blank=True)
    repository = models.CharField(max_length=200, blank=True)
    change = TenantForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome)
    detail = models.CharField("what became of it", max_length=500)
    size = models.PositiveIntegerField("bytes")
    received_at = models.DateTimeField("received")
    repeats = models.PositiveIntegerField("times sent again", default=0)
    repeated_at = models.DateTimeField(null=True)

    seen_within = At("received_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-received_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "source", "-received_at"], name="delivery_received")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source", "key"], condition=~Q(outcome="failed"), name="delivery_once"),
            models.UniqueConstraint(
                fields=["tenant", "source", "digest"], condition=~Q(outcome="failed"), name="delivery_body_once"
            ),
            models.CheckConstraint(condition=Q(outcome__in=["done", "nothing", "unknown", "failed"]), name="delivery_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.act}".strip()

    @property
    def outcome_badge(self) -> Badge:
        """What became of it as a word in a tone."""
        tones = {"done": "ok", "nothing": "muted", "unknown": "muted", "failed": "bad"}
        return Badge(self.get_outcome_display(), tones[self.outcome])  # type: ignore[arg-type] # tones of the ui
