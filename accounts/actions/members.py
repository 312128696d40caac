"""Organizations, and who belongs to them."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db import models

from accounts.company.ending import unlink_all
from accounts.giving import Answer, Chosen, chosen, must_administer, must_appoint, must_hold, must_reach, settle
from accounts.leaving import leave
from accounts.limits import checked_limits
from accounts.models import Invitation, Member, Passkey, ProviderIdentity, RecoveryDevice, Token, TotpDevice, User
from accounts.models.role import own_roles
from accounts.roles import ADMINISTRATOR
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import Organization, current_organization
from tenancy.scope import current_tenant_id, now, tenant
from ui.refusals import ActionRefused


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
def add_member(
    user: User,
    *,
    roles: Sequence[str],
    actor: Actor,
    access_ends_on: dt.date | None = None,
    answer: Answer | None = None,
    areas: Collection[str] = (),
    audit_period: uuid.UUID | None = None,
) -> Member:
    """Give a user roles in the active organization, for good or until a last day; one who was removed comes back.

    An auditor may be limited to an audit period and to areas.
    """
    must_administer(actor)
    must_not_be_past(access_ends_on)
    given = chosen(roles, is_service=user.is_service)
    must_hold(actor, given)
    fields = {**given.columns, "access_ends_on": access_ends_on, **checked_limits(given.keys, areas, audit_period)}
    member, is_new = Member.objects.get_or_create(organization_id=current_tenant_id(), user=user, defaults=fields)
    if not is_new:
        if member.status == Member.Status.ACTIVE:
            raise ActionRefused("This person is a member already.", field="email")
        Member.objects.filter(pk=member.pk).update(**fields, status=Member.Status.ACTIVE)
        member.refresh_from_db()
    settle(given.conflicts, of=member, answer=answer, actor=actor)
    limits = member.limits.facts if member.limits else {}
    record("member.add", member, actor=actor, after={"roles": given.keys, "access_ends_on": access_ends_on, **limits})
    return member


@action
def change_roles(member: Member, *, roles: Sequence[str], actor: Actor, answer: Answer | None = None) -> None:
    """Give a member other roles. Their sessions end: none outlives the rights it began with.

    Nobody gives what they do not hold, and conflicts of duty that come about need an answer. Raises ActionRefused.
    """
    must_appoint(actor)
    given = chosen(roles, is_service=member.user.is_service)
    _lock(member, keeps_administrator=ADMINISTRATOR in given.keys)
    must_reach(actor, member)
    must_hold(actor, given, member.rights, to_self=member.pk == actor.id)
    checked_limits(given.keys, member.areas, member.audit_period_id)
    before = _before(member)
    settle([one for one in given.conflicts if one not in before.conflicts], of=member, answer=answer, actor=actor)
    Member.objects.filter(pk=member.pk).update(**given.columns)
    member.refresh_from_db()
    member.user.end_sessions()
    record("member.change_roles", member, actor=actor, before={"roles": before.keys}, after={"roles": given.keys})


def _before(member: Member) -> Chosen:
    """The roles that a member has, of the organization's own also one that was retired."""
    return Chosen(member.roles, own_roles(member.roles))


@action
def set_access_end(member: Member, *, access_ends_on: dt.date | None, actor: Actor) -> None:
    """Say on which day a member's access ends, that one included; None lets them stay."""
    must_appoint(actor)
    must_not_be_past(access_ends_on)
    _lock(member, keeps_administrator=access_ends_on is None)
    must_reach(actor, member)
    before, after = {"access_ends_on": member.access_ends_on}, {"access_ends_on": access_ends_on}
    Member.objects.filter(pk=member.pk).update(**after)
    member.refresh_from_db()
    record("member.set_access_end", member, actor=actor, before=before, after=after)


@action
def remove_member(member: Member, *, actor: Actor, reason: str = "") -> None:
    """End a membership. What the person did stays in the trail under their name."""
    must_administer(actor)
    _lock(member, keeps_administrator=False)
    must_reach(actor, member)
    if member.status == Member.Status.REMOVED:
        raise ActionRefused("This person was removed already.")
    Member.objects.filter(pk=member.pk).update(status=Member.Status.REMOVED)
    member.refresh_from_db()
    leave(member, actor)
    member.user.end_sessions()
    # Should they come back, neither their programs nor their company accounts come with them; nor does anybody they invited.
    unlink_all(ProviderIdentity.objects.filter(member=member), actor=actor)
    revoked = Token.objects.filter(member=member, revoked_at=None).update(revoked_at=now(), revoked_by_id=actor.id)
    invited = Invitation.objects.filter(invited_by_id=member.pk, status=Invitation.Status.OPEN)
    counts = {"tokens_revoked": revoked, "invitations_revoked": invited.update(status=Invitation.Status.REVOKED)}
    metadata = {name: count for name, count in counts.items() if count} or None
    before, after = {"status": "active"}, {"status": "removed"}
    record("member.remove", member, actor=actor, note=reason, before=before, after=after, metadata=metadata)


@action
def reset_factor(member: Member, *, actor: Actor, reason: str) -> None:
    """Forget a person's second factors, so that they set up new ones at the next sign-in.

    Two administrators stand behind it: `workflow.resetting` calls it, and nothing else does.
    """
    must_administer(actor)
    must_be_ours_to_reset(member, actor=actor)
    forget_factors(member.user)
    record("factor.reset", member, actor=actor, note=reason)


def must_be_ours_to_reset(member: Member, *, actor: Actor) -> None:
    """Raise ActionRefused unless the factors of this member may be reset here, and by this actor.

    Those of somebody who belongs to another organization as well are not ours to weaken.
    """
    if member.organization_id != current_tenant_id() or not member.is_active:
        raise ActionRefused("This person is no member here.")
    must_reach(actor, member)
    if member.user_id == getattr(actor, "user_id", None):
        raise ActionRefused("Replace your own authenticator on your account page.")
    if member.user.is_service:
        raise ActionRefused("A service account has no second factor. Revoke its tokens.")
    if Member.objects.active().filter(user=member.user).exclude(organization_id=current_tenant_id()).exists():
        raise ActionRefused(
            "This person also belongs to another organization, so nobody here can reset the factor."
            " The operator of the installation can, on its host: bin/manage reset_factor."
        )


def forget_factors(user: User) -> None:
    """Delete a user's second factors and recovery codes, and end their sessions; the caller records it."""
    TotpDevice.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
    RecoveryDevice.objects.filter(user=user).delete()
    user.end_sessions()


def must_not_be_past(access_ends_on: dt.date | None) -> None:
    """Raise ActionRefused for a last day that is over."""
    if access_ends_on is not None and access_ends_on < current_organization().today():
        raise ActionRefused("The last day of the access is over already.", field="access_ends_on")


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
def look_as_auditor(member: Member, *, auditor: Member | None = None) -> None:
    """Record that an administrator begins to see what an auditor sees, or what one auditor sees. Raises ActionRefused."""
    must_administer(member)
    if auditor is not None and not (auditor.is_active and auditor.only_audits):
        raise ActionRefused("Only somebody who is an auditor here, and nothing else, can be looked as.")
    metadata = {"auditor": auditor.name, "auditor_id": auditor.pk} if auditor else None
    record("member.look_as_auditor", member, actor=member, metadata=metadata)


@action
def look_no_more(member: Member) -> None:
    """Record that they stop."""
    record("member.look_no_more", member, actor=member)
