"""What other parts do when an incident is opened or moves, within its transaction; and what they know of it.

Register in <area>/registrations.py. Functions are called in the order in which they were registered.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from audit.actors import Actor
from incidents.models import Incident, SecurityEvent

Opened = Callable[[Incident, Actor], None]
Reported = Callable[[SecurityEvent, Actor], None]
Moved = Callable[[Incident, str, Actor, str], None]
Acknowledged = Callable[[Incident, Actor], None]
Missing = Callable[[Incident], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What goes on when an incident is closed, as a sentence. What `holds` it open is closed over only for a stated reason."""

    words: str
    holds: bool


Going = Callable[[Incident], Iterator[Unfinished]]


class Noted(Protocol):
    """Takes a line about an incident that the product writes."""

    def __call__(self, incident: Incident, text: str, actor: Actor, at: dt.datetime | None = None, /) -> None: ...


_reported: list[Reported] = []
_evaluated: list[Reported] = []
_opened: list[Opened] = []
_moved: list[Moved] = []
_acknowledged: list[Acknowledged] = []
_noted: list[Noted] = []
_missing: list[Missing] = []
_unfinished: list[Going] = []
F = TypeVar("F")


def on_reported(function: Reported) -> Reported:
    """Call `function(event, actor)` when a security event is reported for the first time."""
    return _add(_reported, function)


def on_evaluated(function: Reported) -> Reported:
    """Call `function(event, actor)` when it is said what one was."""
    return _add(_evaluated, function)


def on_opened(function: Opened) -> Opened:
    """Call `function(incident, actor)` when one is opened, its people and times set."""
    return _add(_opened, function)


def on_moved(function: Moved) -> Moved:
    """Call `function(incident, verb, actor, note)` after each move or other act, such as "incident.contain"; `note` is what was
    said with it, if anything. Its row is locked."""
    return _add(_moved, function)


def on_acknowledged(function: Acknowledged) -> Acknowledged:
    """Call `function(incident, actor)` when somebody acknowledges one."""
    return _add(_acknowledged, function)


def on_noted(function: Noted) -> Noted:
    """Call `function(incident, text, actor, at)` for what the product has to say, such as that a check is up again."""
    return _add(_noted, function)


def needed_to_close(function: Missing) -> Missing:
    """`function(incident)` yields a sentence for each thing that closing still needs."""
    return _add(_missing, function)


def on_unfinished(function: Going) -> Going:
    """`function(incident)` yields what goes on when it is closed: notices that are open, measures that are to be done."""
    return _add(_unfinished, function)


def reported(event: SecurityEvent, actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _reported:
        function(event, actor)


def evaluated(event: SecurityEvent, actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _evaluated:
        function(event, actor)


def opened(incident: Incident, actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _opened:
        function(incident, actor)


def moved(incident: Incident, verb: str, actor: Actor, note: str = "") -> None:
    """Tell everybody who asked to be told."""
    for function in _moved:
        function(incident, verb, actor, note)


def acknowledged(incident: Incident, actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _acknowledged:
        function(incident, actor)


def note(incident: Incident, text: str, actor: Actor, at: dt.datetime | None = None) -> None:
    """Write a line about it, where somebody keeps such lines."""
    for function in _noted:
        function(incident, text, actor, at)


def missing(incident: Incident) -> Iterator[str]:
    """What closing still needs, as others say."""
    for function in _missing:
        yield from function(incident)


def unfinished(incident: Incident) -> list[Unfinished]:
    """What goes on when it is closed, as others say; what holds it open first."""
    found = [one for function in _unfinished for one in function(incident)]
    return sorted(found, key=lambda one: not one.holds)


def _add(functions: list[F], function: F) -> F:
    if function not in functions:
        functions.append(function)
    return function
