"""What waits for a member, and how much of it: the page, the header and the e-mail count the same entries."""

from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import Member
from workflow.inbox import InboxEntry, inbox_of

SECONDS = 20


def waiting_for(member: Member) -> list[InboxEntry]:
    """The member's entries, overdue first; the header's count follows at once."""
    entries = inbox_of(member)
    cache.set(_key(member), total(entries), SECONDS)
    return entries


def total(entries: list[InboxEntry]) -> int:
    """How many things the entries stand for."""
    return sum(entry.count for entry in entries)


def work_count(request: HttpRequest) -> int:
    """The number beside "My work" on every page; at most 20 seconds old, and in a part that follows an act as it is now."""
    member: Member = request.member  # type: ignore[attr-defined]
    known: int | None = None if request.headers.get("HX-Request") else cache.get(_key(member))
    return total(waiting_for(member)) if known is None else known


def _key(member: Member) -> str:
    return f"{member.organization_id}:work:{member.pk}"
