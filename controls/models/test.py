"""Tests of controls: superseded by later ones, never removed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Control
from evidence.models import Evidence, Population, Sample
from inventory.models import Person
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Through
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"pass": "ok", "partial": "warn", "fail": "bad", "not_evaluable": "warn"}


class ControlTest(TenantModel):
    """What somebody who neither owns nor performs a control found when they tested it."""

    class Result(models.TextChoices):
        PASS = "pass", "Pass"
        PARTIAL = "partial", "Partial"
        FAIL = "fail", "Fail"
        NOT_EVALUABLE = "not_evaluable", "Not evaluable"

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"

    control = TenantForeignKey(Control, on_delete=models.PROTECT, related_name="tests", db_index=False)
    tested_on = models.DateField()
    tester = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    tester_person = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_person = TenantForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="who owned the control at that time"
    )
    procedure = models.TextField()
    population = TenantForeignKey(Population, null=True, blank=True, on_delete=models.PROTECT, related_name="tests")
    sample = TenantForeignKey(Sample, null=True, blank=True, on_delete=models.PROTECT, related_name="tests")
    population_note = models.TextField("population and sample", blank=True)
    items_tested = models.PositiveIntegerField(null=True, blank=True)
    exceptions_found = models.PositiveIntegerField(null=True, blank=True)
    result = models.CharField(max_length=14, choices=Result)
    notes = models.TextField(blank=True)
    next_due_on = models.DateField("next test due", null=True, blank=True)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.CURRENT)
    superseded_by = TenantForeignKey("controls.ControlTest", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    SUPERSEDE = Transition("control_test.supersede", {"current"}, "superseded", "controls.test", "superseded")

    seen_within = At("tested_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-tested_on", "-recorded_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "control", "-tested_on"], name="control_test_latest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["current", "superseded"]), name="control_test_status"),
            models.CheckConstraint(
                condition=Q(tester_person__isnull=True) | Q(owner_person__isnull=True) | ~Q(tester_person=F("owner_person")),
                name="control_test_independent",
            ),
            models.CheckConstraint(condition=~Q(procedure=""), name="control_test_procedure"),
        ]

    def __str__(self) -> str:
        return f"Test of {self.control.code}, {self.tested_on:%-d %b %Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:test-detail", args=[self.pk])

    @property
    def result_badge(self) -> Badge:
        """The result as a word in a tone."""
        return Badge(self.get_result_display(), _TONES[self.result])


class ControlTestEvidence(TenantModel):
    """What a test rests on."""

    test = TenantForeignKey(ControlTest, on_delete=models.PROTECT, related_name="proofs")
    evidence = TenantForeignKey(Evidence, on_delete=models.PROTECT, related_name="tests")

    seen_within = Through("test")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "test", "evidence"], name="control_test_evidence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} of {self.test}"
