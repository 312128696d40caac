"""Mail about exceptions, and what of them waits for a member."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse

from accounts.models import Member
from audit.actors import Actor
from policies.exceptions.rights import deciders, to_decide
from policies.models import PolicyException
from ui.values import spelled
from workflow.inbox import SHOWN, InboxEntry, Rows
from workflow.outbox import queue_mail
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Exceptions from policies", "policy_exception.remind", before=(30, 7, 1))


def tell_asked(exception: PolicyException, actor: Actor) -> None:
    """Tell those who may decide."""
    lines = [
        f"{actor.name} asks for it for {exception.person.name}, until {spelled(exception.ends_on)}.",
        f"Not kept to: {exception.what}",
        f"Why: {exception.why}",
    ]
    _tell(deciders(exception), exception, "waits for a decision", lines, actor)


def tell_decided(exception: PolicyException, actor: Actor, what: str, note: str) -> None:
    """Tell whoever asked, and for whom it is. Load both with their users."""
    found = {one.pk: one for one in (exception.asked_by, exception.person.member) if one is not None}
    lines = [f"{actor.name}: {note}" if note else f"By {actor.name}."]
    _tell(found.values(), exception, what, lines, actor)


def _tell(members: Iterable[Member], exception: PolicyException, what: str, lines: Iterable[str], but: Actor) -> None:
    """One mail each, not to whoever did it. `what` completes "EXC-2026-0001 from Access control ..."."""
    named = f"{exception} from {exception.policy}"
    text = "\n".join([named, *lines, "", f"{settings.PLUMBLINE_BASE_URL}{exception.get_absolute_url()}"])
    for member in members:
        if member.is_active and member.pk != but.id:
            key = f"policy_exception:{exception.pk}:{what}:{member.pk}"
            queue_mail(to=member.email, subject=f"{named} {what}"[:150], text=text, key=key)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Exceptions to decide on."""
    rows = to_decide(member)
    for one in rows[:SHOWN]:
        title = f"{one}: {one.person.name} asks for an exception from {one.policy}"
        yield InboxEntry(title, one.get_absolute_url(), "you may approve it", delegable=False)
    if more := rows[SHOWN:].count():
        url = f"{reverse('policies:exceptions')}?state=requested"
        yield InboxEntry(
            f"{more:,} more exceptions wait for a decision", url, "you may approve them", count=more, delegable=False
        )


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    yield to_decide(member)


def due(today: dt.date) -> Iterator[Due]:
    """The ends that are near: with whoever it is for, or else with whoever asked."""
    soon = PolicyException.objects.filter(status=PolicyException.Status.APPROVED, ends_on__lte=today + REMINDING.longest)
    for one in soon.select_related("person").order_by("ends_on", "pk"):
        yield Due(one.person.member_id or one.asked_by_id, one, one.ends_on)
