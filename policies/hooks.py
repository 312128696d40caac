"""What other parts do when a version comes into force or a policy ends, within that transaction."""

from collections.abc import Callable

from audit.actors import Actor
from policies.models import Policy, PolicyVersion

Published = Callable[[PolicyVersion, Actor], object]
Retired = Callable[[Policy, Actor], object]
_published: list[Published] = []
_retired: list[Retired] = []


def on_published(function: Published) -> None:
    """Call `function(version, actor)` when a version has come into force; the one before it is superseded by then."""
    if function not in _published:
        _published.append(function)


def on_retired(function: Retired) -> None:
    """Call `function(policy, actor)` when a policy holds no more."""
    if function not in _retired:
        _retired.append(function)


def published(version: PolicyVersion, actor: Actor) -> None:
    """Tell everybody who asked."""
    for function in _published:
        function(version, actor)


def retired(policy: Policy, actor: Actor) -> None:
    """Tell everybody who asked."""
    for function in _retired:
        function(policy, actor)
