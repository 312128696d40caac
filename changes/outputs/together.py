"""What follows from a move of a change: an event of its control, and evidence where it was carried out or is over.

One by one within the move's own transaction; together at the end of a block where many move at once.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from audit.actors import Actor
from changes.models import Change
from changes.outputs.events import log_moves
from changes.outputs.kept import keep_records
from changes.outputs.record import loaded
from tenancy.scope import now

MILESTONES = frozenset({Change.IMPLEMENT.target, Change.CLOSE.target})


@dataclass(frozen=True, slots=True)
class Move:
    """A change came to a stage at a moment."""

    change_id: uuid.UUID
    stage: str
    at: dt.datetime


_waiting: ContextVar[list[Move] | None] = ContextVar("changes_moved", default=None)


def moved(change: Change, _verb: str, _actor: Actor) -> None:
    """A hook of changes.lifecycle."""
    move = Move(change.pk, change.status, happened_at(change))
    waiting = _waiting.get()
    if waiting is None:
        _follow([move])
    else:
        waiting.append(move)


@contextmanager
def together() -> Iterator[None]:
    """Let many changes move in one transaction: their events go as one batch, their records as one item of evidence."""
    if _waiting.get() is not None:  # within another block, which will see to it
        yield
        return
    token = _waiting.set([])
    try:
        yield
        moves = _waiting.get() or []
    finally:
        _waiting.reset(token)
    if moves:
        _follow(moves)


def happened_at(change: Change) -> dt.datetime:
    """When it came to where it stands, as far as somebody said when; else now."""
    said = {
        Change.Status.SUBMITTED: change.submitted_at,
        Change.Status.APPROVED: change.approved_at,
        Change.Status.IMPLEMENTED: change.implemented_at,
        Change.Status.REVIEWED: change.reviewed_at,
    }
    return said.get(Change.Status(change.status)) or now()


def _follow(moves: list[Move]) -> None:
    changes = {change.pk: change for change in loaded({move.change_id for move in moves})}
    log_moves([(changes[move.change_id], move.stage, move.at) for move in moves])
    for stage in sorted(MILESTONES):
        if reached := list(dict.fromkeys(changes[move.change_id] for move in moves if move.stage == stage)):
            keep_records(reached, stage)
