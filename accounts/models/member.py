"""A user's place in one organization."""

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast, Now

from accounts.models.user import User
from accounts.roles import ROLE_CHOICES, ROLES, granted
from tenancy.ids import uuid7
from tenancy.models import Organization

# The present day where the member's organization lives.
_TODAY = Cast(
    models.Func("organization__zone", Now(), function="timezone", output_field=models.DateTimeField()), models.DateField()
)
ENDED = models.Q(access_ends_on__lt=_TODAY)


class MemberQuerySet(models.QuerySet["Member"]):
    """Members of any organization: the table is global, since it decides who may enter which."""

    def active(self) -> Self:
        """Those who may enter; `Member.is_active` says the same of one."""
        return self.filter(status=Member.Status.ACTIVE, user__is_active=True).exclude(ENDED)

    def ended(self) -> Self:
        """Those whose time is over, though nobody has removed them."""
        return self.filter(ENDED, status=Member.Status.ACTIVE)

    def of(self, organization: Organization) -> Self:
        """Those of one organization, with their users."""
        return self.filter(organization=organization).select_related("user")

    def having(self, role: str) -> Self:
        """Those with a role."""
        return self.filter(roles__contains=[role])


class Member(models.Model):
    """What a user may do in an organization: an actor of the audit trail."""

    class Status(models.TextChoices):
        """A removed member keeps the history, and nothing else."""

        ACTIVE = "active", "Active"
        REMOVED = "removed", "Removed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=30, choices=ROLE_CHOICES))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    access_ends_on = models.DateField(null=True, blank=True)  # the last day; none for those who stay
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    reader: "Member | None" = None  # a deputy, while what waits for this member is gathered for them

    class Meta:
        ordering: ClassVar = ["user__name", "user__email"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_unique"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=list(ROLES)) & models.Q(roles__len__gt=0), name="member_roles_known"
            ),
            models.CheckConstraint(condition=models.Q(status__in=["active", "removed"]), name="member_status_known"),
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def of_user(cls, user: User) -> "list[Member]":
        """A user's active memberships, with their organizations."""
        return list(cls.objects.active().filter(user=user).select_related("organization", "user").order_by("organization__name"))

    @property
    def email(self) -> str:
        """The user's e-mail."""
        return self.user.email

    @property
    def name(self) -> str:
        """The user's name."""
        return self.user.name

    @property
    def role_names(self) -> Iterable[str]:
        """The roles as people read them."""
        return tuple(role.name for role in ROLES.values() if role.key in self.roles)

    @property
    def is_active(self) -> bool:
        """Whether this person may enter the organization."""
        return self.status == self.Status.ACTIVE and self.user.is_active and not self.has_ended

    @property
    def has_ended(self) -> bool:
        """Whether the last day of this person's access has passed."""
        return self.access_ends_on is not None and self.access_ends_on < self.organization.today()

    @property
    def farewell(self) -> str:
        """What somebody is told whose access has ended."""
        return (
            f"Your access to {self.organization.name} ended on {self.access_ends_on:%-d %B %Y}."
            " An administrator of the organization can give it another end."
        )

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything this member may do; worked out once for each instance, and an instance lives for a request."""
        return granted(self.roles) if self.is_active else frozenset()

    def limit(self, permissions: frozenset[str]) -> None:
        """Leave this instance no more than these permissions: it acts by a token."""
        self.permissions &= permissions

    def can(self, permission: str, /) -> bool:
        """Whether this member may do `permission`, such as "reviews.write"."""
        return permission in self.permissions
