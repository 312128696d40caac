"""Who is on call: a schedule, its rotations one after the other, and overrides."""

from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge
from workflow.transitions import Transition

RUN = "oncall.write"


class OnCallSchedule(TenantModel):
    """Who is on call for something. Somebody always is: whoever the rotation, an override or else the fallback says."""

    class Status(models.TextChoices):
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=120)
    fallback = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    is_default = models.BooleanField("the one that critical incidents go by", default=False)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    RETIRE = Transition("on_call_schedule.retire", {"active"}, "retired", RUN, "retired")
    RESTORE = Transition("on_call_schedule.restore", {"retired"}, "active", RUN, "put back into use")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-is_default", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="on_call_schedule_name_unique",
                violation_error_message="There is a schedule of this name already.",
            ),
            models.UniqueConstraint(fields=["tenant"], condition=Q(is_default=True), name="on_call_schedule_one_default"),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="on_call_schedule_status"),
            models.CheckConstraint(condition=Q(is_default=False) | Q(status="active"), name="on_call_schedule_default_in_use"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:schedule-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == self.Status.ACTIVE else "muted")

    @cached_property
    def rotation(self) -> "OnCallRotation":
        """The one that holds now."""
        return OnCallRotation.objects.filter(schedule=self).order_by("-in_force_from", "-pk")[0]


class Unit(models.TextChoices):
    """What a hand-over is counted in."""

    DAY = "day", "days"
    WEEK = "week", "weeks"


class OnCallRotation(TenantModel):
    """Members one after the other, by local days and a local hour; in force until the schedule's next one is.

    Never changed: who was on call in March is told by the rotation of March.
    """

    schedule = TenantForeignKey(OnCallSchedule, on_delete=models.PROTECT, related_name="rotations")
    in_force_from = models.DateTimeField()
    zone = models.CharField(max_length=64)  # IANA
    every = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=4, choices=Unit, default=Unit.WEEK)
    starts_on = models.DateField(
        "first hand-over"
    )  # the first member's first day; its weekday is that of the hand-overs by weeks
    hands_over_at = models.TimeField("hour of the hand-over")  # local
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["in_force_from", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "schedule", "in_force_from"], name="on_call_rotation_force")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=366), name="on_call_rotation_every"),
            models.CheckConstraint(condition=Q(unit__in=["day", "week"]), name="on_call_rotation_unit"),
        ]

    def __str__(self) -> str:
        return f"Rotation of {self.schedule}"


class OnCallTurn(TenantModel):
    """A member's place in a rotation."""

    rotation = TenantForeignKey(OnCallRotation, on_delete=models.PROTECT, related_name="turns")
    position = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "rotation", "position"], name="on_call_turn_unique")]

    def __str__(self) -> str:
        return f"{self.member} in {self.rotation}"


class OnCallOverride(TenantModel):
    """Somebody takes over for a while, such as a swap."""

    class Status(models.TextChoices):
        SET = "set", "Set"
        WITHDRAWN = "withdrawn", "Withdrawn"

    schedule = TenantForeignKey(OnCallSchedule, on_delete=models.PROTECT, related_name="overrides")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until")
    reason = models.CharField("why", max_length=300, blank=True)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.SET)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # What was until then stays as it was: one that is withdrawn half way ends there.
    withdrawn_at = models.DateTimeField(null=True)

    WITHDRAW = Transition("on_call_override.withdraw", {"set"}, "withdrawn", "incidents.work", "withdrawn")

    seen_within = Lasting("starts_at", "ends_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "schedule", "ends_at"], name="on_call_override_ends")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="on_call_override_forward"),
            models.CheckConstraint(condition=Q(status__in=["set", "withdrawn"]), name="on_call_override_status"),
        ]

    def __str__(self) -> str:
        return f"Override of {self.schedule}"

    def get_absolute_url(self) -> str:
        """The page of its schedule, where it is listed."""
        return reverse("incidents:schedule-detail", args=[self.schedule_id])
