"""What waits for a member, and how much of it: the page, the header and the e-mail count the same entries."""

from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import Member
from accounts.viewing import is_looking, looked_as
from workflow.inbox import InboxEntry, inbox_of, total

SECONDS = 20


def waiting_for(member: Member) -> list[InboxEntry]:
    """The member's entries, overdue first; the header's count follows at once."""
    entries = inbox_of(member)
    cache.set(_key(member), total(entries), SECONDS)
    return entries


def work_of(request: HttpRequest) -> list[InboxEntry]:
    """What waits for whoever asks; of who looks as one auditor what waits for that one, and nothing as any auditor."""
    if not is_looking(request):
        return waiting_for(request.member)  # type: ignore[attr-defined]
    auditor = looked_as(request)
    return inbox_of(auditor) if auditor else []


def work_count(request: HttpRequest) -> int | None:
    """The number beside "My work" on every page, at most 20 seconds old; None when it would have to be counted first.

    In a part that follows an act it is counted anew.
    """
    member: Member = request.member  # type: ignore[attr-defined]
    if request.headers.get("HX-Request") or is_looking(request):
        return total(work_of(request))
    known: int | None = cache.get(_key(member))
    return known


def _key(member: Member) -> str:
    return f"{member.organization_id}:work:{member.pk}"
