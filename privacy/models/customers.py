"""A customer who left: what is returned or destroyed by an agreed day."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Person
from privacy.models.classes import LONGEST, DataSet
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting, Through
from ui.components import Badge, Tone
from workflow.brought import Brought
from workflow.transitions import Transition

DUE_TOO_EARLY = "It is due before the contract ends."
MOST_RECORDS = 10**12  # in one place; a case has far too few places for their sum to be too large
_TONES: dict[str, Tone] = {"open": "warn", "closed": "ok", "cancelled": "muted", "done": "ok"}


class EndedCustomer(Brought, TenantModel):
    """A customer whose contract ended, and the day by which their data is returned or destroyed."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    reference = models.CharField("number", max_length=20)
    name = models.CharField("customer", max_length=200)
    former_names = ArrayField(models.CharField(max_length=200), verbose_name="also known as", default=list, editable=False)
    ended_on = models.DateField("contract ended")
    due_on = models.DateField("due", help_text="The day agreed in the contract.")
    agreed = models.TextField("what was agreed", max_length=LONGEST, blank=True)
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    status = models.CharField("state", max_length=9, choices=Status, default=Status.OPEN)

    CLOSE = Transition("ended_customer.close", {"open"}, "closed", "privacy.write", "closed")
    CANCEL = Transition("ended_customer.cancel", {"open"}, "cancelled", "privacy.write", "cancelled")

    seen_within = Lasting("opened_at", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="ended_customer_reference"),
            models.CheckConstraint(condition=Q(status__in=["open", "closed", "cancelled"]), name="ended_customer_status"),
            models.CheckConstraint(condition=Q(due_on__gte=F("ended_on")), name="ended_customer_days"),
        ]

    def clean(self) -> None:
        """Nothing is due before the contract ends."""
        if None not in {self.ended_on, self.due_on} and self.due_on < self.ended_on:
            raise ValidationError({"due_on": DUE_TOO_EARLY})

    def __str__(self) -> str:
        return self.reference

    @property
    def names(self) -> list[str]:
        """Every name it had, for holds that know it by one."""
        return [self.name, *self.former_names]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:customer-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])


class CustomerStep(Brought, TenantModel):
    """Data of such a customer in one place: to be returned or destroyed there."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    class What(models.TextChoices):
        RETURN = "return", "Return it"
        DESTROY = "destroy", "Destroy it"

    customer = TenantForeignKey(EndedCustomer, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField("what is done", max_length=7, choices=What, default=What.DESTROY)
    place = models.CharField("which data, where", max_length=300)
    dataset = TenantForeignKey(
        DataSet, verbose_name="entry of the inventory", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField("done on", null=True, blank=True)
    done_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    records = models.PositiveBigIntegerField("records", null=True, blank=True)
    method = models.CharField("how", max_length=300, blank=True)
    verified = models.CharField("how it was checked", max_length=300, blank=True)
    status = models.CharField("state", max_length=4, choices=Status, default=Status.OPEN)

    DO = Transition("customer_step.do", {"open"}, "done", "privacy.write", "done")
    REOPEN = Transition("customer_step.reopen", {"done"}, "open", "privacy.write", "opened again")

    seen_within = Through("customer")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["place", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["open", "done"]), name="customer_step_status"),
            models.CheckConstraint(condition=Q(what__in=["return", "destroy"]), name="customer_step_what"),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_on__isnull=False) & ~Q(method=""), name="customer_step_done"
            ),
        ]

    def __str__(self) -> str:
        return self.place

    def get_absolute_url(self) -> str:
        """The page of its customer."""
        return reverse("privacy:customer-detail", args=[self.customer_id])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
