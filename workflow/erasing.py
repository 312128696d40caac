"""What of accounts, invitations and mail is about a person, and how it is erased."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from accounts.models import Invitation, Member, Passkey, ProviderIdentity, RecoveryDevice, Session, Token, TotpDevice, User
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record, record_many
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.models import Absence, Delegation, FactorReset, Job, OutboxMessage, SavedView
from workflow.personal import Subject, register_about, register_eraser, register_naming
from workflow.retention import unheld

NOWHERE = "erased.invalid"  # RFC 2606: no such name can ever exist


def address_of(pseudonym: str) -> str:
    """An address for a pseudonym, which leads nowhere."""
    return f"{pseudonym.lower().replace(' ', '-')}@{NOWHERE}"


def erase_accounts(subject: Subject, pseudonym: str, actor: Actor) -> Iterator[str]:
    """Take the name from an account that is of no use any more. Raises ActionRefused for a member."""
    members = list(Member.objects.select_for_update(of=("self",)).filter(pk__in=subject.members).select_related("user"))
    if any(one.status != Member.Status.REMOVED for one in members):
        raise ActionRefused("They are a member here. Remove them first.")
    for member in members:
        if Member.objects.filter(user=member.user_id).exclude(organization=current_organization()).exists():
            yield "The account that they sign in with stays: it is used elsewhere on this installation."
            continue
        _erase_user(member, pseudonym, actor)
        yield "The account has a pseudonym in the place of name and e-mail; password, second factors and sessions are gone."


@action
def _erase_user(member: Member, pseudonym: str, actor: Actor) -> None:
    user = member.user
    user.name, user.email, user.is_active = pseudonym, address_of(pseudonym), False
    user.set_unusable_password()
    user.save(update_fields=["name", "email", "is_active", "password"])
    for rows in (TotpDevice.objects, Passkey.objects, RecoveryDevice.objects, Session.objects):
        rows.filter(user=user).delete()
    record("member.erase", member, actor=actor)


def erase_company_accounts(subject: Subject, pseudonym: str, actor: Actor) -> Iterator[str]:
    """Put the pseudonym in the place of their accounts at the organization's providers, which sign in no more."""
    found = list(ProviderIdentity.objects.select_for_update(of=("self",)).filter(member__in=subject.members).order_by("pk"))
    for one in found:
        _erase_company_account(one, pseudonym, actor)
    if found:
        yield f"{len(found):,} company accounts bear the pseudonym and sign in no more."


@action
def _erase_company_account(identity: ProviderIdentity, pseudonym: str, actor: Actor) -> None:
    gone = {"status": ProviderIdentity.Status.UNLINKED, "unlinked_at": identity.unlinked_at or now()}
    ProviderIdentity.objects.filter(pk=identity.pk).update(email=address_of(pseudonym), subject=address_of(pseudonym), **gone)
    identity.refresh_from_db()
    record("provider_identity.erase", identity, actor=actor)


def erase_mail(subject: Subject, _pseudonym: str, actor: Actor) -> Iterator[str]:
    """Delete invitations and e-mails to them, also those that still wait to be sent, but for what a legal hold covers."""
    to = Q(*[("to__iexact", one) for one in sorted(subject.emails)], _connector=Q.OR)
    mails = unheld("mail", OutboxMessage.objects.filter(to))
    count, _ = OutboxMessage.objects.filter(pk__in=list(mails.values_list("pk", flat=True))).delete()
    if count:
        yield f"{count:,} e-mails to them are deleted."
    invited = Q(*[("email__iexact", one) for one in sorted(subject.emails)], _connector=Q.OR)
    found = list(unheld("invitations", Invitation.objects.filter(invited)).values_list("pk", flat=True))
    if found:
        _delete_invitations(found, actor)
        yield f"{len(found):,} invitations to them are deleted."


@action
def _delete_invitations(found: list[UUID], actor: Actor) -> None:
    Invitation.objects.filter(pk__in=found).delete()
    label = Invitation._meta.label_lower
    record_many("deletion.delete", actor=actor, entries=[Entry(label, one, "Invitation") for one in found])


def register() -> None:
    """Fill the registries."""
    register_about(Member, "id", title="Membership")
    register_about(User, "id", title="The account that they sign in with")
    register_about(Token, "member", title="Tokens of programs", without=("prefix",))
    register_about(ProviderIdentity, "member", title="Company accounts")
    register_about(TotpDevice, "user", title="Second factors", without=("last_t",))
    register_about(Passkey, "user", title="Passkeys", without=("credential_id",))
    register_about(Session, "user", title="Sessions", without=("session_key",))  # whoever has the key is signed in
    register_about(Invitation, "email", title="Invitations")
    # Their words carry invitations' links, and what others may not know of: whoever answers is not whom they were written to.
    register_about(OutboxMessage, "to", title="E-mails to them", without=("key", "subject", "text", "error"))
    register_about(Absence, "member", "deputy", title="Absences")
    register_about(Delegation, "guardian", "given_by", title="What was handed over")
    register_about(FactorReset, "member", title="Resets of second factors")
    register_about(SavedView, "member", title="Views of lists")
    register_naming(OutboxMessage, "subject", "text", kind="mail")
    register_naming(Job, "title", "message", kind="jobs")
    register_eraser(erase_accounts)
    register_eraser(erase_company_accounts)
    register_eraser(erase_mail)
