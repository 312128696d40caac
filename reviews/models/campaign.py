"""A campaign: one review of the access to some systems, for one quarter."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Person, Snapshot, System
from inventory.models.system import Route
from reviews.quarters import quarter_of
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Either, Lasting
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {"active": "info", "starting": "info", "signed_off": "warn", "closed": "ok"}


class Campaign(TenantModel):
    """An access review of a quarter. Its population is frozen when it starts, its decisions at sign-off."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        STARTING = "starting", "Being started"
        ACTIVE = "active", "Under way"
        SIGNED_OFF = "signed_off", "Signed off"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    STARTED: ClassVar = (Status.STARTING, Status.ACTIVE, Status.SIGNED_OFF, Status.CLOSED)

    reference = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField("due")
    instructions = models.TextField(blank=True)
    status = models.CharField("state", max_length=12, choices=Status, default=Status.DRAFT)
    prepared_automatically = models.BooleanField(default=False)
    second_reviewer = TenantForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="decides where nobody else independent exists",
    )
    second_reviewer_reason = models.TextField(blank=True)
    item_count = models.PositiveIntegerField(default=0)
    population_digest = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    signed_off_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    signed_off_at = models.DateTimeField(null=True)
    sign_off_note = models.TextField(blank=True)
    decision_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the ordered decisions")
    closed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closing_note = models.TextField(blank=True)
    next_review_on = models.DateField("next review", null=True, help_text="day by which the next review is due, set at the close")

    START = Transition("campaign.start", {"draft"}, "starting", "reviews.write", "started")
    POPULATE = Transition("campaign.populate", {"starting"}, "active", "reviews.write", "populated")
    RETURN = Transition("campaign.return_to_draft", {"starting"}, "draft", "reviews.write", "returned to draft")
    SIGN_OFF = Transition("campaign.sign_off", {"active"}, "signed_off", "reviews.sign", "signed off")
    CLOSE = Transition("campaign.close", {"signed_off"}, "closed", "reviews.sign", "closed")
    CANCEL = Transition("campaign.cancel", {"draft", "active"}, "cancelled", "reviews.sign", "cancelled")

    seen_within = Either(Lasting("period_from", "period_to"), Lasting("started_at", "closed_at"))

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-period_from", "-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="campaign_reference_unique"),
            models.UniqueConstraint(
                fields=["tenant", "period_from"], condition=Q(prepared_automatically=True), name="campaign_prepared_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "starting", "active", "signed_off", "closed", "cancelled"]),
                name="campaign_status",
            ),
            models.CheckConstraint(condition=Q(period_from__lte=models.F("period_to")), name="campaign_period"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its overview."""
        return reverse("reviews:detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """The state, as a badge."""
        return Badge(self.get_status_display(), _TONES.get(self.status, "muted"))

    @property
    def quarter(self) -> str:
        """The quarter it covers, such as 2026-Q4."""
        return quarter_of(self.period_from).label


class CampaignSystem(TenantModel):
    """A system in a campaign: the snapshot that is reviewed, and who is asked."""

    cared_with = "campaign_id"

    campaign = TenantForeignKey(Campaign, on_delete=models.CASCADE, related_name="scope")
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="+")
    snapshot = TenantForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewer_order = ArrayField(models.CharField(max_length=20, choices=Route))
    incomplete_reason = models.TextField(blank=True, help_text="why an incomplete snapshot is reviewed all the same")
    incomplete_accepted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    item_count = models.PositiveIntegerField(default=0)
    left_out_count = models.PositiveIntegerField(default=0, help_text="entitlements of accounts whose state counts as no access")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["system__name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "campaign", "system"], name="campaign_system_unique")]

    def __str__(self) -> str:
        return f"{self.campaign} {self.system}"

    @property
    def order_words(self) -> str:
        """Who is asked, in order, such as "Line manager, system owner"."""
        return ", ".join(str(Route(way).label) for way in self.reviewer_order).capitalize()

    @property
    def statement(self) -> str:
        """What is reviewed, and what the population was checked against, in sentences an auditor may quote."""
        found = self.snapshot
        if found is None:
            return "No population was chosen."
        count = self.item_count
        parts = ["1 entitlement is reviewed." if count == 1 else f"{count:,} entitlements are reviewed."]
        if self.left_out_count:
            left = "1 is" if self.left_out_count == 1 else f"{self.left_out_count:,} are"
            parts.append(f"{left} left out, as the state of the account counts as no access.")
        return " ".join([*parts, self._checked(found)])

    def _checked(self, found: Snapshot) -> str:
        if found.complete:
            unit = found.get_stated_count_unit_display().lower()
            return f"The file was checked against the source's own count: {found.stated_count:,} {unit}."
        who = f" by {self.incomplete_accepted_by.name}" if self.incomplete_accepted_by else ""
        return f"The file could not be shown to be complete. It is reviewed all the same{who}: {self.incomplete_reason}"
