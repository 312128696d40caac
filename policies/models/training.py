"""Courses, and who took which: from when until when it counts, with the certificate."""

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import Evidence
from inventory.models import Person
from policies.models.acknowledgement import departments_field
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge
from workflow.transitions import Transition

WRITE = "training.write"
_JOIN_DAYS = [MinValueValidator(1), MaxValueValidator(365)]
_MONTHS = [MinValueValidator(1), MaxValueValidator(120)]


class Course(TenantModel):
    """Something that people are trained in: who has to take it, how soon after joining, and how often again."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=200)
    about = models.TextField("what it teaches, and where to take it", blank=True, max_length=4_000)
    required = models.BooleanField("people have to take it", default=True)
    departments = departments_field()  # none: everybody
    required_from = models.DateField("required from")
    join_days = models.PositiveSmallIntegerField("days from joining", default=30, validators=_JOIN_DAYS)
    months = models.PositiveSmallIntegerField("again every so many months", null=True, blank=True, default=12, validators=_MONTHS)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    RETIRE = Transition("course.retire", {"active"}, "retired", WRITE, "retired")
    RESTORE = Transition("course.restore", {"retired"}, "active", WRITE, "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="course_name_unique",
                violation_error_message="There is a course of this name already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="course_status"),
            models.CheckConstraint(condition=Q(join_days__gte=1, join_days__lte=365), name="course_join_days"),
            models.CheckConstraint(condition=Q(months__isnull=True) | Q(months__gte=1, months__lte=120), name="course_months"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:course", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")


class TrainingRecord(TenantModel):
    """Somebody took a course on a day. One that was wrong is withdrawn, and stays."""

    class Status(models.TextChoices):
        CURRENT = "current", "Recorded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    course = TenantForeignKey(Course, on_delete=models.PROTECT, related_name="records")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="training_records")
    completed_on = models.DateField("completed")
    expires_on = models.DateField("expires", null=True, blank=True)  # none: it counts for good
    note = models.TextField(blank=True, max_length=2_000)
    certificate = TenantForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="training_records")
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded")
    status = models.CharField("state", max_length=9, choices=Status, default=Status.CURRENT)
    withdrawn_reason = models.TextField("why it was withdrawn", blank=True, max_length=2_000)

    WITHDRAW = Transition("training_record.withdraw", {"current"}, "withdrawn", WRITE, "withdrawn")

    seen_within = Lasting("completed_on", "expires_on")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-completed_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-completed_on", "-id"], name="training_record_day"),
            models.Index(fields=["tenant", "person", "course"], name="training_record_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "course", "person", "completed_on"],
                condition=Q(status="current"),
                name="training_record_unique",
                violation_error_message="This is recorded already: the same course on the same day.",
            ),
            models.CheckConstraint(condition=Q(status__in=["current", "withdrawn"]), name="training_record_status"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("completed_on")), name="training_record_order"
            ),
            models.CheckConstraint(condition=Q(status="current") | ~Q(withdrawn_reason=""), name="training_record_withdrawn_why"),
        ]

    def __str__(self) -> str:
        return f"{self.person.name}: {self.course}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:training-record", args=[self.pk])

    def badge(self, today: dt.date) -> Badge:
        """What holds of it on a day, as a word in a tone."""
        if self.status == self.Status.WITHDRAWN:
            return Badge("Withdrawn", "muted")
        return Badge("Expired", "warn") if self.expires_on and self.expires_on < today else Badge("Counts", "ok")
