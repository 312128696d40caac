"""What ends with a membership in the apps above."""

from collections.abc import Callable

from accounts.models import Member
from audit.actors import Actor

_leaving: list[Callable[[Member, Actor], None]] = []


def register_leaving(function: Callable[[Member, Actor], None]) -> None:
    """Call `function(member, actor)` in the transaction that removes a member; call it from AppConfig.ready()."""
    if function not in _leaving:
        _leaving.append(function)


def leave(member: Member, actor: Actor) -> None:
    """A member is removed. Part of a caller's action."""
    for function in _leaving:
        function(member, actor)
