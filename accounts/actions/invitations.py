"""Inviting people, and their answer."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from accounts.actions.members import add_member, must_not_be_past
from accounts.emails import login_email
from accounts.giving import chosen, must_appoint, must_hold, named
from accounts.limits import checked_limits
from accounts.links import site_link
from accounts.mailer import send_mail
from accounts.models import Invitation, Member, User
from accounts.models.invitation import digest_of, new_token
from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from tenancy.models import Organization, current_organization
from ui.refusals import ActionRefused

_MAIL = """\
Hello,

{inviter} invites you to {organization} on Plumbline, as {roles}.

Open this address to join. It works once, until {until}:

{link}

If you did not expect this, ignore it: nothing happens without you.
"""


@action
def invite_member(
    *,
    email: str,
    roles: Sequence[str],
    actor: Actor,
    name: str = "",
    access_ends_on: dt.date | None = None,
    areas: Collection[str] = (),
    audit_period: uuid.UUID | None = None,
) -> tuple[Invitation, str]:
    """Invite somebody by mail. Returns the invitation and its link; earlier open ones to the address are revoked.

    Nobody invites to more than they hold themselves. Raises ActionRefused.
    """
    must_appoint(actor)
    must_not_be_past(access_ends_on)
    given = chosen(roles)
    must_hold(actor, given)
    if given.conflicts and not isinstance(actor, System):
        raise ActionRefused(f"{named(given.conflicts)} Invite with one of them, and give the other later.", field="roles")
    address = login_email(email)
    organization = current_organization()
    _must_be_new(Member.objects.of(organization).filter(user__email=address, status=Member.Status.ACTIVE).first())
    for earlier in Invitation.objects.filter(email=address, status=Invitation.Status.OPEN):
        revoke_invitation(earlier, actor=actor)
    token = new_token()
    invitation = Invitation(
        email=address,
        name=name.strip(),
        roles=given.keys,
        access_ends_on=access_ends_on,
        **checked_limits(given.keys, areas, audit_period),
        token_hash=digest_of(token),
        invited_by_id=actor.id,
    )
    invitation.full_clean()
    invitation.save()
    after = {
        "email": address,
        "roles": invitation.roles,
        "access_ends_on": access_ends_on,
        "expires_at": invitation.expires_at,
        **(invitation.limits.facts if invitation.limits else {}),
    }
    record("member.invite", invitation, actor=actor, after=after)
    link = site_link("accounts:accept_invitation", slug=organization.slug, token=token)
    _send(invitation, organization, link, actor)
    return invitation, link


@action
def revoke_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """Take an open invitation back."""
    must_appoint(actor)
    if _locked(invitation).status != Invitation.Status.OPEN:
        raise ActionRefused("This invitation cannot be revoked any more.")
    _answer(invitation, Invitation.Status.REVOKED)
    record("member.revoke_invitation", invitation, actor=actor, before={"status": "open"}, after={"status": "revoked"})


@action
def accept_invitation(invitation: Invitation, *, user: User) -> Member:
    """Make the invited user a member. Raises ActionRefused if the invitation is used up or was for somebody else."""
    if user.email != invitation.email:
        raise ActionRefused("This invitation is for another e-mail address.")
    if not _locked(invitation).is_usable:
        raise ActionRefused("This invitation cannot be used any more.")
    # The inner action settles the deferred checks, so it comes before the change that our own event covers.
    member = add_member(
        user,
        roles=invitation.roles,
        access_ends_on=invitation.access_ends_on,
        areas=invitation.areas,
        audit_period=invitation.audit_period_id,
        actor=System("invitation"),
    )
    _answer(invitation, Invitation.Status.ACCEPTED)
    before, after = {"status": "open"}, {"status": "accepted"}
    record("member.accept", invitation, actor=member, before=before, after=after, metadata={"member": member.id})
    return member


@action
def accept_as_new_user(invitation: Invitation, *, name: str, password: str) -> Member:
    """Make an account for somebody invited who has none, and let them join."""
    user = User.objects.create_user(email=invitation.email, name=name, password=password)
    record("user.create", user, actor=user, after={"email": user.email, "name": user.name})
    return accept_invitation(invitation, user=user)


def _must_be_new(member: Member | None) -> None:
    if member is None:
        return
    if member.has_ended:
        raise ActionRefused("This person's access has ended. Open their name in the list to give it another end.", field="email")
    raise ActionRefused("This person is a member already.", field="email")


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it is now, locked: two answers wait for each other."""
    return Invitation.objects.select_for_update().get(pk=invitation.pk)


def _answer(invitation: Invitation, status: Invitation.Status) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(status=status)
    invitation.refresh_from_db()


def _send(invitation: Invitation, organization: Organization, link: str, actor: Actor) -> None:
    text = _MAIL.format(
        inviter=getattr(actor, "name", "Somebody"),
        organization=organization.name,
        roles=", ".join(invitation.role_names),
        until=invitation.expires_at.astimezone(organization.tzinfo).strftime("%-d %B %Y, %H:%M %Z"),
        link=link,
    )
    subject = f"Join {organization.name} on Plumbline"
    send_mail(to=invitation.email, subject=subject, text=text, key=f"invitation/{invitation.id}")
