"""The registry behind "My work": each area says what waits for a member."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, Min, QuerySet

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
Rows = Iterable[QuerySet[Any] | bool]
Standing = Callable[[Any], Iterable[tuple[Any, str]]]
_providers: list[Provider] = []
_standing: list[Standing] = []
_about: dict[Provider | Standing, Callable[[Any], Rows]] = {}


def register_inbox(provider: Provider, about: Callable[[Any], Rows] | None = None) -> None:
    """Add a provider (member -> entries); call it from AppConfig.ready().

    `about` gives the rows that its entries are about: where there are none, which is asked of all areas in one query, the
    provider itself is not asked. It may hold more rows than the provider names, never fewer.
    """
    if provider not in _providers:
        _providers.append(provider)
    if about is not None:
        _about[provider] = about


def register_standing(standing: Standing, about: Callable[[Any], Rows]) -> None:
    """Say for whom else a member is asked: member -> (whoever is away, words on it)."""
    if standing not in _standing:
        _standing.append(standing)
        _about[standing] = about


def inbox_of(member: Any) -> list[InboxEntry]:
    """Everything that waits for a member, each thing once: overdue first, then by due date.

    The page, the header and the mail show these entries and `total` of them: within what the member is limited to, wherever they
    are asked for.
    """
    with member.limits.held():
        asked = _with_something(member, [*_providers, *_standing])
        entries = sorted([*_entries(member, asked), *_in_their_place(member, asked)], key=_urgency)
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


def which_exist(organization: Any, rows: Sequence[QuerySet[Any]]) -> list[bool]:
    """Of each of these, whether it has a row; all in one query."""
    if not rows:
        return []
    found = type(organization).objects.filter(pk=organization.pk)
    return list(found.values_list(*(Exists(one) for one in rows)).get())


def _with_something(member: Any, asked: Iterable[Provider | Standing]) -> set[Provider | Standing]:
    """Those of `asked` that have something to say to this member, or do not tell beforehand."""
    rows: list[tuple[Provider | Standing, QuerySet[Any]]] = []
    found: set[Provider | Standing] = set()
    for one in asked:
        for part in _about[one](member) if one in _about else [True]:
            if isinstance(part, QuerySet):
                rows.append((one, part))
            elif part:
                found.add(one)
    there = which_exist(member.organization, [part for _, part in rows])
    return found | {one for (one, _), is_there in zip(rows, there, strict=True) if is_there}


def _entries(member: Any, asked: set[Provider | Standing]) -> Iterator[InboxEntry]:
    for provider in _providers:
        if provider in asked:
            yield from provider(member)


def _in_their_place(member: Any, asked: set[Provider | Standing]) -> Iterator[InboxEntry]:
    for standing in _standing:
        if standing in asked:
            for away, words in standing(member):
                theirs = _entries(away, _with_something(away, _providers))
                yield from (replace(entry, away=words) for entry in theirs if entry.delegable)


def _urgency(entry: InboxEntry) -> tuple[bool, dt.date, bool, str]:
    return (not entry.overdue, entry.due or dt.date.max, bool(entry.away), entry.title)
