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
    late: int  # its order once the incident is resolved
    template: str
    content: Content
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with what it shows."""

    template: str
    data: dict[str, Any]
    title: str  # by which the head of the page leads to it; empty: it does not
    anchor: str


_slots: dict[str, Slot] = {}


def register_slot(
    place: str, template: str, content: Content, *, order: int = 50, late: int | None = None, jump: tuple[str, str] = ("", "")
) -> None:
    """Show `template` on the page of an incident, where `content(incident, member)` returns something.

    The template finds that as `data`, and the incident as `object`. `late` is its order once the incident is resolved; `jump`, of
    title and id, makes the head of the page lead to it. Raises KeyError for an unknown place.
    """
    if place not in PLACES:
        raise KeyError(place)
    _slots[template] = Slot(place, order, order if late is None else late, template, content, *jump)


def filled(place: str, incident: Incident, member: Member) -> Iterator[Filled]:
    """What stands in a place, in order."""
    for slot in sorted(_slots.values(), key=lambda one: (one.order if incident.is_ongoing else one.late, one.template)):
        if slot.place == place and (data := slot.content(incident, member)) is not None:
            yield Filled(slot.template, data, slot.title, slot.anchor)
