"""What people are told about their data, version by version, and what they agreed to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from accounts.sealed import SealedTextField
from privacy.models.classes import LONGEST, InUse
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge
from workflow.brought import Brought
from workflow.transitions import Transition


class Notice(TenantModel):
    """A privacy notice, such as that of the website or that for applicants."""

    name = models.CharField(max_length=120)
    audience = models.CharField("for whom", max_length=200)
    place = models.CharField("where it is shown", max_length=300, blank=True)
    status = models.CharField("state", max_length=7, choices=InUse, default=InUse.ACTIVE)

    RETIRE = Transition("notice.retire", {"active"}, "retired", "privacy.write", "retired")
    RESTORE = Transition("notice.restore", {"retired"}, "active", "privacy.write", "put back")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"], name="notice_name", violation_error_message="There is a notice of this name."
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="notice_status"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:notice-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == InUse.ACTIVE else "muted")


class NoticeVersion(Brought, TenantModel):
    """A text of a notice. Published, it never changes: consents were given to exactly this."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    notice = TenantForeignKey(Notice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=60_000)
    changed = models.CharField("what is new", max_length=500, blank=True)
    in_force_from = models.DateField("in force from", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    written_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.DRAFT)

    PUBLISH = Transition("notice_version.publish", {"draft"}, "published", "privacy.write", "published")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["notice", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "notice", "number"], name="notice_version_number"),
            models.CheckConstraint(condition=Q(status__in=["draft", "published"]), name="notice_version_status"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(in_force_from__isnull=False) & ~Q(sha256=""), name="notice_version_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice.name}, version {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:version-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.PUBLISHED else "info")


class Consent(TenantModel):
    """Somebody agreed to one purpose, having read one version of a notice, until they withdraw it."""

    class Status(models.TextChoices):
        GIVEN = "given", "Given"
        WITHDRAWN = "withdrawn", "Withdrawn"

    version = TenantForeignKey(
        NoticeVersion, verbose_name="version of the notice", on_delete=models.PROTECT, related_name="consents"
    )
    name = models.CharField("who", max_length=200)
    email = models.EmailField("e-mail", max_length=320)
    purpose = models.CharField("what for", max_length=300)
    how = models.CharField("how it was given", max_length=300)
    given_at = models.DateTimeField("given")
    withdrawn_at = models.DateTimeField("withdrawn", null=True)
    note = SealedTextField(blank=True, max_length=LONGEST, label="consent.note")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.GIVEN)

    WITHDRAW = Transition("consent.withdraw", {"given"}, "withdrawn", "privacy.write", "withdrawn")

    seen_within = Lasting("given_at", "withdrawn_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-given_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "email"], name="consent_email")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "version", "email", "purpose", "given_at"], name="consent_once",
                violation_error_message="This consent is recorded already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["given", "withdrawn"]), name="consent_status"),
            models.CheckConstraint(
                condition=Q(status="given", withdrawn_at__isnull=True)
                | Q(status="withdrawn", withdrawn_at__isnull=False, withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Consent {str(self.pk)[-12:]}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:consent-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.GIVEN else "muted")
