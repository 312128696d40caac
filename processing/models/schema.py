"""A schema that documents are validated against, and its versions."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from incidents.models import Severity
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from workflow.transitions import Transition

WRITE = "processing.write"
_TONES: dict[str, Tone] = {"draft": "warn", "active": "ok", "retired": "muted"}


class ProcessingSchema(TenantModel):
    """What documents of one kind look like. Other systems name it by its key; its texts are in its versions."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    key = models.CharField("name in the API", max_length=40)
    title = models.CharField(max_length=120)
    description = models.TextField("what it is for", blank=True, max_length=2000)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    alert_below = models.DecimalField(
        "alert below this success rate, in percent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        default=Decimal(95),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    alert_hours = models.PositiveSmallIntegerField(
        "over the last hours", default=24, validators=[MinValueValidator(1), MaxValueValidator(744)]
    )
    alert_least = models.PositiveIntegerField(
        "but only from this many records on", default=20, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    alert_severity = models.CharField("how grave that is", max_length=8, choices=Severity, default=Severity.MEDIUM)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    RETIRE = Transition("processing_schema.retire", {"active"}, "retired", WRITE, "retired")
    RESTORE = Transition("processing_schema.restore", {"retired"}, "active", WRITE, "taken back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "key"],
                name="processing_schema_key_unique",
                violation_error_message="There is a schema with this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="processing_schema_status"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]{0,39}$"), name="processing_schema_key"),
            models.CheckConstraint(
                condition=Q(alert_below__isnull=True) | Q(alert_below__gt=0, alert_below__lte=100),
                name="processing_schema_alert_below",
            ),
            models.CheckConstraint(condition=Q(alert_hours__gte=1, alert_hours__lte=744), name="processing_schema_alert_hours"),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("processing:schema-detail", args=[self.pk])

    @property
    def alert_words(self) -> str:
        """The threshold without idle zeros; nothing when there is none."""
        return f"{self.alert_below.normalize():f}" if self.alert_below is not None else ""

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class SchemaVersion(TenantModel):
    """One text of a schema: a draft until it is put in force, never changed afterwards."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "In force"
        RETIRED = "retired", "Replaced"

    schema = TenantForeignKey(ProcessingSchema, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    input_schema = models.TextField("schema of the input")  # JSON Schema 2020-12, as it was written
    output_schema = models.TextField("schema of the output", blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)  # over both, canonical (RFC 8785)
    note = models.CharField("what is new", max_length=500, blank=True)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.DRAFT)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    activated_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    ACTIVATE = Transition("schema_version.activate", {"draft"}, "active", WRITE, "put in force")
    REPLACE = Transition("schema_version.replace", {"active"}, "retired", WRITE, "replaced")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "schema", "number"], name="schema_version_number_unique"),
            models.UniqueConstraint(
                fields=["tenant", "schema"], condition=Q(status="active"), name="schema_version_one_in_force"
            ),
            models.UniqueConstraint(fields=["tenant", "schema"], condition=Q(status="draft"), name="schema_version_one_draft"),
            models.CheckConstraint(condition=Q(status__in=["draft", "active", "retired"]), name="schema_version_status"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(activated_at__isnull=False), name="schema_version_in_force_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schema.key}, version {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("processing:version-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
