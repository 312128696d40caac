"""The registry of what is about one person: each app says which of its rows are theirs as a whole.

All other rows that name a person, as who made or has something, are found by their foreign keys: nobody has to register them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from audit.actors import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the product knows them: addresses in lower case, and the keys of their rows."""

    emails: frozenset[str]
    people: frozenset[UUID]
    members: frozenset[UUID]
    users: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class About:
    """Rows that are about a person: of `model`, found by its fields `by`, without the fields `without`."""

    model: type[Model]
    title: str
    by: Sequence[str]
    without: frozenset[str] = frozenset()


# What replaces a person in an app's rows: given who, the pseudonym and who acts, it says what was done, in sentences.
Eraser = Callable[[Subject, str, Actor], Iterable[str]]
_about: dict[str, About] = {}
_erasers: list[Eraser] = []


def register_about(model: type[Any], *by: str, title: str, without: Iterable[str] = ()) -> None:
    """Say that rows of `model` are about the person whom the fields `by` name; call it from AppConfig.ready()."""
    _about[model._meta.label] = About(model, title, by, frozenset(without))


def about_people() -> dict[str, About]:
    """All of them, by the model's label."""
    return dict(_about)


def register_eraser(eraser: Eraser) -> None:
    """Add what an app does when somebody is erased. It may raise ActionRefused, and then nothing is erased."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erasers() -> list[Eraser]:
    """All of them, in the order of registration."""
    return list(_erasers)
