"""The roster: who works here, and by which other addresses they are known."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from evidence.tables.text import email_key
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge
from ui.values import spelled
from workflow.transitions import Transition


class Person(TenantModel):
    """A row of the roster. `member` links somebody who also works in Plumbline."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", "Employee"
        CONTRACTOR = "contractor", "Contractor"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        ON_LEAVE = "on_leave", "On leave"
        LEFT = "left", "Left"

    name = models.CharField(max_length=200)
    email = models.EmailField("e-mail", max_length=320, blank=True)
    email_key = models.CharField(max_length=320, blank=True, editable=False)
    employee_number = models.CharField(max_length=100, blank=True)
    manager = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    department = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.EMPLOYEE)
    status = models.CharField("state", max_length=10, choices=Status, default=Status.ACTIVE)
    started_on = models.DateField("started", null=True, blank=True)
    left_on = models.DateField("last working day", null=True, blank=True)
    contract_ends_on = models.DateField("contract ends", null=True, blank=True)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="people", db_constraint=True)

    LEAVE = Transition("person.leave", {"active", "on_leave"}, "left", "people.write", "marked as left")
    PAUSE = Transition("person.pause", {"active"}, "on_leave", "people.write", "marked as on leave")
    RETURN = Transition("person.return", {"on_leave"}, "active", "people.write", "marked as back")
    REHIRE = Transition("person.rehire", {"left"}, "active", "people.write", "marked as rehired")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "name"], name="person_name"),
            models.Index(fields=["tenant", "manager"], name="person_manager"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "email_key"],
                condition=~models.Q(email_key=""),
                name="person_email_unique",
                violation_error_message="Somebody with this e-mail is on the roster already.",
            ),
            models.UniqueConstraint(
                fields=["tenant", "employee_number"],
                condition=~models.Q(employee_number=""),
                name="person_number_unique",
                violation_error_message="Somebody with this employee number is on the roster already.",
            ),
            models.UniqueConstraint(
                fields=["tenant", "member"],
                name="person_member_unique",
                violation_error_message="This member is somebody else on the roster already.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["active", "on_leave", "left"]), name="person_status"),
            models.CheckConstraint(condition=models.Q(kind__in=["employee", "contractor"]), name="person_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return reverse("inventory:person-detail", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the e-mail's normal form beside it."""
        self.email_key = email_key(self.email)
        super().save(*args, **kwargs)

    @property
    def status_badge(self) -> Badge:
        """The state as a word in a tone; an end that has passed outweighs a roster that still says active."""
        if self.last_day and self.status != self.Status.LEFT and self.has_left(timezone.localdate()):
            what = "Contract ended" if self.last_day == self.contract_ends_on else "Last day was"
            return Badge(f"{what} {spelled(self.last_day)}", "warn")
        return Badge(self.get_status_display(), {"active": "ok", "on_leave": "warn", "left": "muted"}[self.status])  # type: ignore[arg-type]

    @property
    def last_day(self) -> dt.date | None:
        """The last working day, or the contract's end if that comes first; None when neither is known."""
        return min((day for day in (self.left_on, self.contract_ends_on) if day), default=None)

    def has_left(self, today: dt.date) -> bool:
        """Whether the last day has passed."""
        return self.status == self.Status.LEFT or (self.last_day is not None and self.last_day < today)


class PersonAlias(TenantModel):
    """Another address or user name of a person, confirmed by a compliance manager."""

    person = TenantForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    key = models.CharField(max_length=320)
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "key"],
                name="person_alias_unique",
                violation_error_message="This address belongs to somebody already.",
            )
        ]

    def __str__(self) -> str:
        return self.key
