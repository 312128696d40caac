"""What others do when evidence has changed: its state, its validity, its links or its bytes."""

import uuid
from collections.abc import Callable, Collection

from audit.actors import Actor

Changed = Callable[[Collection[uuid.UUID], Actor], object]
_changed: list[Changed] = []


def on_changed(callback: Changed) -> None:
    """Call back with the ids of the items, in the transaction that changed them; in order of registration."""
    if callback not in _changed:
        _changed.append(callback)


def tell_changed(evidence_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Tell everybody who asked; nobody is told of nothing."""
    if not evidence_ids:
        return
    for callback in _changed:
        callback(evidence_ids, actor)
