"""Checks of the trail, each kept as it came out, packages for the auditor, and rotations of keys."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from controls.models import AuditPeriod
from evidence.models import Evidence, StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of
from ui.components import Badge, Tone
from workflow.transitions import Transition


class TrailCheck(TenantModel):
    """One check of the whole trail: what was read, and what was found. Never changed."""

    class Outcome(models.TextChoices):
        INTACT = "intact", "Intact"
        BROKEN = "broken", "Broken"
        NOT_EVALUABLE = "not_evaluable", "Could not be evaluated"

    reference = models.CharField(max_length=20)
    at = models.DateTimeField("as of")
    finished_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # null: by itself
    outcome = models.CharField(max_length=13, choices=Outcome)
    events = models.BigIntegerField()
    heads = models.BigIntegerField()
    root = models.CharField(max_length=64, blank=True)  # of the last head, in hex
    found = models.BigIntegerField("faults")
    faults = models.JSONField(default=list)  # the first of them: kind, words, event, position, head
    notes = models.JSONField(default=list)
    unasked = models.JSONField(default=list)
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-at"], name="proof_check_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="proof_check_reference"),
            models.CheckConstraint(condition=Q(outcome__in=["intact", "broken", "not_evaluable"]), name="proof_check_outcome"),
            models.CheckConstraint(condition=~Q(outcome="intact") | Q(found=0, unasked=[]), name="proof_check_intact"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("proof:check", args=[self.pk])

    @property
    def outcome_badge(self) -> Badge:
        """How it came out."""
        return Badge(self.get_outcome_display(), _TONES[self.outcome])

    @property
    def first(self) -> dict[str, Any] | None:
        """The first fault."""
        return self.faults[0] if self.faults else None


class AuditPackage(TenantModel):
    """A package for the auditor: asked for, made by a worker, and never changed once it is ready."""

    class Status(models.TextChoices):
        PENDING = "pending", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Not made"

    reference = models.CharField("number", max_length=20)
    period = TenantForeignKey(AuditPeriod, on_delete=models.PROTECT, related_name="packages")
    codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # of the controls; empty: all in scope
    with_requests = models.BooleanField("the auditor's requests", default=True)
    with_populations = models.BooleanField("populations and samples", default=True)
    status = models.CharField("state", max_length=8, choices=Status, default=Status.PENDING)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    problem = models.TextField("what went wrong", blank=True)
    as_of = models.DateTimeField("data as of", null=True)
    ready_at = models.DateTimeField(null=True)
    files = models.PositiveIntegerField(null=True)
    events = models.PositiveIntegerField(null=True)
    head = models.BigIntegerField("number of the head", null=True)
    manifest = models.CharField("SHA-256 of its manifest of manifests", max_length=64, blank=True)
    file = TenantForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    FINISH = Transition("package.finish", {"pending", "failed"}, "ready", "packages.write", "finished")
    FAIL = Transition("package.fail", {"pending"}, "failed", "packages.write", "given up")
    RETRY = Transition("package.retry", {"failed"}, "pending", "packages.write", "tried again")

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-asked_at"], name="proof_package_latest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="proof_package_reference"),
            models.CheckConstraint(condition=Q(status__in=["pending", "ready", "failed"]), name="proof_package_status"),
            models.CheckConstraint(condition=~Q(status="ready") | Q(file__isnull=False), name="proof_package_ready"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("proof:package", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state."""
        return Badge(self.get_status_display(), _TONES[self.status])


class KeyRotation(TenantModel):
    """Keys are replaced: new data keys and every value sealed anew, or every data key wrapped by the present master key."""

    class Level(models.TextChoices):
        DATA = "data", "Data keys"
        MASTER = "master", "Master key"

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"
        FINISHED = "finished", "Finished"

    level = models.CharField("what is replaced", max_length=6, choices=Level)
    status = models.CharField("state", max_length=8, choices=Status, default=Status.RUNNING)
    total = models.PositiveIntegerField("to do", default=0)
    done = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField("do not open", default=0)  # they are left as they are
    started_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # null: whoever runs the server
    started_at = models.DateTimeField("started")
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField("finished", null=True)

    STOP = Transition("key_rotation.stop", {"running"}, "stopped", "organization.admin", "stopped")
    RESUME = Transition("key_rotation.resume", {"stopped"}, "running", "organization.admin", "resumed")
    FINISH = Transition("key_rotation.finish", {"running"}, "finished", "organization.admin", "finished")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-started_at"], name="proof_rotation_latest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant"], condition=~Q(status="finished"), name="proof_rotation_one"),
            models.CheckConstraint(condition=Q(status__in=["running", "stopped", "finished"]), name="proof_rotation_status"),
            models.CheckConstraint(condition=Q(level__in=["data", "master"]), name="proof_rotation_level"),
        ]

    def __str__(self) -> str:
        return f"Rotation of the {self.get_level_display().lower()}"

    def get_absolute_url(self) -> str:
        """It is shown with the keys."""
        return reverse("proof:keys")

    @property
    def status_badge(self) -> Badge:
        """Its state."""
        return Badge(self.get_status_display(), _TONES[self.status])


_TONES: dict[str, Tone] = {
    "intact": "ok", "broken": "bad", "not_evaluable": "warn", "pending": "info", "ready": "ok", "failed": "bad",
    "running": "info", "stopped": "warn", "finished": "ok",
}  # fmt: skip
