"""What others do when a control has been tested."""

from collections.abc import Callable

from audit.actors import Actor
from controls.models import ControlTest

Tested = Callable[[ControlTest, Actor], object]
_tested: list[Tested] = []


def on_tested(callback: Tested) -> None:
    """Call back with each test, in the transaction that records it."""
    if callback not in _tested:
        _tested.append(callback)


def tell_tested(test: ControlTest, actor: Actor) -> None:
    """Tell everybody who asked."""
    for callback in _tested:
        callback(test, actor)
