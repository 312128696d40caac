"""What other parts do when deployments have been classed, within the transaction."""

import uuid
from collections.abc import Callable, Sequence

from audit.actors import Actor

Classified = Callable[[Sequence[uuid.UUID], Actor], None]
_classified: list[Classified] = []


def on_classified(function: Classified) -> Classified:
    """Call `function(deployment_ids, actor)` for those that are new or fell into another class. Register it when ready."""
    if function not in _classified:
        _classified.append(function)
    return function


def classified(keys: Sequence[uuid.UUID], actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _classified:
        function(keys, actor)
