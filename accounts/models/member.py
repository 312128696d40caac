"""A user's place in one organization."""

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast, Now

from accounts.limits import AREA_CHOICES, AREAS, Limits, within_areas
from accounts.models.user import User
from accounts.permissions import stronger
from accounts.roles import AUDITOR, ONLY_READ, PLAIN, PLAIN_RIGHTS, ROLES, granted, granting, implied
from tenancy.ids import uuid7
from tenancy.models import Organization

# The present day where the member's organization lives.
_TODAY = Cast(
    models.Func("organization__zone", Now(), function="timezone", output_field=models.DateTimeField()), models.DateField()
)
ENDED = models.Q(access_ends_on__lt=_TODAY)
# Who may do no more than a plain employee, by whatever roles; `Member.is_plain` says the same of one.
IS_PLAIN = ~models.Q(roles__overlap=[key for key in ROLES if key not in PLAIN]) & models.Q(further__contained_by=[*PLAIN_RIGHTS])


def holding(permission: str, via: str = "") -> models.Q:
    """Those whose roles grant a permission, built-in or the organization's own; `via` is the way to the member: "member__"."""
    further = models.Q(**{f"{via}further__overlap": [permission, *stronger(permission)]})
    return models.Q(**{f"{via}roles__overlap": granting(permission)}) | further


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

    def able(self, permission: str) -> Self:
        """Those whose roles grant a permission."""
        return self.filter(holding(permission))


class Member(models.Model):
    """What a user may do in an organization: an actor of the audit trail."""

    class Status(models.TextChoices):
        """A removed member keeps the history, and nothing else."""

        ACTIVE = "active", "Active"
        REMOVED = "removed", "Removed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=30))  # keys of built-in roles and of the organization's own
    # What the organization's own roles among them are called and grant. It stands here, written with the roles, as the table is
    # read before any organization is entered, and so that what somebody may do costs no further query.
    titles = ArrayField(models.CharField(max_length=60), default=list, blank=True, editable=False)
    further = ArrayField(models.CharField(max_length=60), default=list, blank=True, editable=False)
    # What others have handed to this member, for the same reason: {id of the record: {"grants": permissions, "until": last day}}.
    care = models.JSONField(default=dict, blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    access_ends_on = models.DateField(null=True, blank=True)  # the last day; none for those who stay
    areas = ArrayField(models.CharField(max_length=20, choices=AREA_CHOICES), default=list, blank=True)  # none: no limit
    audit_period_id = models.UUIDField(null=True, blank=True)  # what an auditor is limited to; none: no limit
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    reader: "Member | None" = None  # a deputy, while what waits for this member is gathered for them

    class Meta:
        ordering: ClassVar = ["user__name", "user__email"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_unique"),
            models.CheckConstraint(
                condition=models.Q(roles__len__gt=0)
                & (models.Q(titles=[], further=[]) | ~models.Q(roles__contained_by=list(ROLES))),
                name="member_roles_known",
            ),
            models.CheckConstraint(condition=models.Q(status__in=["active", "removed"]), name="member_status_known"),
            models.CheckConstraint(condition=models.Q(areas__contained_by=list(AREAS)), name="member_areas_known"),
            models.CheckConstraint(
                condition=models.Q(areas=[], audit_period_id=None) | models.Q(roles=[AUDITOR]), name="member_limits_are_auditors"
            ),
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
        return (*(role.name for role in ROLES.values() if role.key in self.roles), *self.titles)

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

    @property
    def rights(self) -> frozenset[str]:
        """Everything that the roles allow, whether or not this person may enter."""
        return granted(self.roles, self.further)

    @property
    def only_audits(self) -> bool:
        """Whether the one role is Auditor: only then somebody is limited, or looked as."""
        return self.roles == [AUDITOR]

    @property
    def is_plain(self) -> bool:
        """Whether the roles allow no more than a plain employee does."""
        return self.rights <= PLAIN_RIGHTS

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything this member may do; worked out once for each instance, and an instance lives for a request."""
        return within_areas(self.rights, self.areas) if self.is_active else frozenset()

    @cached_property
    def limits(self) -> Limits:
        """What this instance is limited to as an auditor: its own limits, or those of whoever the member looks as."""
        return Limits(tuple(self.areas), self.audit_period_id)

    @cached_property
    def entrusted(self) -> dict[UUID, frozenset[str]]:
        """What somebody has handed to this member until a day that has not passed: by record, what they may do with it.

        An auditor judges from outside and a viewer only reads, so nothing is in their care.
        """
        if not self.care or not self.is_active or ONLY_READ & set(self.roles):
            return {}
        today = self.organization.today().isoformat()
        return {UUID(key): implied(one["grants"]) for key, one in self.care.items() if today <= one["until"]}

    @property
    def reach(self) -> frozenset[str]:
        """What this member may do everywhere, or with a record in their care: a token can carry it."""
        return self.permissions.union(*self.entrusted.values())

    def limit(self, permissions: frozenset[str]) -> None:
        """Leave this instance no more than these permissions: it acts by a token."""
        self.permissions &= permissions
        self.entrusted = {key: grants & permissions for key, grants in self.entrusted.items()}

    def can(self, permission: str, about: UUID | None = None, /) -> bool:
        """Whether this member may do `permission`, such as "reviews.write": everywhere, or with the one record in their care."""
        return permission in self.permissions or (about is not None and permission in self.entrusted.get(about, ()))

    def may_open(self, permission: str, place: str, about: UUID | None = None) -> bool:
        """Whether this member may open a screen with a permission; `place` is its module or its URL name.

        What is open to every member, with what is theirs, is shut to an auditor where none of their areas is.
        """
        return self.can(permission, about) and not self.limits.shut(permission, place)
