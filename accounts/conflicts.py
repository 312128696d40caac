"""The conflicts of duty that there are in an organization, and which of them somebody answers for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.duties import Conflict, conflicts_between, conflicts_within, grants_of
from accounts.models import CustomRole, DutyAcceptance, Member
from accounts.models.role import own_roles
from accounts.roles import ROLES, implied
from tenancy.models import Organization
from ui.components import Badge

OWN = "Accepted by somebody who has it"


@dataclass(frozen=True, slots=True)
class Standing:
    """A conflict of one person or one role as it stands: `by` names the roles that make it, `accepted` is the last answer."""

    of: Member | CustomRole
    conflict: Conflict
    by: tuple[str, ...]
    accepted: DutyAcceptance | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody else answers for it now."""
        return self.accepted is None or not self.accepted.counts

    @property
    def badge(self) -> Badge:
        """The same as a word in a tone."""
        if self.accepted is None:
            return Badge("Not accepted", "bad")
        if self.accepted.is_over:
            return Badge("Acceptance ended", "bad")
        return Badge(OWN, "bad") if self.accepted.is_own else Badge("Accepted", "warn")

    @property
    def is_of_role(self) -> bool:
        """Whether a role makes it by itself."""
        return isinstance(self.of, CustomRole)

    @property
    def name(self) -> str:
        """Whose it is."""
        return self.of.name

    @property
    def url(self) -> str:
        """Where it is accepted."""
        return reverse("members:role-accept" if self.is_of_role else "members:conflict-accept", args=[self.of.pk])


def combining(organization: Organization) -> QuerySet[Member]:
    """Those who may enter and have several roles: what they combine is looked at."""
    return Member.objects.active().of(organization).filter(roles__len__gt=1)


def standing(organization: Organization) -> list[Standing]:
    """All of the active organization, those that nobody answers for first; three queries, two where there is none."""
    roles = list(CustomRole.objects.filter(status="active"))
    own = {role.key: role for role in roles}
    found = [one for role in roles for one in _of_role(role)]
    found += [one for member in combining(organization).order_by("user__name", "pk") for one in _of_member(member, own)]
    return sorted(_answered(found), key=lambda one: (not one.is_open, one.is_of_role, one.name))


def standing_of(of: Member | CustomRole) -> list[Standing]:
    """Those of one person or role."""
    if isinstance(of, CustomRole):
        return _answered(list(_of_role(of)))
    return _answered(list(_of_member(of, {role.key: role for role in own_roles(of.roles)})))


def counts_of_roles(organization: Organization) -> Counter[str]:
    """How many of those who were not removed have each role, by key."""
    held = Member.objects.filter(organization=organization, status=Member.Status.ACTIVE).values_list("roles", flat=True)
    return Counter(key for keys in held for key in keys)


def _of_role(role: CustomRole) -> Iterator[Standing]:
    for conflict in conflicts_within(role.grants):
        yield Standing(role, conflict, (role.name,))


def _of_member(member: Member, own: Mapping[str, CustomRole]) -> Iterator[Standing]:
    grants = grants_of(member.roles, {key: role.grants for key, role in own.items()})
    held = [(_name(key, own), implied(one)) for key, one in zip(member.roles, grants, strict=True)]
    for conflict in conflicts_between(grants):
        sides = conflict.one | conflict.other
        yield Standing(member, conflict, tuple(name for name, rights in held if rights & sides))


def _answered(found: list[Standing]) -> list[Standing]:
    """With the last answer to each."""
    if not found:
        return []
    keys = {one.of.pk for one in found}
    rows = DutyAcceptance.objects.filter(Q(member__in=keys) | Q(role__in=keys)).select_related("accepted_by__user", "role")
    last = {(row.member_id or row.role_id, row.duty): row for row in rows.order_by("accepted_at", "pk")}
    return [replace(one, accepted=last.get((one.of.pk, one.conflict.key))) for one in found]


def _name(key: str, own: Mapping[str, CustomRole]) -> str:
    return ROLES[key].name if key in ROLES else own[key].name if key in own else key


def any_possible(organization: Organization) -> list[QuerySet[Any]]:
    """Rows without which there is no conflict."""
    return [combining(organization), CustomRole.objects.filter(status="active")]
