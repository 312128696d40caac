"""The registry behind "My work": each area says what waits for a member."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """Something that waits for somebody: `why` says why it is with them, `count` how many items it stands for."""

    title: str
    url: str
    why: str
    due: dt.date | None = None
    overdue: bool = False
    count: int = 1


Provider = Callable[[Any], Iterable[InboxEntry]]
_providers: list[Provider] = []


def register_inbox(provider: Provider) -> None:
    """Add a provider (member -> entries); call it from AppConfig.ready()."""
    if provider not in _providers:
        _providers.append(provider)


def inbox_of(member: Any) -> list[InboxEntry]:
    """Everything that waits for a member: overdue first, then by due date."""
    entries = [entry for provider in _providers for entry in provider(member)]
    return sorted(entries, key=lambda entry: (not entry.overdue, entry.due or dt.date.max, entry.title))
