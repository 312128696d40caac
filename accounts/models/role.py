"""Roles that an organization makes itself, and the conflicts of duty that were accepted."""

import datetime as dt
from collections.abc import Collection
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.models.member import Member
from accounts.roles import ROLES, granted, implied
from tenancy.models import TenantForeignKey, TenantModel, current_organization

LONGEST_ACCEPTED = dt.timedelta(days=366)


class CustomRole(TenantModel):
    """A named set of permissions beside the built-in ones. Its key never changes: members and the trail name it by that."""

    class Status(models.TextChoices):
        """Given to members, or kept for what the trail says of it."""

        ACTIVE = "active", "In use"
        RETIRED = "retired", "Retired"

    key = models.SlugField(max_length=30, editable=False)
    name = models.CharField(max_length=60)
    description = models.CharField("what it is for", max_length=300)
    grants = ArrayField(models.CharField(max_length=60))
    copied_from = models.CharField(max_length=30, blank=True, editable=False)
    status = models.CharField("state", max_length=7, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField("made", auto_now_add=True)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], name="custom_role_key"),
            models.UniqueConstraint(
                models.F("tenant"),
                Lower("name"),
                condition=models.Q(status="active"),
                name="custom_role_name",
                violation_error_message="There is a role of this name already.",
            ),
            models.CheckConstraint(condition=models.Q(grants__len__gt=0), name="custom_role_grants"),
            models.CheckConstraint(condition=~models.Q(key__in=list(ROLES)), name="custom_role_not_built_in"),
            models.CheckConstraint(condition=models.Q(status__in=["active", "retired"]), name="custom_role_status"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("members:role", args=[self.pk])

    @property
    def is_active(self) -> bool:
        """Whether it can be given."""
        return self.status == self.Status.ACTIVE

    @property
    def rights(self) -> frozenset[str]:
        """What it grants, implied permissions included."""
        return implied(self.grants)

    def is_of(self, member: Member) -> bool:
        """Whether somebody has it."""
        return self.key in member.roles

    def held(self) -> "models.QuerySet[Member]":
        """Those who have it and were not removed."""
        return Member.objects.of(current_organization()).filter(status=Member.Status.ACTIVE).having(self.key)


class DutyAcceptance(TenantModel):
    """That somebody answers, until a day, for one person or one role having duties that should be apart. Never changed."""

    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    role = TenantForeignKey(CustomRole, null=True, on_delete=models.PROTECT, related_name="acceptances", editable=False)
    duty = models.CharField("conflict", max_length=30, editable=False)  # a key of accounts.duties
    reason = models.CharField(max_length=500, editable=False)
    ends_on = models.DateField("until", editable=False)
    accepted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", editable=False)
    accepted_at = models.DateTimeField("accepted", auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-accepted_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(member=None, role__isnull=False) | models.Q(member__isnull=False, role=None),
                name="duty_acceptance_of_one",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="duty_acceptance_reason"),
        ]

    def __str__(self) -> str:
        return self.whose

    @property
    def whose(self) -> str:
        """The person or the role it is about."""
        return str(self.role) if self.role_id else str(self.member.name) if self.member else ""

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.ends_on < current_organization().today()

    @property
    def is_own(self) -> bool:
        """Whether whoever answered for a role has it themselves by now: nobody answers for their own duties."""
        return self.role is not None and self.role.is_of(self.accepted_by)

    @property
    def counts(self) -> bool:
        """Whether somebody else answers for it today."""
        return not self.is_over and not self.is_own


def own_roles(keys: Collection[str]) -> list[CustomRole]:
    """The organization's own roles among these keys, retired ones too; no query where all are built in."""
    custom = [key for key in keys if key not in ROLES]
    return list(CustomRole.objects.filter(key__in=custom)) if custom else []


def rights_of(keys: Collection[str]) -> frozenset[str]:
    """What roles of these keys allow together, the organization's own as they are now or were when they were retired."""
    return granted(keys, {grant for role in own_roles(keys) for grant in role.grants})


def names_of(keys: Collection[str]) -> list[str]:
    """What roles are called, the built-in ones first."""
    return [*(role.name for role in ROLES.values() if role.key in keys), *(role.name for role in own_roles(keys))]
