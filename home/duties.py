"""Conflicts of duty in "My work": those that nobody answers for wait for everybody who gives roles."""

from collections.abc import Iterator

from accounts.conflicts import Standing, any_possible, standing
from accounts.giving import APPOINT
from accounts.models import CustomRole, Member
from workflow.inbox import InboxEntry, Rows


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One entry for each person or role with such conflicts; not one's own, as nobody accepts that."""
    if not member.can(APPOINT):
        return
    found: dict[str, list[Standing]] = {}
    for one in standing(member.organization):
        if one.is_open and not _is_own(one, member):
            found.setdefault(one.url, []).append(one)
    for url, ones in found.items():
        ended = [one.accepted.ends_on for one in ones if one.accepted and one.accepted.is_over]
        why = "its acceptance has ended" if ended else "nobody answers for it"
        names = "; ".join(one.conflict.name.lower() for one in ones)
        yield InboxEntry(
            f"Conflict of duty of {ones[0].name}: {names}",
            url,
            why,
            min(ended, default=None),
            overdue=bool(ended),
            count=len(ones),
            delegable=False,
        )


def about(member: Member) -> Rows:
    """What of it there could be."""
    return any_possible(member.organization) if member.can(APPOINT) else []


def _is_own(one: Standing, member: Member) -> bool:
    return one.of.is_of(member) if isinstance(one.of, CustomRole) else one.of.pk == member.pk
