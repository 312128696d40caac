"""What other parts do when a change moves, within its transaction."""

from collections.abc import Callable

from audit.actors import Actor
from changes.models import Change

Moved = Callable[[Change, str, Actor], None]
_moved: list[Moved] = []


def on_moved(function: Moved) -> Moved:
    """Call `function(change, verb, actor)` within the transaction of each transition, such as "change.approve".

    The change has its row locked and is as it was saved. Register in changes/registrations.py.
    """
    if function not in _moved:
        _moved.append(function)
    return function


def moved(change: Change, verb: str, actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _moved:
        function(change, verb, actor)
