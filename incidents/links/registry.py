"""The kinds of records that an incident can be linked to. Higher areas register their own."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Member


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record, found by the number in its field `number`; `visible(member)` are the rows that a member sees."""

    key: str
    label: str
    number: str
    visible: Callable[[Any], QuerySet[Any]]

    def find(self, member: Any, text: str) -> Any:
        """The record of this number, if the member sees it."""
        return self.visible(member).filter(**{f"{self.number}__iexact": text.strip()}).first()

    def seen(self, member: Member, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, Any]:
        """Those of these records that a member sees, by their keys."""
        return {one.pk: one for one in self.visible(member).filter(pk__in=list(keys))}


_kinds: dict[str, Kind] = {}


def register_link(kind: Kind) -> None:
    """Let incidents be linked to a kind of record; call it from AppConfig.ready()."""
    _kinds[kind.key] = kind


def kinds() -> list[Kind]:
    """All of them, in order of registration."""
    return list(_kinds.values())


def kind_of(key: str) -> Kind | None:
    """The kind of this key."""
    return _kinds.get(key)
