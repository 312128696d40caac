"""The mails about the reset of a factor: to the person at once, and to the administrators who are to decide."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import Member
from tenancy.models import Organization
from workflow.models import FactorReset
from workflow.outbox import queue_mail

_ASKED = """\
{asker} asks to reset your second factor at {organization}.

Why: {reason}
How they made sure that it is you who asks: {identity}

Nothing has changed yet. A second administrator confirms or refuses it until {until}. If it is confirmed, you are signed out
everywhere and set up a new authenticator at your next sign-in, after your password.

If you did not ask for this, stop it here, and tell an administrator whom you know:

{link}
"""
_DECIDE = """\
{asker} asks to reset the second factor of {who} at {organization}. It takes a second administrator, such as you.

Why: {reason}
How they made sure who asks: {identity}

Confirm or refuse it until {until}; after that it lapses by itself:

{link}
"""
_DONE = """\
{decider} has confirmed what {asker} asked for: your second factor at {organization} was reset.

You are signed out everywhere. At your next sign-in you set up a new authenticator, after your password.
If you did not ask for this, tell an administrator whom you know at once.
"""
_DONE_TO_ASKER = """\
{decider} has confirmed it: the second factor of {who} at {organization} was reset, as you asked.

They set up a new authenticator at their next sign-in. What was asked and decided stands here:

{link}
"""
_OVER = """\
The second factor of {who} at {organization} was not reset: {outcome}.

Nothing has changed. What was asked and decided stands here:

{link}
"""


def tell_asked(reset: FactorReset, seconds: Iterable[Member]) -> None:
    """Tell the person, and those who may decide."""
    _write(reset, reset.member, "Your second factor is to be reset", _ASKED)
    for one in seconds:
        _write(reset, one, f"Confirm or refuse: reset the second factor of {reset.member.name}", _DECIDE)


def tell_confirmed(reset: FactorReset) -> None:
    """Tell the person, and who asked for it."""
    _write(reset, reset.member, "Your second factor was reset", _DONE)
    _write(reset, reset.asked_by, f"The second factor of {reset.member.name} was reset", _DONE_TO_ASKER)


def tell_over(reset: FactorReset, outcome: str) -> None:
    """Tell the person, and who asked for it, that nothing changes; `outcome` completes the sentence."""
    for one in (reset.member, reset.asked_by):
        _write(reset, one, f"The second factor of {reset.member.name} was not reset", _OVER, outcome=outcome)


def _write(reset: FactorReset, to: Member, subject: str, words: str, **more: str) -> None:
    organization: Organization = reset.member.organization
    text = words.format(
        asker=reset.asked_by.name,
        decider=reset.decided_by.name if reset.decided_by else "",
        who=f"{reset.member.name} ({reset.member.email})",
        organization=organization.name,
        reason=reset.reason,
        identity=reset.identity,
        until=reset.expires_at.astimezone(organization.tzinfo).strftime("%-d %B %Y, %H:%M %Z"),
        link=f"{settings.PLUMBLINE_BASE_URL}{reset.get_absolute_url()}",
        **more,
    )
    queue_mail(to=to.email, subject=subject, text=text, key=f"factor-reset:{reset.pk}:{reset.status}:{to.pk}")
