"""The classes of data, and what data there is of each."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge
from workflow.transitions import Transition

LONGEST = 4000


class InUse(models.TextChoices):
    """Whether something still counts."""

    ACTIVE = "active", "In use"
    RETIRED = "retired", "Retired"


class DataClass(TenantModel):
    """A class of data: the label it bears, and how it is handled. `rank` 1 is the most sensitive."""

    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField("order", help_text="1 is the most sensitive.")
    label = models.CharField("label on documents", max_length=80)
    personal = models.BooleanField("personal data", default=False)
    meaning = models.TextField("what belongs to it", max_length=LONGEST)
    handling = models.TextField("how it is handled", max_length=LONGEST)
    status = models.CharField("state", max_length=7, choices=InUse, default=InUse.ACTIVE)

    RETIRE = Transition("data_class.retire", {"active"}, "retired", "privacy.write", "retired")
    RESTORE = Transition("data_class.restore", {"retired"}, "active", "privacy.write", "put back")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["rank", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"], name="data_class_name", violation_error_message="There is a class of this name."
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="data_class_status"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:class-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == InUse.ACTIVE else "muted")


class Basis(models.TextChoices):
    """Why personal data may be processed: Article 6(1) of the GDPR, points (a) to (f)."""

    NONE = "", "No personal data"
    CONSENT = "consent", "Consent (a)"
    CONTRACT = "contract", "Contract (b)"
    OBLIGATION = "obligation", "Legal obligation (c)"
    VITAL = "vital", "Vital interests (d)"
    PUBLIC = "public", "Public task (e)"
    INTEREST = "interest", "Legitimate interests (f)"


class DataSet(TenantModel):
    """An entry of the data inventory: what, where, whose, what for, on which basis, who gets it, how long it stays."""

    name = models.CharField(max_length=120)
    data_class = TenantForeignKey(DataClass, verbose_name="class", on_delete=models.PROTECT, related_name="datasets")
    content = models.TextField("what it is", max_length=LONGEST)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    location = models.CharField("where it is", max_length=300, help_text="Such as a database, a region, a cabinet.")
    subjects = ArrayField(models.CharField(max_length=60), verbose_name="whose it is", default=list, blank=True)
    purpose = models.TextField("what it is for", max_length=LONGEST)
    basis = models.CharField("legal basis", max_length=10, choices=Basis, blank=True, default=Basis.NONE)
    basis_note = models.CharField("more on the basis", max_length=500, blank=True)
    recipients = ArrayField(models.CharField(max_length=120), verbose_name="who gets it", default=list, blank=True)
    transfers = models.CharField("sent to other countries", max_length=500, blank=True)
    schedule = TenantForeignKey(
        "privacy.RetentionSchedule", verbose_name="retention schedule", null=True, blank=True, on_delete=models.PROTECT,
        related_name="datasets",
    )  # fmt: skip
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("state", max_length=7, choices=InUse, default=InUse.ACTIVE)

    RETIRE = Transition("data_set.retire", {"active"}, "retired", "privacy.write", "retired")
    RESTORE = Transition("data_set.restore", {"retired"}, "active", "privacy.write", "put back")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "name"], name="data_set_name", violation_error_message="There is an entry of this name."
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="data_set_status"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="data_set_basis"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:dataset-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == InUse.ACTIVE else "muted")
