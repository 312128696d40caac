"""What others do when evidence has changed: its state, its validity, its links or its bytes."""

import uuid
from collections.abc import Callable, Collection

from audit.actors import Actor
from evidence.models import Evidence

Changed = Callable[[Collection[uuid.UUID], Actor], object]
Carried = Callable[[Evidence, Evidence, Actor], object]
Kept = Callable[[uuid.UUID], bool]
_changed: list[Changed] = []
_carried: list[Carried] = []
_kept_apart: list[Kept] = []


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


def on_carried(callback: Carried) -> None:
    """Call back with an older item and the newer one that takes over what the older one proves, in that transaction."""
    if callback not in _carried:
        _carried.append(callback)


def tell_carried(older: Evidence, newer: Evidence, actor: Actor) -> None:
    """Tell everybody who asked."""
    for callback in _carried:
        callback(older, newer, actor)


def on_kept_apart(predicate: Kept) -> None:
    """Ask whether a stored file that is no evidence belongs to something that its own readers see, and nobody by its number."""
    if predicate not in _kept_apart:
        _kept_apart.append(predicate)


def is_kept_apart(file_id: uuid.UUID) -> bool:
    """Whether an area above shows this file to its own readers only."""
    return any(predicate(file_id) for predicate in _kept_apart)
