"""An item: one entitlement to decide on."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from inventory.models import Account, Entitlement, Person, System
from reviews.models.campaign import Campaign
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through
from ui.components import Badge, Tone

_TONES: dict[str, Tone] = {"retain": "ok", "revoke": "bad", "modify": "warn", "not_decided": "muted"}


class Flag(models.TextChoices):
    """Why a row deserves a second look; keeping a flagged row needs a reason in words."""

    LEAVER = "leaver", "Leaver"
    UNMATCHED = "unmatched", "Unmatched account"
    SHARED = "shared", "Shared account"
    SERVICE = "service", "Service account"
    UNUSED = "unused_90", "Unused for 90 days"
    USE_UNKNOWN = "use_unknown_privileged", "Privileged, last use unknown"
    NEVER_REVIEWED = "never_reviewed", "Never reviewed"
    REGRANTED = "regranted", "Granted again"


class Change(models.TextChoices):
    """How a row compares with the last review in which the same access was decided."""

    FIRST = "first", "First review"
    SAME = "same", "As last time"
    NEW = "new", "New since the last review"
    STILL_THERE = "still_there", "Still there after a decision to remove or change"
    REGRANTED = "regranted", "Granted again"


class Item(TenantModel):
    """One entitlement of a frozen population, its reviewer and the certification decision.

    The foreign keys have no indexes of their own: an organization's items are looked up by campaign, reviewer or account, and
    single-column indexes would slow the start and lead the planner past the ones below.
    """

    cared_with = "campaign_id"

    class Decision(models.TextChoices):
        RETAIN = "retain", "Keep"
        REVOKE = "revoke", "Remove"
        MODIFY = "modify", "Change"
        NOT_DECIDED = "not_decided", "Not decided"

    class Reason(models.TextChoices):
        LEFT = "left", "Left"
        MOVED = "moved", "Moved"
        NOT_USED = "not_used", "Not used"
        NEVER_NEEDED = "never_needed", "Never needed"
        DUPLICATE = "duplicate", "Duplicate"
        OTHER = "other", "Other"

    campaign = TenantForeignKey(Campaign, on_delete=models.PROTECT, related_name="items", db_index=False)
    position = models.PositiveIntegerField(help_text="order within the campaign: system, person, role")
    entitlement = TenantForeignKey(Entitlement, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="+", db_index=False)
    account_kind = models.CharField(max_length=10, choices=Account.Kind)
    subject = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_name = models.CharField(max_length=500)
    reviewer = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    routed_by = models.CharField(max_length=20, blank=True, help_text="the route that named the reviewer")
    privileged = models.BooleanField(default=False)
    flags = ArrayField(models.CharField(max_length=30, choices=Flag), default=list)
    flagged = models.BooleanField(default=False)
    change = models.CharField(max_length=12, choices=Change, default=Change.FIRST)
    previous = TenantForeignKey(
        "self",
        null=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the last decision on the same access, in an earlier review that was signed off",
    )
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    reason_code = models.CharField(max_length=12, choices=Reason, blank=True)
    reason = models.TextField(blank=True)
    target_role = models.CharField(max_length=500, blank=True)
    decider = TenantForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    decided_in_bulk = models.BooleanField(default=False)

    seen_within = Through("campaign")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "campaign", "position"], name="item_position"),
            models.Index(fields=["tenant", "campaign", "decision", "position"], name="item_decision_order"),
            models.Index(fields=["tenant", "campaign", "reviewer", "decision", "position"], name="item_reviewer"),
            models.Index(fields=["tenant", "account"], name="item_account"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "campaign", "entitlement"], name="item_unique"),
            models.CheckConstraint(
                condition=Q(subject=None) | Q(reviewer=None) | ~Q(subject=F("reviewer")), name="item_reviewer_not_subject"
            ),
            models.CheckConstraint(
                condition=Q(subject=None) | Q(decider=None) | ~Q(subject=F("decider")), name="item_decider_not_subject"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "retain", "revoke", "modify", "not_decided"]), name="item_decision"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decider=None)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="item_decided",
            ),
            models.CheckConstraint(condition=~Q(decision__in=["revoke", "modify"]) | ~Q(reason_code=""), name="item_reason_code"),
            models.CheckConstraint(condition=~Q(decision="modify") | ~Q(target_role=""), name="item_target_role"),
            models.CheckConstraint(
                condition=~Q(decision="retain") | Q(flagged=False) | ~Q(reason=""), name="item_flagged_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name}: {self.entitlement}"

    def get_absolute_url(self) -> str:
        """Its page, with the history of its decisions."""
        return reverse("reviews:item", args=[self.pk])

    @property
    def flag_badges(self) -> list[Badge]:
        """Why it deserves a second look, in words."""
        return [Badge(Flag(flag).label, "warn") for flag in self.flags]

    @property
    def flag_words(self) -> str:
        """The flags as part of a sentence, such as "leaver, unused for 90 days"."""
        return ", ".join(str(Flag(flag).label).lower() for flag in self.flags)

    @property
    def decision_badge(self) -> Badge | None:
        """The decision as a badge; None while there is none."""
        return Badge(self.get_decision_display(), _TONES[self.decision]) if self.decision else None

    @property
    def said(self) -> str:
        """The reason, as one line: its word, and what was written."""
        word = self.get_reason_code_display() if self.reason_code else ""
        return ": ".join(part for part in (word, self.reason) if part)
