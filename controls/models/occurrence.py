"""One expected occurrence of a control: a row for each interval, event or statement, laid out ahead."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse

from accounts.models import Member
from controls.models.control import Control
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At
from workflow.transitions import Transition


class State(models.TextChoices):
    """What an occurrence is on a given day, from its dates alone."""

    NOT_YET_DUE = "not_yet_due", "Not yet due"
    DUE = "due", "Due"
    PERFORMED = "performed", "Performed"
    LATE = "late", "Late"
    MISSED = "missed", "Missed"
    DID_NOT_OCCUR = "did_not_occur", "Did not occur"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


def done_after(name: str) -> Q:
    """Performed, and counted as performed after the day of a field: the one rule of what is on time, late and missed."""
    return Q(status="performed") & (Q(performed_on__gt=F(name)) | Q(counts_on__gt=F(name)))


def state_as_of(today: dt.date) -> Case:
    """The state on a day as an SQL expression, for `.annotate(state=state_as_of(day))`; the rule of `Occurrence.state_on`."""
    return Case(
        When(status="did_not_occur", then=Value(State.DID_NOT_OCCUR.value)),
        When(status="not_applicable", then=Value(State.NOT_APPLICABLE.value)),
        When(done_after("missed_after"), then=Value(State.MISSED.value)),
        When(done_after("due_on"), then=Value(State.LATE.value)),
        When(status="performed", then=Value(State.PERFORMED.value)),
        When(missed_after__lt=today, then=Value(State.MISSED.value)),
        When(due_on__lt=today, then=Value(State.LATE.value)),
        When(opens_on__lte=today, then=Value(State.DUE.value)),
        default=Value(State.NOT_YET_DUE.value),
        output_field=models.CharField(),
    )


class Occurrence(TenantModel):
    """An occurrence that the cadence of a control leads one to expect.

    It can be performed from `starts_on`, is asked for from `opens_on`, on time until `due_on`, late until `missed_after`.
    It belongs to the audit period in which it ends.
    """

    class Kind(models.TextChoices):
        INTERVAL = "interval", "Interval"
        EVENT = "event", "Event"
        STATEMENT = "statement", "Statement that nothing occurred"
        CONFIGURATION = "configuration", "Test of the configuration"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        PERFORMED = "performed", "Performed"
        DID_NOT_OCCUR = "did_not_occur", "Did not occur"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        WITHDRAWN = "withdrawn", "Withdrawn"

    control = TenantForeignKey(Control, on_delete=models.CASCADE, related_name="occurrences", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind)
    key = models.CharField(max_length=80, help_text="such as 2026-Q3, or the event's kind and id: one row for each")
    label = models.CharField(max_length=200, help_text="such as Q3 2026, or the event's name")
    starts_on = models.DateField()
    ends_on = models.DateField()
    opens_on = models.DateField()
    due_on = models.DateField("due")
    missed_after = models.DateField()
    status = models.CharField("state", max_length=16, choices=Status, default=Status.OPEN)
    performed_on = models.DateField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True, help_text="when its owner said so; empty where the product itself knows")
    counts_on = models.DateField(null=True, blank=True, help_text="the day that counts, where it is not the one stated")
    performed_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    statement = models.TextField("what was done, or why not", blank=True)
    stated_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(null=True, blank=True)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)

    PERFORM = Transition("occurrence.perform", {"open"}, "performed", "occurrences.perform", "performed")
    NOTHING = Transition(
        "occurrence.did_not_occur", {"open"}, "did_not_occur", "occurrences.perform", "stated as nothing occurred"
    )
    EXCUSE = Transition("occurrence.not_applicable", {"open"}, "not_applicable", "controls.write", "set as not applicable")
    REOPEN = Transition(
        "occurrence.reopen",
        {"performed", "did_not_occur", "not_applicable"},
        "open",
        "occurrences.perform",
        "opened again",
    )
    WITHDRAW = Transition("occurrence.withdraw", {"open"}, "withdrawn", "controls.write", "withdrawn")
    REFUTE = Transition("occurrence.refute", {"did_not_occur"}, "withdrawn", "controls.write", "found to have occurred")
    EXPECT = Transition("occurrence.expect", {"withdrawn"}, "open", "controls.write", "expected again")

    seen_within = At("ends_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "control__code"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "due_on"], name="occurrence_due"),
            models.Index(fields=["tenant", "control", "ends_on"], name="occurrence_control"),
            models.Index(fields=["tenant", "ends_on", "id"], name="occurrence_end"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "control", "key"], name="occurrence_unique"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "performed", "did_not_occur", "not_applicable", "withdrawn"]),
                name="occurrence_status",
            ),
            models.CheckConstraint(condition=~Q(status="performed") | Q(performed_on__isnull=False), name="occurrence_performed"),
            models.CheckConstraint(condition=Q(counts_on=None) | Q(counts_on__gt=F("performed_on")), name="occurrence_counts_on"),
            models.CheckConstraint(
                condition=~Q(status__in=["did_not_occur", "not_applicable"]) | ~Q(statement=""), name="occurrence_statement"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on"), opens_on__lte=F("due_on"), due_on__lte=F("missed_after")),
                name="occurrence_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.control.code} {self.label}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("controls:occurrence-detail", args=[self.pk])

    @property
    def late_by_word(self) -> bool:
        """Whether it was on time by its owner's word alone, and so counts as late."""
        return bool(self.counts_on and self.performed_on and self.performed_on <= self.due_on < self.counts_on)

    def state_on(self, today: dt.date) -> State:
        """Its state as of a day; the rule of `state_as_of`."""
        if self.status in {"did_not_occur", "not_applicable"}:
            return State(self.status)
        done = (self.counts_on or self.performed_on) if self.status == "performed" else None
        reached = done or today
        if reached > self.missed_after:
            return State.MISSED
        if reached > self.due_on:
            return State.LATE
        if done:
            return State.PERFORMED
        return State.DUE if self.opens_on <= today else State.NOT_YET_DUE
