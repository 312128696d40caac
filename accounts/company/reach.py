"""Which organizations a session reaches: what a provider began reaches its own only, and a password none that refuses them."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.models import CompanyOnly, Member, ProviderIdentity, User
from accounts.people import signed_in
from accounts.roles import ADMINISTRATOR
from tenancy.models import Organization
from tenancy.scope import tenant

GLASS_SECONDS = 3600
_COMPANY, _GLASS = "company", "glass"


@dataclass(frozen=True, slots=True)
class Company:
    """The provider that began a session, as it stands now."""

    organization: Organization
    identity: ProviderIdentity
    member: Member

    @property
    def serves_factor(self) -> bool:
        """Whether the provider's second factor is enough for what this person may do."""
        return self.identity.provider.has_factor and self.member.is_plain


def mark_company(request: HttpRequest, identity: ProviderIdentity) -> None:
    """Note in a session that just began which provider began it; what was known of an earlier session is forgotten."""
    vars(request).pop("_company", None)
    request.session[_COMPANY] = {"organization": str(identity.tenant_id), "identity": str(identity.pk)}


def is_companys(session: SessionBase) -> bool:
    """Whether a provider began the session."""
    return _COMPANY in session


def company_of(request: HttpRequest) -> Company | None:
    """The provider behind the session, asked once for each request; None for a password, or where the way in has ended since."""
    if not is_companys(request.session):
        return None
    if not hasattr(request, "_company"):
        request._company = _standing(request, request.session[_COMPANY])  # type: ignore[attr-defined] # noqa: SLF001
    found: Company | None = request._company  # type: ignore[attr-defined] # noqa: SLF001
    return found


def has_fallen(request: HttpRequest) -> bool:
    """Whether a provider began the session, and its identity or itself was taken away since."""
    return is_companys(request.session) and company_of(request) is None


def _standing(request: HttpRequest, held: Any) -> Company | None:
    try:
        organization_id, identity_id = uuid.UUID(held["organization"]), uuid.UUID(held["identity"])
    except (TypeError, KeyError, ValueError):
        return None
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None or not request.user.is_authenticated:
        return None
    with tenant(organization):
        identity = (
            ProviderIdentity.objects.select_related("provider", "member__user", "member__organization")
            .filter(pk=identity_id, status="linked", provider__status="active", member__user=signed_in(request))
            .first()
        )
    if identity is None or not identity.member.is_active or identity.member.organization_id != organization.pk:
        return None
    return Company(organization, identity, identity.member)


def serves(request: HttpRequest) -> bool:
    """Whether the second factor of the provider that began this session serves in the place of one's own."""
    company = company_of(request)
    return company is not None and company.serves_factor


def memberships_of(user: User) -> QuerySet[Member]:
    """A user's active memberships; `company_only` says whether the organization refuses passwords."""
    refuses = CompanyOnly.objects.filter(organization=OuterRef("organization"))
    found: QuerySet[Member] = Member.objects.active().filter(user=user).select_related("organization", "user")
    return found.annotate(company_only=Exists(refuses, output_field=BooleanField())).order_by("organization__name")


def is_reached(request: HttpRequest, member: Member) -> bool:
    """Whether this session reaches the organization of one of `memberships_of`."""
    if is_companys(request.session):
        company = company_of(request)
        return company is not None and company.organization.pk == member.organization_id
    return not member.company_only or has_broken_glass(request, member.organization_id)  # type: ignore[attr-defined]


def reached(request: HttpRequest) -> list[Member]:
    """The memberships that this session reaches, by name."""
    return [one for one in memberships_of(signed_in(request)) if is_reached(request, one)]


def shut_to_passwords(user: User) -> list[Member]:
    """The memberships of somebody whose password opens nothing: every organization refuses it, and they administer none.

    Empty for everybody whose password still opens something. Administrators may break the glass.
    """
    found = list(memberships_of(user))
    is_shut = all(one.company_only and ADMINISTRATOR not in one.roles for one in found)  # type: ignore[attr-defined]
    return found if is_shut else []


def refuses_passwords(organization: Organization) -> bool:
    """Whether only company accounts sign in."""
    return CompanyOnly.objects.filter(organization=organization).exists()


def has_broken_glass(request: HttpRequest, organization_id: uuid.UUID) -> bool:
    """Whether an administrator has entered without the provider in this session, within the hour."""
    at = request.session.get(_GLASS, {}).get(str(organization_id))
    return isinstance(at, int | float) and 0 <= time.time() - at < GLASS_SECONDS


def note_glass(request: HttpRequest, organization: Organization) -> None:
    """Note that an administrator does so, from now on."""
    request.session[_GLASS] = {**request.session.get(_GLASS, {}), str(organization.pk): time.time()}


def belongs_elsewhere(request: HttpRequest) -> bool:
    """Whether a provider began the session and the person has a place in another organization as well.

    What they do to their account there would reach further than the provider's word.
    """
    if not is_companys(request.session):
        return False
    company = company_of(request)
    others = Member.objects.filter(user=signed_in(request))
    return company is None or others.exclude(organization=company.organization).exists()
