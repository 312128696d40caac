"""The description of the system: texts in revisions, diagrams, what was frozen for a period, and management's assertion."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from controls.models.period import AuditPeriod
from evidence.models import Evidence, StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Of, Through


class DescriptionText(TenantModel):
    """One revision of the text of one section. Never changed: the next one is a row of its own."""

    section = models.CharField(max_length=20, help_text="key of the section")
    number = models.PositiveIntegerField("revision")
    text = models.TextField(help_text="Markdown")
    note = models.CharField("what is different", max_length=300, blank=True)
    written_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["section", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "section", "number"], name="description_text_unique"),
            models.CheckConstraint(condition=~Q(text=""), name="description_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.section}, revision {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:description-text", args=[self.pk])


class DescriptionApproval(TenantModel):
    """Somebody other than its writer approved a revision."""

    text = TenantForeignKey(DescriptionText, on_delete=models.PROTECT, related_name="approvals", db_index=False)
    approved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "text"],
                name="description_approval_unique",
                violation_error_message="It is approved already.",
            )
        ]

    def __str__(self) -> str:
        return f"Approval of {self.text}"


class Diagram(TenantModel):
    """A diagram that somebody drew, kept as evidence. The latest whose evidence counts is shown."""

    class Kind(models.TextChoices):
        ARCHITECTURE = "architecture", "Architecture"
        DATA_FLOW = "data_flow", "Data flow"
        INTEGRATION = "integration", "Integration"

    kind = models.CharField(max_length=12, choices=Kind)
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="diagrams")
    alternative = models.TextField("in words", help_text="what it shows, for those who cannot see it")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["architecture", "data_flow", "integration"]), name="diagram_kind"),
            models.CheckConstraint(condition=~Q(alternative=""), name="diagram_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} diagram"


class SystemDescription(TenantModel):
    """The whole description as it was frozen for a period: the file that holds it, under its hash. Written once."""

    reference = models.CharField("number", max_length=20)
    period = TenantForeignKey(AuditPeriod, on_delete=models.PROTECT, related_name="descriptions")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    open_points = models.PositiveIntegerField("points left open", default=0)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    seen_within = Of("period_id")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="system_description_reference_unique")
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:description-frozen", args=[self.pk])


class Assertion(TenantModel):
    """Management's assertion on a frozen description: by whom, as what, when, over which hash. Written once."""

    description = TenantForeignKey(SystemDescription, on_delete=models.PROTECT, related_name="assertions", db_index=False)
    text = models.TextField()
    sha256 = models.CharField("SHA-256 of what was asserted", max_length=64)
    signed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    seen_within = Through("description")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "description"],
                name="assertion_unique",
                violation_error_message="It is signed already.",
            )
        ]

    def __str__(self) -> str:
        return f"Assertion on {self.description}"
