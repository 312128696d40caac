"""The mail of the day: one for each person and day at most, whatever area writes it, with all that waits for them."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings

from accounts.models import Member
from workflow.inbox import InboxEntry

MORNING = 7  # no digest leaves before this hour where the organization lives


def key_of(member: Member, day: dt.date) -> str:
    """The outbox key of somebody's digest of a day."""
    return f"reminder:{member.pk}:{day.isoformat()}"


def listed(entries: Sequence[InboxEntry], today: dt.date) -> str:
    """What waits for somebody, line by line."""
    things = sum(entry.count for entry in entries)
    head = "1 thing waits for you" if things == 1 else f"{things:,} things wait for you"
    return "\n\n".join([f"{head}.", *(_entry(entry, today) for entry in entries)])


def days(number: int) -> str:
    """Such as "2 days"."""
    return "1 day" if number == 1 else f"{number} days"


def link(path: str) -> str:
    """The whole address of a path."""
    return f"{settings.PLUMBLINE_BASE_URL}{path}"


def _entry(entry: InboxEntry, today: dt.date) -> str:
    late = (today - entry.due).days if entry.due else 0
    due = f" Due {entry.due.day} {entry.due:%B}." if entry.due else ""
    behind = f" {days(late)} late." if late > 0 else ""
    return f"- {entry.title}.{due}{behind}\n  {link(entry.url)}"
