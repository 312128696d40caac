"""The registry of what is about one person: each app says which of its rows are theirs as a whole.

All other rows that name a person, as who made or has something, are found by their foreign keys: nobody has to register them.
Sentences that the product writes of people, such as the title of a finding, are registered as texts that name.
"""

import re
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


@dataclass(frozen=True, slots=True)
class Naming:
    """Texts of `model`, in `fields`, in which the product itself may call somebody by name.

    `kind` is what legal holds call its rows (workflow/retention.py), where one can be on them: they stay as they are then.
    """

    model: type[Model]
    fields: tuple[str, ...]
    kind: str = ""


# What replaces a person in an app's rows: given who, the pseudonym and who acts, it says what was done, in sentences.
Eraser = Callable[[Subject, str, Actor], Iterable[str]]
_about: dict[str, About] = {}
_erasers: list[Eraser] = []
_naming: dict[str, Naming] = {}


def register_about(model: type[Any], *by: str, title: str, without: Iterable[str] = ()) -> None:
    """Say that rows of `model` are about the person whom the fields `by` name; call it from AppConfig.ready()."""
    _about[model._meta.label] = About(model, title, by, frozenset(without))


def about_people() -> dict[str, About]:
    """All of them, by the model's label."""
    return dict(_about)


def register_naming(model: type[Any], *fields: str, kind: str = "") -> None:
    """Say in which texts of a model the product calls people by name: whoever is erased bears the pseudonym there."""
    _naming[model._meta.label] = Naming(model, fields, kind)


def texts_that_name() -> list[Naming]:
    """All of them, in the order of registration."""
    return list(_naming.values())


def as_a_whole(name: str) -> str:
    """A pattern for a name or an address in a text: not within a longer word, nor an address within a longer one."""
    if "@" in name:
        return rf"(?i:(?<![\w.+@-]){re.escape(name)}(?![\w-]|\.\w))"
    return rf"(?<!\w){re.escape(name)}(?!\w)"


def register_eraser(eraser: Eraser) -> None:
    """Add what an app does when somebody is erased. It may raise ActionRefused, and then nothing is erased."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erasers() -> list[Eraser]:
    """All of them, in the order of registration."""
    return list(_erasers)
