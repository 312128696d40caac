"""What others do when a population has been imported, or removals have been checked against it."""

import uuid
from collections.abc import Callable, Sequence

from audit.actors import Actor
from inventory.models import Snapshot

Imported = Callable[[Snapshot, Actor], object]
Checked = Callable[[Snapshot, Sequence[uuid.UUID]], object]
_imported: list[Imported] = []
_checked: list[Checked] = []


def on_imported(callback: Imported) -> None:
    """Call back after each import, in a transaction of its own. It must be idempotent: a killed worker starts again."""
    if callback not in _imported:
        _imported.append(callback)


def on_checked(callback: Checked) -> None:
    """Call back with the removals whose state changed, in the transaction that changed them."""
    if callback not in _checked:
        _checked.append(callback)


def imported_callbacks() -> tuple[Imported, ...]:
    """In order of registration."""
    return tuple(_imported)


def tell_checked(snapshot: Snapshot, removal_ids: Sequence[uuid.UUID]) -> None:
    """Tell everybody who asked."""
    for callback in _checked:
        callback(snapshot, removal_ids)
