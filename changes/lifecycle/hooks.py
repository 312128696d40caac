"""What other parts do when a change moves, within its transaction: at once, or together for many that move in one block."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from audit.actors import Actor
from audit.models import AuditEvent
from changes.models import Change
from tenancy.scope import now


@dataclass(frozen=True, slots=True)
class Move:
    """A change came to a stage, at a moment that somebody asserts or now."""

    change_id: uuid.UUID
    verb: str
    stage: str
    at: dt.datetime
    actor: Actor


Moved = Callable[[Change, str, Actor], None]
Followed = Callable[[Sequence[Move]], None]
_moved: list[Moved] = []
_followed: list[Followed] = []
_waiting: ContextVar[list[Move] | None] = ContextVar("changes_moved", default=None)


def on_moved(function: Moved) -> Moved:
    """Call `function(change, verb, actor)` within the transaction of each transition, such as "change.approve".

    The change has its row locked and is as it was saved. Register in changes/registrations.py.
    """
    if function not in _moved:
        _moved.append(function)
    return function


def follow(function: Followed) -> Followed:
    """Call `function(moves)` after each move, or once for all of a block: for what need not happen between two of them."""
    if function not in _followed:
        _followed.append(function)
    return function


def moved(change: Change, verb: str, actor: Actor) -> None:
    """Tell everybody who asked to be told."""
    for function in _moved:
        function(change, verb, actor)
    move = Move(change.pk, verb, change.status, _happened_at(change), actor)
    waiting = _waiting.get()
    if waiting is None:
        _tell([move])
    else:
        waiting.append(move)


@contextmanager
def together() -> Iterator[None]:
    """Let many changes move in one transaction, and do once at its end what follows from all of them."""
    if _waiting.get() is not None:  # within another block, which will see to it
        yield
        return
    token = _waiting.set([])
    try:
        yield
        moves = _waiting.get() or []
    finally:
        _waiting.reset(token)
    if kept := _kept(moves):
        _tell(kept)


def _kept(moves: list[Move]) -> list[Move]:
    """Those that were not taken back since, with whatever else their action did: each has its event in the trail."""
    if not moves:
        return []
    events = AuditEvent.objects.filter(object_id__in={one.change_id for one in moves}, verb__in={one.verb for one in moves})
    there = Counter(events.values_list("object_id", "verb"))
    found = []
    for one in reversed(moves):
        there[one.change_id, one.verb] -= 1
        if there[one.change_id, one.verb] >= 0:
            found.append(one)
    return found[::-1]


def _tell(moves: Sequence[Move]) -> None:
    for function in _followed:
        function(moves)


def _happened_at(change: Change) -> dt.datetime:
    """When it came to where it stands, as far as somebody said when; else now."""
    said = {
        Change.Status.SUBMITTED: change.submitted_at,
        Change.Status.APPROVED: change.approved_at,
        Change.Status.IMPLEMENTED: change.implemented_at,
        Change.Status.REVIEWED: change.reviewed_at,
    }
    return said.get(Change.Status(change.status)) or now()
