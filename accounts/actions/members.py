"""Organizations, and who belongs to them."""

import datetime as dt
from collections.abc import Sequence

from django.db import models

from accounts.company.ending import unlink_all
from accounts.models import Member, ProviderIdentity, RecoveryDevice, Token, TotpDevice, User
from accounts.roles import FOR_PROGRAMS, ROLES
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import Organization, current_organization
from tenancy.scope import current_tenant_id, now, tenant
from ui.refusals import ActionRefused

ADMINISTRATOR = "administrator"


def create_organization(*, name: str, slug: str, zone: str, actor: Actor, is_example: bool = False) -> Organization:
    """Found an organization; its trail begins with that. Raises ValidationError."""
    organization = Organization(name=name, slug=slug, zone=zone, is_example=is_example)
    organization.full_clean()
    with tenant(organization):
        _found(organization, actor=actor)
    return organization


@action
def _found(organization: Organization, *, actor: Actor) -> None:
    organization.save(force_insert=True)
    record("organization.create", organization, actor=actor, after={"name": organization.name, "zone": organization.zone})


@action
def add_member(user: User, *, roles: Sequence[str], actor: Actor, access_ends_on: dt.date | None = None) -> Member:
    """Give a user roles in the active organization, for good or until a last day; one who was removed comes back."""
    must_administer(actor)
    must_not_be_past(access_ends_on)
    given = {"roles": ordered(roles, is_service=user.is_service), "access_ends_on": access_ends_on}
    member, is_new = Member.objects.get_or_create(organization_id=current_tenant_id(), user=user, defaults=given)
    if not is_new:
        if member.status == Member.Status.ACTIVE:
            raise ActionRefused("This person is a member already.", field="email")
        Member.objects.filter(pk=member.pk).update(**given, status=Member.Status.ACTIVE)
        member.refresh_from_db()
    record("member.add", member, actor=actor, after=given)
    return member


@action
def change_roles(member: Member, *, roles: Sequence[str], actor: Actor) -> None:
    """Give a member other roles. Their sessions end: none outlives the rights it began with."""
    must_administer(actor)
    chosen = ordered(roles, is_service=member.user.is_service)
    if member.user.is_service and ADMINISTRATOR in chosen:
        raise ActionRefused("A service account cannot be an administrator.", field="roles")
    _lock(member, keeps_administrator=ADMINISTRATOR in chosen)
    before = member.roles
    Member.objects.filter(pk=member.pk).update(roles=chosen)
    member.refresh_from_db()
    member.user.end_sessions()
    record("member.change_roles", member, actor=actor, before={"roles": before}, after={"roles": chosen})


@action
def set_access_end(member: Member, *, access_ends_on: dt.date | None, actor: Actor) -> None:
    """Say on which day a member's access ends, that one included; None lets them stay."""
    must_administer(actor)
    must_not_be_past(access_ends_on)
    _lock(member, keeps_administrator=access_ends_on is None)
    before, after = {"access_ends_on": member.access_ends_on}, {"access_ends_on": access_ends_on}
    Member.objects.filter(pk=member.pk).update(**after)
    member.refresh_from_db()
    record("member.set_access_end", member, actor=actor, before=before, after=after)


@action
def remove_member(member: Member, *, actor: Actor, reason: str = "") -> None:
    """End a membership. What the person did stays in the trail under their name."""
    must_administer(actor)
    _lock(member, keeps_administrator=False)
    if member.status == Member.Status.REMOVED:
        raise ActionRefused("This person was removed already.")
    Member.objects.filter(pk=member.pk).update(status=Member.Status.REMOVED)
    member.refresh_from_db()
    member.user.end_sessions()
    # Should they come back, neither their programs nor their company accounts come with them.
    unlink_all(ProviderIdentity.objects.filter(member=member), actor=actor)
    revoked = Token.objects.filter(member=member, revoked_at=None).update(revoked_at=now(), revoked_by_id=actor.id)
    before, after = {"status": "active"}, {"status": "removed"}
    metadata = {"tokens_revoked": revoked} if revoked else None
    record("member.remove", member, actor=actor, note=reason, before=before, after=after, metadata=metadata)


@action
def reset_factor(member: Member, *, actor: Actor, reason: str) -> None:
    """Forget a person's second factor, so that they enrol a new one at the next sign-in.

    Refused if the person belongs to another organization as well: its members' factors are not ours to weaken.
    """
    must_administer(actor)
    if member.user_id == getattr(actor, "user_id", None):
        raise ActionRefused("Replace your own authenticator on your account page.")
    if Member.objects.active().filter(user=member.user).exclude(organization_id=current_tenant_id()).exists():
        raise ActionRefused("This person also belongs to another organization, so nobody here can reset the factor.")
    TotpDevice.objects.filter(user=member.user).delete()
    RecoveryDevice.objects.filter(user=member.user).delete()
    member.user.end_sessions()
    record("factor.reset", member, actor=actor, note=reason)


def must_administer(actor: Actor) -> None:
    """Raise ActionRefused unless the actor runs the organization's membership."""
    if not actor.can("members.admin"):
        raise ActionRefused("Only an administrator can do this.")


def must_not_be_past(access_ends_on: dt.date | None) -> None:
    """Raise ActionRefused for a last day that is over."""
    if access_ends_on is not None and access_ends_on < current_organization().today():
        raise ActionRefused("The last day of the access is over already.", field="access_ends_on")


def ordered(roles: Sequence[str], *, is_service: bool = False) -> list[str]:
    """The roles once each, in the order of the table.

    Raises ActionRefused if there is none, one nobody knows, or for a person one that is for programs.
    """
    if FOR_PROGRAMS & set(roles) and not is_service:
        raise ActionRefused("This role is for service accounts: a person has none of it.", field="roles")
    chosen = [key for key in ROLES if key in roles]
    if not chosen or len(chosen) != len(set(roles)):
        raise ActionRefused("Choose at least one role.", field="roles")
    return chosen


def _lock(member: Member, *, keeps_administrator: bool) -> None:
    """Lock the member and all administrators, so that two such changes wait for each other, and read the member anew.

    Raises ActionRefused if the organization would be left without an administrator, now or when somebody's access ends.
    """
    here = Member.objects.filter(organization_id=current_tenant_id())
    involved = here.filter(models.Q(pk=member.pk) | models.Q(roles__contains=[ADMINISTRATOR])).select_related("user")
    locked = list(involved.select_for_update(of=("self",)).order_by("pk"))
    others = [one for one in locked if one.pk != member.pk and one.is_active and one.access_ends_on is None]
    member.refresh_from_db()
    if member.is_active and ADMINISTRATOR in member.roles and not keeps_administrator and not others:
        raise ActionRefused("An organization needs an administrator who stays. Give somebody else that role first.")


@action
def look_as_auditor(member: Member) -> None:
    """Record that an administrator begins to see what an auditor sees."""
    must_administer(member)
    record("member.look_as_auditor", member, actor=member)


@action
def look_no_more(member: Member) -> None:
    """Record that they stop."""
    record("member.look_no_more", member, actor=member)
