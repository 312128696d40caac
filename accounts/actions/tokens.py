"""Tokens of the API, and the accounts of programs that use them."""

import datetime as dt
import secrets
from collections.abc import Collection, Sequence

from django.utils.text import slugify

from accounts.actions.members import add_member
from accounts.giving import in_words, must_administer
from accounts.models import Member, Token, User
from accounts.models.token import LONGEST, PREFIX_LENGTH, digest_of, new_text
from accounts.permissions import PERMISSIONS
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused

SERVICE_DOMAIN = "service.invalid"  # reserved by RFC 2606: no mail ever goes there


@action
def create_token(member: Member, *, name: str, scopes: Collection[str], expires_on: dt.date, actor: Member) -> tuple[Token, str]:
    """Make a token for oneself, or for a service account. Returns it and its text, which is never to be had again.

    It works until the end of `expires_on`. The second factor is the screen's to ask for. Raises ActionRefused.
    """
    if member.pk != actor.pk:
        must_administer(actor)
        if not member.user.is_service:
            raise ActionRefused("A token is made by the person who will use it.", field="member")
    chosen = [key for key in PERMISSIONS if key in scopes]
    if missing := [key for key in chosen if key not in member.reach]:
        raise ActionRefused(f"{member.name} may not do this: {PERMISSIONS[missing[0]].lower()}.", field="scopes")
    held = actor.reach if member.pk == actor.pk else actor.permissions
    if beyond := [key for key in chosen if key not in held]:
        raise ActionRefused(f"You cannot give what you do not hold yourself: {in_words(beyond)}.", field="scopes")
    if not chosen:
        raise ActionRefused("Choose at least one permission.", field="scopes")
    text = new_text()
    token = Token.objects.create(
        member=member,
        name=name.strip(),
        prefix=text[:PREFIX_LENGTH],
        digest=digest_of(text),
        scopes=chosen,
        created_by=actor,
        expires_at=_end_of(expires_on),
    )
    after = {"name": token.name, "member": member.name, "scopes": chosen, "expires_at": token.expires_at}
    record("token.create", token, actor=actor, after=after)
    return token, text


@action
def revoke_token(token: Token, *, actor: Actor) -> None:
    """Make a token useless at once: one's own, or anybody's as an administrator. Raises ActionRefused."""
    if token.member_id != actor.id:
        must_administer(actor)
    locked = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if locked.revoked_at is not None:
        raise ActionRefused("This token was revoked already.")
    token.revoked_at = now()
    Token.objects.filter(pk=token.pk).update(revoked_at=token.revoked_at, revoked_by_id=actor.id)
    record("token.revoke", token, actor=actor, after={"revoked_at": token.revoked_at})


@action
def create_service(*, name: str, roles: Sequence[str], actor: Actor) -> Member:
    """Make an account for a program. It cannot sign in: it acts by tokens only. Raises ActionRefused."""
    must_administer(actor)
    address = f"{slugify(name)[:60] or 'service'}-{secrets.token_hex(4)}@{SERVICE_DOMAIN}"
    user = User.objects.create_user(email=address, name=name)
    User.objects.filter(pk=user.pk).update(is_service=True)
    user.is_service = True
    member = add_member(user, roles=roles, actor=actor)
    record("service.create", member, actor=actor, after={"name": user.name, "roles": member.roles})
    return member


def _end_of(day: dt.date) -> dt.datetime:
    organization = current_organization()
    if day < organization.today():
        raise ActionRefused("This day has passed.", field="expires_on")
    if day > organization.today() + LONGEST:
        raise ActionRefused("A token works for a year at most.", field="expires_on")
    return organization.end_of(day)
