"""What other parts put on an incident's page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from incidents.models import Incident

Content = Callable[[Incident, Member], dict[str, Any] | None]
PLACES = ("top", "main", "side", "after")


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the page: in one of PLACES, by order; its template is given what `content` returns as `data`."""

    place: str
    order: int
    template: str
    content: Content


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with what it shows."""

    template: str
    data: dict[str, Any]


_slots: dict[str, Slot] = {}


def register_slot(place: str, template: str, content: Content, *, order: int = 50) -> None:
    """Show `template` on the page of an incident, where `content(incident, member)` returns something.

    The template finds that as `data`, and the incident as `object`. Raises KeyError for an unknown place.
    """
    if place not in PLACES:
        raise KeyError(place)
    _slots[template] = Slot(place, order, template, content)


def filled(place: str, incident: Incident, member: Member) -> Iterator[Filled]:
    """What stands in a place, in order."""
    for slot in sorted(_slots.values(), key=lambda one: (one.order, one.template)):
        if slot.place == place and (data := slot.content(incident, member)) is not None:
            yield Filled(slot.template, data)
