"""All writes of company sign-in: providers, who is known by them, whether passwords serve, and entering without them."""

from accounts.actions.invitations import accept_invitation
from accounts.company.discovery import Configuration, check_address, configuration_of, forget, keys_of
from accounts.company.ending import unlink_all
from accounts.company.joining import may_join
from accounts.mailer import send_mail
from accounts.models import CompanyOnly, IdentityProvider, Invitation, Member, ProviderIdentity, User
from accounts.roles import ADMINISTRATOR
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.ids import uuid7
from tenancy.models import Organization, current_organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused, stated

RUN = "organization.admin"
_TOLD = """\
Hello,

{who} has entered {organization} with a password on {when}, although {organization} signs in by its company accounts only.

The reason they gave: {reason}

This works for an hour, for administrators only, and stands in the audit trail. If it should not have happened, end their
sessions by changing their roles or removing them, and look at what they did.
"""


def _must_run(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")


def try_provider(issuer: str) -> Configuration:
    """Ask a provider what it says of itself, and for its keys, now. Raises AskingFailed."""
    check_address(issuer, "issuer")
    organization = current_organization()
    forget(organization, issuer)
    found = configuration_of(organization, issuer)
    keys_of(organization, found, anew=True)
    return found


@action
def add_provider(
    *, actor: Member, name: str, issuer: str, client_id: str, secret: str, domain: str = "", vouches: bool = False
) -> IdentityProvider:
    """Let people of the organization sign in by a provider. Raises ActionRefused, also where it cannot be asked."""
    _must_run(actor)
    provider = IdentityProvider(
        id=uuid7(), name=name.strip(), issuer=issuer.strip(), client_id=client_id.strip(), domain=domain.strip().lower(),
        secret_at=now(), created_by=actor,
    )  # fmt: skip
    if vouches:
        provider.addresses_vouched_at, provider.addresses_vouched_by = now(), actor
    provider.seal_secret(stated(secret, "Give the client secret.", field="secret"))
    if IdentityProvider.objects.filter(issuer=provider.issuer, status="active").exists():
        raise ActionRefused("There is a provider with this issuer already.", field="issuer")
    provider.save(force_insert=True)
    record("identity_provider.add", provider, actor=actor, after=_told(provider))
    return provider


@action
def change_provider(
    provider: IdentityProvider, *, actor: Member, name: str, domain: str, vouches: bool, secret: str = ""
) -> IdentityProvider:
    """Correct what may change; a new secret only where one is given."""
    locked = _locked(provider, actor)
    before = _told(locked)
    locked.name, locked.domain = name.strip(), domain.strip().lower()
    if vouches != locked.vouches:
        locked.addresses_vouched_at, locked.addresses_vouched_by = (now(), actor) if vouches else (None, None)
    if secret:
        locked.seal_secret(secret)
        locked.secret_at = now()
    locked.save()
    record("identity_provider.change", locked, actor=actor, before=before, after=_told(locked))
    return locked


@action
def record_factor(provider: IdentityProvider, *, actor: Member, note: str) -> IdentityProvider:
    """Say that the provider asks everybody for a second factor, and how one has seen that."""
    locked = _locked(provider, actor)
    before = _told(locked)
    locked.factor_note = stated(note, "Say how the provider enforces it: an auditor will ask.", field="note")
    locked.factor_at, locked.factor_by = now(), actor
    locked.save()
    record("identity_provider.record_factor", locked, actor=actor, before=before, after=_told(locked))
    return locked


@action
def withdraw_factor(provider: IdentityProvider, *, actor: Member, reason: str) -> IdentityProvider:
    """Rely on the provider's second factor no more: everybody shows their own from the next page on."""
    locked = _locked(provider, actor)
    if not locked.has_factor:
        raise ActionRefused("No second factor is recorded.")
    before = _told(locked)
    locked.factor_note, locked.factor_at, locked.factor_by = "", None, None
    locked.save()
    record("identity_provider.withdraw_factor", locked, actor=actor, note=stated(reason), before=before, after=_told(locked))
    return locked


@action
def remove_provider(provider: IdentityProvider, *, actor: Actor, reason: str) -> IdentityProvider:
    """Take a provider away: nobody signs in by it, and the sessions it began end. Raises ActionRefused."""
    _one_at_a_time()
    locked = _locked(provider, actor)
    others = IdentityProvider.objects.filter(status="active").exclude(pk=locked.pk)
    if not others.exists() and _is_company_only():
        raise ActionRefused("Passwords are refused here, so this provider is the only way in. Allow passwords first.")
    unlink_all(ProviderIdentity.objects.filter(provider=locked), actor=actor)
    _end(locked)
    before, after = {"status": "active"}, {"status": "removed"}
    record("identity_provider.remove", locked, actor=actor, note=stated(reason), before=before, after=after)
    return locked


def _end(provider: IdentityProvider) -> None:
    IdentityProvider.objects.filter(pk=provider.pk).update(status=IdentityProvider.Status.REMOVED)
    provider.refresh_from_db()


def _locked(provider: IdentityProvider, actor: Actor) -> IdentityProvider:
    _must_run(actor)
    locked = IdentityProvider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    if not locked.is_active:
        raise ActionRefused("This provider was removed.")
    return locked


def _told(provider: IdentityProvider) -> dict[str, object]:
    """What the trail says of it: never the secret."""
    names = ("name", "issuer", "client_id", "domain", "secret_at", "addresses_vouched_at", "factor_note", "factor_at")
    return {name: getattr(provider, name) for name in names}


@action
def require_company(*, actor: Member, by: ProviderIdentity | None) -> None:
    """Refuse passwords from now on. Whoever decides it is signed in by a provider, by the account `by`: so it works today."""
    _must_run(actor)
    _one_at_a_time()
    if _is_company_only():
        raise ActionRefused("Passwords are refused already.")
    stands = ProviderIdentity.objects.filter(member=actor, status="linked", provider__status="active")
    if by is None or not stands.filter(pk=by.pk).exists():
        raise ActionRefused("Sign in by the provider first, and come back: that shows that it works and lets you in.")
    CompanyOnly.objects.create(organization=current_organization(), set_by=actor)
    record("organization.require_company", current_organization(), actor=actor, after={"passwords": "refused"})


@action
def allow_passwords(*, actor: Actor, reason: str) -> None:
    """Let passwords serve again."""
    _must_run(actor)
    _one_at_a_time()
    ended, _ = CompanyOnly.objects.filter(organization=current_organization()).delete()
    if not ended:
        raise ActionRefused("Passwords serve already.")
    after = {"passwords": "allowed"}
    record("organization.allow_passwords", current_organization(), actor=actor, note=stated(reason), after=after)


def _one_at_a_time() -> None:
    """What decides by which ways people get in happens one after the other: two at once must not close the last one."""
    Organization.objects.select_for_update(no_key=True).get(pk=current_tenant_id())


def _is_company_only() -> bool:
    return CompanyOnly.objects.filter(organization=current_organization()).exists()


@action
def link_identity(provider: IdentityProvider, member: Member, *, subject: str, email: str, confirmed_by: str) -> ProviderIdentity:
    """Let an account at the provider sign in as a member, who has confirmed it. Raises ActionRefused."""
    locked = IdentityProvider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    if not locked.is_active or member.organization_id != locked.tenant_id or not member.is_active:
        raise ActionRefused("This can no longer be linked.")
    linked = ProviderIdentity.objects.filter(status="linked")
    if linked.filter(provider=locked, member=member).exists():
        raise ActionRefused("Another company account is linked with you already. An administrator can unlink it.")
    if linked.filter(issuer=locked.issuer, subject=subject).exists():
        raise ActionRefused("This company account is linked with somebody already. An administrator can unlink it.")
    identity = ProviderIdentity.objects.create(
        provider=locked, issuer=locked.issuer, subject=subject, member=member, email=email, confirmed_by=confirmed_by
    )
    after = {"provider": locked.name, "subject": subject, "email": email, "member": member.name, "confirmed_by": confirmed_by}
    record("provider_identity.link", identity, actor=member, after=after)
    return identity


@action
def unlink_identity(identity: ProviderIdentity, *, actor: Member, reason: str) -> ProviderIdentity:
    """Stop an account from signing in: one's own, or anybody's as an administrator. The sessions it began end."""
    if identity.member_id != actor.pk:
        _must_run(actor)
    locked = ProviderIdentity.objects.select_for_update(of=("self",)).get(pk=identity.pk)
    if not locked.is_linked:
        raise ActionRefused("This account was unlinked already.")
    given = {"status": ProviderIdentity.Status.UNLINKED, "unlinked_at": now(), "unlinked_by": actor}
    ProviderIdentity.objects.filter(pk=locked.pk).update(**given)
    locked.refresh_from_db()
    before, after = {"status": "linked"}, {"status": "unlinked"}
    record("provider_identity.unlink", locked, actor=actor, note=stated(reason), before=before, after=after)
    return locked


@action
def join_by_company(invitation: Invitation, provider: IdentityProvider, *, name: str, subject: str) -> ProviderIdentity:
    """Let somebody invited join, with an account that has no password, and link it. The e-mail is the invitation's."""
    user = User.objects.with_email(invitation.email)
    if not may_join(user, current_organization()):
        raise ActionRefused("There is an account with this e-mail already. Sign in with it, and open the invitation again.")
    if user is None:
        user = User.objects.create_user(email=invitation.email, name=name)
        record("user.create", user, actor=user, after={"email": user.email, "name": user.name})
    member = accept_invitation(invitation, user=user)
    return link_identity(provider, member, subject=subject, email=invitation.email, confirmed_by="invitation")


@action
def break_glass(member: Member, *, reason: str) -> None:
    """Let an administrator in by password although passwords are refused; every administrator is told. Raises ActionRefused."""
    organization = current_organization()
    if ADMINISTRATOR not in member.roles or not member.is_active or member.organization_id != organization.pk:
        raise ActionRefused("Only an administrator can enter without the company account.")
    why = stated(reason)
    event = record("organization.break_glass", organization, actor=member, note=why, metadata={"minutes": 60})
    when = now().astimezone(organization.tzinfo).strftime("%-d %B %Y, %H:%M %Z")
    text = _TOLD.format(who=f"{member.name} ({member.email})", organization=organization.name, when=when, reason=why)
    for one in Member.objects.active().of(organization).having(ADMINISTRATOR):
        subject = f"{member.name} entered {organization.name} without the company sign-in"
        send_mail(to=one.email, subject=subject, text=text, key=f"break-glass/{event.id}/{one.id}")
