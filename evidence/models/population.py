"""Populations frozen for testing, and samples drawn from them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.belonging import populations_handed
from evidence.models.files import StoredFile
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Either, Lasting, Through
from workflow.transitions import Transition


class Population(TenantModel):
    """All events of one kind in a period (joiners, leavers, changes ...), frozen with the statement of its source."""

    class Status(models.TextChoices):
        FREEZING = "freezing", "Being frozen"
        FROZEN = "frozen", "Frozen"
        FAILED = "failed", "Could not be frozen"

    reference = models.CharField("number", max_length=30)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    period_from = models.DateField("period from")
    period_to = models.DateField("period to")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.FREEZING)
    statement = models.TextField(blank=True, help_text="where the rows come from and what they were checked against")
    row_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the ordered rows")
    file = TenantForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    FREEZE = Transition("population.freeze", {"freezing"}, "frozen", "evidence.write", "frozen")
    FAIL = Transition("population.fail", {"freezing"}, "failed", "evidence.write", "given up")

    seen_within = Either(Lasting("period_from", "period_to"), Through("id", populations_handed))

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="population_reference_unique"),
            models.CheckConstraint(condition=Q(status__in=["freezing", "frozen", "failed"]), name="population_status"),
            models.CheckConstraint(condition=Q(period_from__lte=F("period_to")), name="population_period"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("evidence:population-detail", args=[self.pk])


class Sample(TenantModel):
    """Rows chosen from a frozen population, by seed and algorithm or typed by the auditor. Immutable; a re-draw is another."""

    class Method(models.TextChoices):
        SEED = "seed", "Drawn by seed"
        CHOSEN = "chosen", "The auditor's own selection"

    population = TenantForeignKey(Population, on_delete=models.PROTECT, related_name="samples")
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=10, choices=Method)
    algorithm = models.CharField(max_length=40, blank=True)
    seed = models.CharField(max_length=200, blank=True)
    seed_from = models.CharField("who gave the seed", max_length=200, blank=True)
    size = models.PositiveIntegerField()
    keys = ArrayField(models.CharField(max_length=200), help_text="the chosen rows by their key, in the order of the draw")
    reason = models.TextField(blank=True, help_text="why it was drawn again")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    seen_within = Through("population")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "population", "number"], name="sample_unique"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="sample_redraw_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.population} sample {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("evidence:sample-detail", args=[self.pk])
