"""Proof that the product carries what is expected of it: tests under load."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence
from inventory.models import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from ui.components import Badge

_SHARE = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))


class LoadTest(TenantModel):
    """One test under load: what was aimed at and what was reached, how slow the answers were, and how many failed."""

    class Result(models.TextChoices):
        PASSED = "passed", "Passed"
        FAILED = "failed", "Failed"
        UNKNOWN = "not_evaluable", "Not evaluable"

    # The result as conditions of the database; `result` is the same in Python.
    HELD: ClassVar[Q] = (
        Q(load_reached__gte=F("load_aimed")) & Q(answer_ms__lte=F("answer_limit_ms")) & Q(errors_seen__lte=F("errors_allowed"))
    )
    BROKE: ClassVar[Q] = (
        Q(load_reached__lt=F("load_aimed")) | Q(answer_ms__gt=F("answer_limit_ms")) | Q(errors_seen__gt=F("errors_allowed"))
    )
    UNTOLD: ClassVar[Q] = (
        (Q(load_reached=None) | Q(answer_ms=None) | Q(errors_seen=None))
        & (Q(load_reached=None) | Q(load_reached__gte=F("load_aimed")))
        & (Q(answer_ms=None) | Q(answer_ms__lte=F("answer_limit_ms")))
        & (Q(errors_seen=None) | Q(errors_seen__lte=F("errors_allowed")))
    )

    reference = models.CharField("number", max_length=20)
    before = models.CharField("tested before", max_length=200)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="load_tests")
    tested_on = models.DateField()
    tested_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField("unit of the load", max_length=40)
    load_aimed = models.PositiveIntegerField("load, aimed at")
    load_reached = models.PositiveIntegerField("load, reached", null=True, blank=True)  # none: it was not measured
    answer_limit_ms = models.PositiveIntegerField("95th percentile of the answers, allowed")
    answer_ms = models.PositiveIntegerField("95th percentile of the answers, measured", null=True, blank=True)
    errors_allowed = models.DecimalField("errors in percent, allowed", max_digits=5, decimal_places=2, validators=_SHARE)
    errors_seen = models.DecimalField(
        "errors in percent, seen", max_digits=5, decimal_places=2, null=True, blank=True, validators=_SHARE
    )
    notes = models.TextField("what was learned", blank=True, max_length=10_000)
    evidence = TenantForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="load_tests")
    recorded_at = models.DateTimeField()

    seen_within = At("tested_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-tested_on", "-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-tested_on"], name="load_test_on")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="load_test_reference_unique"),
            models.CheckConstraint(condition=Q(load_aimed__gt=0, answer_limit_ms__gt=0), name="load_test_aims"),
            models.CheckConstraint(
                condition=Q(errors_allowed__range=(0, 100)) & (Q(errors_seen=None) | Q(errors_seen__range=(0, 100))),
                name="load_test_errors",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("monitoring:load-detail", args=[self.pk])

    @property
    def met_load(self) -> bool | None:
        """Whether the load was reached; None where it was not measured."""
        return None if self.load_reached is None else self.load_reached >= self.load_aimed

    @property
    def met_answers(self) -> bool | None:
        """Whether the answers were fast enough; None where they were not measured."""
        return None if self.answer_ms is None else self.answer_ms <= self.answer_limit_ms

    @property
    def met_errors(self) -> bool | None:
        """Whether few enough failed; None where nobody counted them."""
        return None if self.errors_seen is None else self.errors_seen <= self.errors_allowed

    @property
    def result(self) -> str:
        """Failed where a measured value breaks its limit; not evaluable where none does and one is missing; else passed."""
        met = (self.met_load, self.met_answers, self.met_errors)
        if False in met:
            return self.Result.FAILED
        return self.Result.UNKNOWN if None in met else self.Result.PASSED

    @property
    def passed(self) -> bool:
        """Whether all three were measured, and within their limits."""
        return self.result == self.Result.PASSED

    @property
    def failed(self) -> bool:
        """Whether a measured value breaks its limit."""
        return self.result == self.Result.FAILED

    @property
    def result_badge(self) -> Badge:
        """What came of it, as a word in a tone."""
        if self.passed:
            return Badge("Passed", "ok")
        return Badge("Failed", "bad") if self.failed else Badge("Not evaluable", "warn")
