"""The registry behind "My work": each area says what waits for a member."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Min, QuerySet

SHOWN = 50  # so many of one kind stand in "My work" one by one


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """Something that waits for somebody: `why` says why it is with them, `count` how many items it stands for.

    One that is not `delegable` is not shown to a deputy: it waits for everybody of a role, or nobody else may do it.
    `away` says of a deputy's entry for whom it is.
    """

    title: str
    url: str
    why: str
    due: dt.date | None = None
    overdue: bool = False
    count: int = 1
    delegable: bool = True
    away: str = ""


Provider = Callable[[Any], Iterable[InboxEntry]]
Standing = Callable[[Any], Iterable[tuple[Any, str]]]
_providers: list[Provider] = []
_standing: list[Standing] = []


def register_inbox(provider: Provider) -> None:
    """Add a provider (member -> entries); call it from AppConfig.ready()."""
    if provider not in _providers:
        _providers.append(provider)


def register_standing(standing: Standing) -> None:
    """Say for whom else a member is asked: member -> (whoever is away, words on it)."""
    if standing not in _standing:
        _standing.append(standing)


def inbox_of(member: Any) -> list[InboxEntry]:
    """Everything that waits for a member, each thing once: overdue first, then by due date.

    The page, the header and the mail show these entries and `total` of them.
    """
    entries = sorted([*_entries(member), *_in_their_place(member)], key=_urgency)
    once: dict[str, InboxEntry] = {}
    for entry in entries:
        once.setdefault(entry.url, entry)
    return list(once.values())


def total(entries: Iterable[InboxEntry]) -> int:
    """How many things entries stand for: the one count of what waits."""
    return sum(entry.count for entry in entries)


def beyond(rows: QuerySet[Any], things: str, url: str, today: dt.date) -> Iterator[InboxEntry]:
    """One entry for those after the first 50 of `rows`, which are ordered by `due_on`: nothing that waits is left uncounted.

    `things` completes "12 more ...".
    """
    found = rows[SHOWN:].aggregate(count=Count("pk"), due=Min("due_on"))
    if count := found["count"]:
        late = found["due"] is not None and found["due"] < today
        yield InboxEntry(f"{count:,} more {things}", url, "with you", found["due"], overdue=late, count=count, delegable=False)


def named(first: str, count: int) -> str:
    """Which records an entry is about: "FND-2026-0003", or "FND-2026-0003 and 2 more"."""
    return first if count == 1 else f"{first} and {count - 1:,} more"


def _entries(member: Any) -> Iterator[InboxEntry]:
    for provider in _providers:
        yield from provider(member)


def _in_their_place(member: Any) -> Iterator[InboxEntry]:
    for standing in _standing:
        for away, words in standing(member):
            yield from (replace(entry, away=words) for entry in _entries(away) if entry.delegable)


def _urgency(entry: InboxEntry) -> tuple[bool, dt.date, bool, str]:
    return (not entry.overdue, entry.due or dt.date.max, bool(entry.away), entry.title)
