"""The timeline of an incident: what was noticed, done, decided and said, and when. Nothing in it is changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Member
from evidence.models import Evidence, StoredFile
from incidents.models.incident import Incident
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone

_TONES: dict[str, Tone] = {
    "detection": "warn",
    "action": "info",
    "decision": "ok",
    "communication": "info",
    "evidence": "muted",
    "status": "muted",
}


class IncidentEntry(TenantModel):
    """A line of the timeline. A wrong one stays; another line corrects it and is shown beside it."""

    class Kind(models.TextChoices):
        DETECTION = "detection", "Detection"
        ACTION = "action", "Action"
        DECISION = "decision", "Decision"
        COMMUNICATION = "communication", "Communication"
        EVIDENCE = "evidence", "Evidence"
        STATUS = "status", "Status"

    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.ACTION)
    text = models.TextField(max_length=10_000)
    at = models.DateTimeField("when it happened")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # null: the product
    recorded_as = models.CharField(max_length=120)  # the writer's name then
    # A file of a confidential incident is no item of evidence, which others may read.
    file = TenantForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    evidence = TenantForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="incident_entries")
    reason = models.CharField("why it was corrected", max_length=1_000, blank=True)  # of a line that corrects another
    corrects = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["at", "recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "incident", "at"], name="incident_entry_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "corrects"], condition=Q(corrects__isnull=False), name="incident_entry_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["detection", "action", "decision", "communication", "evidence", "status"]),
                name="incident_entry_kind",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="incident_entry_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.incident}"

    @property
    def kind_badge(self) -> Badge:
        """What sort of line it is, as a word in a tone."""
        return Badge(self.get_kind_display(), _TONES[self.kind])
