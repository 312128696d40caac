"""How a value stands in a cell, and how it is read from there. What cannot be read raises ValueError with a sentence."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from evidence.tables.text import email_key, yes_or_no
from inventory.models import Person


@dataclass(frozen=True, slots=True)
class Cell:
    """A column: the model's field, the heading, and both ways."""

    name: str
    heading: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def text(name: str, heading: str) -> Cell:
    """Words as they are."""
    return Cell(name, heading, str, str)


def number(name: str, heading: str) -> Cell:
    """A whole number, or none."""
    return Cell(name, heading, lambda value: "" if value is None else str(value), _number)


def flag(name: str, heading: str) -> Cell:
    """Yes or no."""
    return Cell(name, heading, lambda value: "Yes" if value else "No", _flag)


def lines(name: str, heading: str) -> Cell:
    """Several values, each on a line of its own."""
    return Cell(name, heading, "\n".join, lambda given: [line.strip() for line in given.splitlines() if line.strip()])


def moment(name: str, heading: str) -> Cell:
    """An instant with its offset, as ISO 8601 writes it; or none."""
    return Cell(name, heading, lambda value: value.isoformat() if value else "", _moment)


def day(name: str, heading: str) -> Cell:
    """A day as 2026-12-31, or none."""
    return Cell(name, heading, lambda value: value.isoformat() if value else "", _day)


def choice(name: str, heading: str, choices: Iterable[tuple[str, Any]]) -> Cell:
    """One of the labels."""
    known = {value: str(label) for value, label in choices}
    return Cell(name, heading, known.__getitem__, lambda given: _chosen(given, known))


def person(name: str, heading: str) -> Cell:
    """Somebody on the roster, by e-mail or by a name that only one has."""
    return Cell(name, heading, lambda one: (one.email or one.name) if one else "", _person)


def named(name: str, heading: str, model: type[Model], field: str, *, required: bool = False) -> Cell:
    """Another record, by the field that names it."""
    return Cell(
        name,
        heading,
        lambda one: str(getattr(one, field)) if one else "",
        lambda given: _named(given, heading, model, field, required=required),
    )


def _number(given: str) -> int | None:
    if not given.strip():
        return None
    try:
        return int(given.strip().replace(",", ""))
    except ValueError:
        raise ValueError(f"“{given[:40]}” is no whole number.") from None


def _flag(given: str) -> bool:
    found = yes_or_no(given) if given.strip() else False
    if found is None:
        raise ValueError(f"“{given[:40]}” is neither yes nor no.")
    return found


def _moment(given: str) -> dt.datetime | None:
    if not given.strip():
        return None
    try:
        found = dt.datetime.fromisoformat(given.strip())
    except ValueError:
        raise ValueError(f"“{given[:40]}” is no time such as 2026-03-31T14:00:00+00:00.") from None
    if found.tzinfo is None:
        raise ValueError(f"“{given[:40]}” has no offset from UTC, such as +00:00.")
    return found


def _day(given: str) -> dt.date | None:
    if not given.strip():
        return None
    try:
        return dt.date.fromisoformat(given.strip())
    except ValueError:
        raise ValueError(f"“{given[:40]}” is no day such as 2026-12-31.") from None


def _chosen(given: str, known: dict[str, str]) -> str:
    wanted = given.strip().lower()
    for value, label in known.items():
        if wanted in (label.lower(), value):
            return value
    raise ValueError(f"“{given[:40]}” is none of: {', '.join(known.values())}.")


def _person(given: str) -> Person | None:
    wanted = given.strip()
    if not wanted:
        return None
    found = list(Person.objects.filter(email_key=email_key(wanted))[:2]) or list(Person.objects.filter(name=wanted)[:2])
    if len(found) != 1:
        raise ValueError(f"{'Several people are' if found else 'Nobody on the roster is'} “{wanted[:80]}”.")
    return found[0]


def _named(given: str, heading: str, model: type[Model], field: str, *, required: bool) -> Model | None:
    if not given.strip():
        if required:
            raise ValueError(f"{heading} is missing.")
        return None
    manager: Any = model._meta.default_manager
    found: Model | None = manager.filter(**{field: given.strip()}).first()
    if found is None:
        raise ValueError(f"There is no {model._meta.verbose_name} “{given.strip()[:80]}”.")
    return found
