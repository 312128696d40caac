"""What a reset that waits says in My work, and on the member's page."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accounts.giving import ADMINISTER
from accounts.models import Member
from accounts.notices import Notice
from tenancy.scope import now
from workflow.inbox import SHOWN, InboxEntry, Rows
from workflow.models import FactorReset


def entries(member: Member) -> Iterator[InboxEntry]:
    """To decide on, for the administrators who did not ask; and to stop, for the person."""
    for reset in _for(member).select_related("member__user", "asked_by__user")[:SHOWN]:
        due = reset.expires_at.astimezone(member.organization.tzinfo).date()
        if reset.member_id == member.pk:
            title, why = "Your second factor is to be reset", "stop it if you did not ask for it"
        else:
            title = f"Reset the second factor of {reset.member.name}?"
            why = f"{reset.asked_by.name} asks, and a second administrator decides"
        yield InboxEntry(title, reset.get_absolute_url(), why, due, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `entries`."""
    yield _for(member)


def on_page(member: Member) -> Iterator[Notice]:
    """What stands on the page of the person it is about."""
    for reset in _waiting().filter(member=member).select_related("asked_by__user"):
        sentence = f"{reset.asked_by.name} asked for it. A second administrator decides."
        yield Notice("A reset of the second factor waits", sentence, reset.get_absolute_url())


def _waiting() -> QuerySet[FactorReset]:
    return FactorReset.objects.filter(status=FactorReset.Status.ASKED, expires_at__gt=now())


def _for(member: Member) -> QuerySet[FactorReset]:
    mine = Q(member=member.pk)
    return _waiting().filter(mine | ~Q(asked_by=member.pk) if member.can(ADMINISTER) else mine)
