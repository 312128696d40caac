"""The populations whose events a control can run on. Each area says what happened in it; this one knows no area."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from controls.occurrences.cadence import Event

Provider = Callable[[dt.date, dt.date], Iterable[Event]]


@dataclass(frozen=True, slots=True)
class Population:
    """A kind of events: its name in the plural ("Joiners"), and what gives those of a span of days."""

    kind: str
    label: str
    events: Provider


# What controls may run on. Those that no area registers are shown, or stated as empty, by the quarter.
NAMES = {
    "joiners": "Joiners",
    "leavers": "Leavers",
    "access_grants": "Access granted",
    "access_reviews": "Access reviews",
    "changes": "Changes",
    "deployments": "Deployments",
    "incidents": "Incidents",
    "vendors": "Vendors",
    "evidence": "Evidence",
}
_populations: dict[str, Population] = {}


def register_events(kind: str, label: str, provider: Provider) -> None:
    """Let controls run on these events; call it when the app is ready.

    `provider(first, last)` gives the events of these days, both included, of the active organization. The key of an event
    stays the same for good, within 40 characters.
    """
    _populations[kind] = Population(kind, label, provider)


def population_of(kind: str) -> Population | None:
    """The population of a kind; None when nothing in the product holds its events."""
    return _populations.get(kind)


def name_of(kind: str) -> str:
    """What the events are called: "Joiners"."""
    population = _populations.get(kind)
    return population.label if population else NAMES.get(kind, kind.replace("_", " ").capitalize())


def kinds() -> list[tuple[str, str]]:
    """Every kind with its name, for a choice: those known from the start, then those that areas added."""
    return [(kind, name_of(kind)) for kind in dict.fromkeys([*NAMES, *_populations])]
