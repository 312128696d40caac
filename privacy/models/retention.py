"""How long data stays, what was deleted, and what must not be deleted."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Control
from evidence.models import StoredFile
from inventory.models import Person, System
from privacy.models.classes import LONGEST, InUse
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Lasting
from ui.components import Badge
from workflow.brought import Brought
from workflow.retention import disposables
from workflow.transitions import Transition


class RetentionSchedule(TenantModel):
    """How long one kind of data stays, and why: the product's own (`kind` names it), or data elsewhere (`kind` is empty).

    The product deletes its own by itself; deletions elsewhere are reported as control events that name the schedule's number.
    """

    reference = models.CharField("number", max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField("data of the product", max_length=30, blank=True)
    system = TenantForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    control = TenantForeignKey(
        Control, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="control that deletions are of"
    )
    days = models.PositiveIntegerField("days kept")
    counted_from = models.CharField("counted from", max_length=200)
    reason = models.TextField("why so long", max_length=LONGEST)
    method = models.CharField("how it is deleted", max_length=300)
    automatic = models.BooleanField("deleted by itself", default=False)
    report_days = models.PositiveSmallIntegerField(
        "days between reports", null=True, blank=True, help_text="Of data elsewhere: a deletion is reported at least so often."
    )
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ran_on = models.DateField("last run", null=True, editable=False)
    made_at = models.DateTimeField()
    status = models.CharField("state", max_length=7, choices=InUse, default=InUse.ACTIVE)

    RETIRE = Transition("retention_schedule.retire", {"active"}, "retired", "privacy.write", "retired")
    RESTORE = Transition("retention_schedule.restore", {"retired"}, "active", "privacy.write", "put back")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="retention_schedule_reference"),
            models.UniqueConstraint(
                fields=["tenant", "kind"], condition=Q(status="active") & ~Q(kind=""), name="retention_schedule_kind",
                violation_error_message="There is a schedule for this data already.",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="retention_schedule_status"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=36_600), name="retention_schedule_days"),
            models.CheckConstraint(condition=Q(automatic=False) | ~Q(kind=""), name="retention_schedule_own"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:schedule-detail", args=[self.pk])

    def clean(self) -> None:
        """The product's own data is of a kind it knows, kept as long as it has to be; by itself only that is deleted."""
        if not self.kind:
            if self.automatic:
                raise ValidationError({"automatic": "Plumbline deletes only its own data."})
            return
        known = disposables().get(self.kind)
        if known is None:
            raise ValidationError({"kind": f"The product has no data called {self.kind[:30]}."})
        if self.days < known.minimum:
            raise ValidationError({"days": f"{known.label} stay {known.minimum:,} days at least."})

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "ok" if self.status == InUse.ACTIVE else "muted")


class LegalHold(Brought, TenantModel):
    """Data that must stay, whatever a schedule says: while it is in force nothing it covers is deleted.

    `kinds`: of which data, all where it is empty. `about`: whose (an e-mail address, or the name of a customer), everybody's
    where it is empty; data that does not say whose it is counts as theirs. `since` and `until`: from which days.
    """

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "In force"
        LIFTED = "lifted", "Lifted"

    reference = models.CharField("number", max_length=20)
    matter = models.CharField(max_length=200)
    reason = models.TextField("why", max_length=LONGEST)
    kinds = ArrayField(models.CharField(max_length=30), verbose_name="of which data", default=list, blank=True)
    about = models.CharField("whose data", max_length=320, blank=True)
    since = models.DateField("data from", null=True, blank=True)
    until = models.DateField("data to", null=True, blank=True)
    placed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.TextField(blank=True)
    status = models.CharField("state", max_length=8, choices=Status, default=Status.IN_FORCE)

    LIFT = Transition("legal_hold.lift", {"in_force"}, "lifted", "holds.write", "lifted")

    seen_within = Lasting("placed_at", "lifted_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-placed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="legal_hold_reference"),
            models.CheckConstraint(condition=Q(status__in=["in_force", "lifted"]), name="legal_hold_status"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")), name="legal_hold_days"
            ),
        ]

    def clean(self) -> None:
        """It does not end before it begins."""
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": "It ends before it begins."})

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:hold-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), "warn" if self.status == self.Status.IN_FORCE else "muted")


class DeletionCertificate(TenantModel):
    """What was deleted, how many, under which schedule or case, by whom. `digest`: SHA-256 of `listed`. Never changed.

    `listed` names what was deleted and holds nothing of it: an id on each line, in order, each line ended by a line feed.
    """

    reference = models.CharField("number", max_length=20)
    what = models.CharField(max_length=200)
    count = models.PositiveBigIntegerField("how many")
    held = models.PositiveBigIntegerField("kept for a legal hold", default=0)
    older_than = models.DateTimeField("older than", null=True)
    schedule = TenantForeignKey(RetentionSchedule, null=True, on_delete=models.PROTECT, related_name="certificates")
    customer = TenantForeignKey("privacy.EndedCustomer", null=True, on_delete=models.PROTECT, related_name="certificates")
    request = TenantForeignKey("privacy.SubjectRequest", null=True, on_delete=models.PROTECT, related_name="certificates")
    under = models.CharField("under", max_length=300)
    method = models.CharField("how", max_length=300)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField("by", max_length=254)
    made_at = models.DateTimeField("when")
    listed = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("SHA-256", max_length=64)

    seen_within = At("made_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-made_at", "-reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="deletion_certificate_reference"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:certificate-detail", args=[self.pk])
