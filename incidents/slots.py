"""What other parts put on an incident's page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from incidents.models import Incident

Content = Callable[[Incident, Member], dict[str, Any] | None]
# In the order in which a narrow screen shows them; where there is room, the side stands beside the lead and the main part.
PLACES = ("top", "lead", "side", "main", "after")


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the page: in one of PLACES, by order; its template is given what `content` returns as `data`."""

    ongoing: tuple[str, int]  # place and order while the incident goes on
    late: tuple[str, int]  # the same once it is resolved
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
    place: str,
    template: str,
    content: Content,
    *,
    order: int = 50,
    late: tuple[str, int] | None = None,
    jump: tuple[str, str] = ("", ""),
) -> None:
    """Show `template` on the page of an incident, where `content(incident, member)` returns something.

    The template finds that as `data`, and the incident as `object`. `late` is its place and order once the incident is resolved;
    `jump`, of title and id, makes the head of the page lead to it. Raises KeyError for an unknown place.
    """
    ongoing = (place, order)
    for one, _ in (ongoing, late or ongoing):
        if one not in PLACES:
            raise KeyError(one)
    _slots[template] = Slot(ongoing, late or ongoing, template, content, *jump)


def filled(place: str, incident: Incident, member: Member) -> Iterator[Filled]:
    """What stands in a place, in order."""
    standing = [(slot.ongoing if incident.is_ongoing else slot.late, slot) for slot in _slots.values()]
    for (where, _), slot in sorted(standing, key=lambda one: (one[0][1], one[1].template)):
        if where == place and (data := slot.content(incident, member)) is not None:
            yield Filled(slot.template, data, slot.title, slot.anchor)
