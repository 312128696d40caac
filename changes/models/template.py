"""Templates of standard changes: approved once, until a day, for work that is always the same."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"draft": "muted", "submitted": "warn", "approved": "ok", "retired": "muted"}


class Kind(models.TextChoices):
    """What is changed."""

    CODE = "code", "Code"
    CONFIGURATION = "config", "Configuration"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    DATA = "data", "Data"
    ACCESS = "access", "Access"


class ChangeTemplate(TenantModel):
    """What standard changes of one sort have in common. They are approved with it, as long as its approval lasts."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        RETIRED = "retired", "Retired"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.INFRASTRUCTURE)
    description = models.TextField("what is changed, step by step", max_length=20_000)
    impact = models.TextField("who notices, and how", blank=True, max_length=10_000)
    rollback_plan = models.TextField("how it is undone", max_length=10_000)
    abort_criteria = models.TextField("when it is stopped or undone", blank=True, max_length=10_000)
    test_plan = models.TextField("how it is tested", blank=True, max_length=10_000)
    expires_on = models.DateField("approved until")
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    approved_hash = models.CharField(max_length=64, blank=True, editable=False)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.DRAFT)
    written_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    writer_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approver_person = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    SUBMIT = Transition("change_template.submit", {"draft"}, "submitted", "changes.write", "submitted")
    APPROVE = Transition("change_template.approve", {"submitted"}, "approved", "changes.approve", "approved")
    RETURN = Transition("change_template.return", {"submitted", "approved"}, "draft", "changes.read", "returned to its writer")
    RETIRE = Transition("change_template.retire", {"draft", "submitted", "approved"}, "retired", "changes.write", "retired")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "title"],
                condition=~Q(status="retired"),
                name="change_template_title_unique",
                violation_error_message="There is a template of this title already.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "approved", "retired"]), name="change_template_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False, approved_hash=F("content_hash")),
                name="change_template_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(written_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="change_template_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:template-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class TemplateSystem(TenantModel):
    """A system that changes of a template may affect."""

    template = TenantForeignKey(ChangeTemplate, on_delete=models.CASCADE, related_name="systems")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="change_templates")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "template", "system"], name="template_system_unique")]

    def __str__(self) -> str:
        return f"{self.template}: {self.system}"
