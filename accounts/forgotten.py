"""A forgotten password: a link by mail, and with it a new password for whoever also shows their second factor.

The link alone opens nothing. Whoever has no second factor of their own here, or no password, gets no link: their mailbox would be
all that stands between a stranger and the account.
"""

from uuid import UUID

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.counting import count_up
from accounts.links import site_link
from accounts.mailer import send_mail
from accounts.models import Member, RecoveryDevice, TotpDevice, User
from accounts.trail import record_for_person
from tenancy.ids import uuid7
from tenancy.models import Organization
from tenancy.scope import tenant

MINUTES = 30
HOUR = 3600
MOST_EACH, MOST_PLACE = 3, 20  # in an hour: mails for one account, and requests from one address
_LINK = """\
Hello,

somebody, most likely you, said that they have forgotten the password of {email} on Plumbline.

Open this address within {minutes} minutes to set a new one. You are asked for a code from your authenticator as well:

{link}

If it was not you, ignore this: nothing changes without that code. If it goes on, tell your administrator.
"""
_NO_LINK = """\
Hello,

somebody, most likely you, said that they have forgotten the password of {email} on Plumbline.

There is no second factor of yours here, or no password, so a mail is not enough to set one. If you have a company account,
sign in with that. Otherwise ask your administrator.
"""
_DONE = """\
Hello,

the password of {email} on Plumbline was set anew, with a link that was sent here and a code from your second factor. All sessions
have ended. If it was not you, tell your administrator at once.
"""


class _Tokens(PasswordResetTokenGenerator):
    """Of use once: a token hangs on the password and the sessions, and ends with either."""

    key_salt = "accounts.forgotten"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_version}{user.is_active}"


tokens = _Tokens()


def too_many(ip: str) -> bool:
    """Whether this address has asked too often within the hour."""
    return count_up(f"forgotten:{_digest(ip)}", HOUR) > MOST_PLACE


@transaction.atomic
def send_link(email: str) -> None:
    """Write to the person with this e-mail, if there is one and not too often. Who asked never learns which."""
    user = User.objects.with_email(email)
    if user is None or not user.is_active or user.is_service or count_up(f"forgotten:{_digest(user.email)}", HOUR) > MOST_EACH:
        return
    link = site_link("accounts:new_password", pk=str(user.pk), token=tokens.make_token(user)) if has_both(user) else ""
    record_for_person("password.forget", user, metadata={"link_sent": bool(link)})
    text = (_LINK if link else _NO_LINK).format(email=user.email, minutes=MINUTES, link=link)
    _write(user, "Set a new password" if link else "Your password on Plumbline", text)


def owner_of(pk: UUID, token: str) -> User | None:
    """Whose password a link sets, while it works."""
    user = User.objects.filter(pk=pk, is_active=True, is_service=False).first()
    return user if user is not None and has_both(user) and tokens.check_token(user, token) else None


def has_both(user: User) -> bool:
    """Whether the account has a password, and a second factor of its own that gives codes."""
    kinds = (TotpDevice, RecoveryDevice)
    return user.has_usable_password() and any(one.objects.filter(user=user, confirmed=True).exists() for one in kinds)


@transaction.atomic
def set_forgotten(user: User, token: str, *, password: str) -> bool:
    """Set a new password, which ends every session; a link that was used meanwhile sets none. The caller has checked a code."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not tokens.check_token(locked, token):
        return False
    locked.set_password(password)
    locked.save(update_fields=["password"])
    record_for_person("password.reset", locked, metadata={"sessions_ended": True})
    _write(locked, "Your password was set anew", _DONE.format(email=locked.email))
    return True


def _write(user: User, subject: str, text: str) -> None:
    """Through the outbox of the first of their organizations, or the installation's."""
    members = Member.of_user(user)
    with tenant(members[0].organization if members else Organization.installation()):
        send_mail(to=user.email, subject=subject, text=text, key=f"forgotten/{uuid7()}")


def _digest(text: str) -> str:
    return salted_hmac("accounts.forgotten", text, algorithm="sha256").hexdigest()
