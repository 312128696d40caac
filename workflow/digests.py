"""One reminding e-mail a day and person at most, whatever areas remind: what is in it, and whether it has been sent."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.urls import reverse

from accounts.models import Member
from workflow.absences.standing import deputies_of
from workflow.inbox import InboxEntry, inbox_of, total
from workflow.models import OutboxMessage
from workflow.outbox import queue_mail

MORNING = 7  # where the organization lives
AGAIN = 7  # days between reminders of what is late


def key_of(member_id: uuid.UUID, day: dt.date) -> str:
    """The outbox's key of somebody's mail of a day: a second one of that day is not written."""
    return f"reminder:{member_id}:{day.isoformat()}"


def reminded_since(member_id: uuid.UUID, first: dt.date, today: dt.date) -> bool:
    """Whether a reminder was written on one of these days, both included."""
    days = [first + dt.timedelta(days=number) for number in range((today - first).days + 1)]
    return OutboxMessage.objects.filter(key__in=[key_of(member_id, day) for day in days]).exists()


def latest_milestone(due_on: dt.date, today: dt.date, before: Iterable[int]) -> dt.date | None:
    """The last day up to `today` on which something due on `due_on` was worth a mail: so many days before, then once a week."""
    if today > due_on:
        first = due_on + dt.timedelta(days=1)
        return first + dt.timedelta(days=(today - first).days // AGAIN * AGAIN)
    return max((day for days in before if (day := due_on - dt.timedelta(days=days)) <= today), default=None)


def send_digest(member: Member, subject: str, today: dt.date, *, before: Sequence[str] = (), after: Sequence[str] = ()) -> bool:
    """Queue the mail of the day: all that waits for its reader, between other blocks of text. False when they have had it.

    While somebody is away their deputy is written to as well, about all that waits for the deputy.
    """
    for deputy in deputies_of(member):
        _queue(deputy, f"For {member.name}, who is away: {subject}", today)
    return _queue(member, subject, today, before=before, after=after)


def _queue(member: Member, subject: str, today: dt.date, *, before: Sequence[str] = (), after: Sequence[str] = ()) -> bool:
    waiting = listed(inbox_of(member), today)
    blocks = [*before, waiting, *after, f"All of it: {link(reverse('home:work'))}"]
    text = "\n\n".join(block for block in blocks if block) + "\n"
    return queue_mail(to=member.email, subject=subject, text=text, key=key_of(member.pk, today))


def listed(entries: Iterable[InboxEntry], today: dt.date) -> str:
    """What waits for somebody, as plain text with links; empty when nothing does."""
    waiting = list(entries)
    if not waiting:
        return ""
    things = total(waiting)
    head = "1 thing waits for you" if things == 1 else f"{things:,} things wait for you"
    return "\n\n".join([f"{head}.", *(_entry(entry, today) for entry in waiting)])


def days(number: int) -> str:
    """1 day, 2 days."""
    return "1 day" if number == 1 else f"{number} days"


def link(path: str) -> str:
    """A full address, for a mail."""
    return f"{settings.PLUMBLINE_BASE_URL}{path}"


def _entry(entry: InboxEntry, today: dt.date) -> str:
    late = (today - entry.due).days if entry.due else 0
    due = f" Due {entry.due.day} {entry.due:%B}." if entry.due else ""
    behind = f" {days(late)} late." if late > 0 else ""
    away = f" ({entry.away})" if entry.away else ""
    return f"- {entry.title}{away}.{due}{behind}\n  {link(entry.url)}"
