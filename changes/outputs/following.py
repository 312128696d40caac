"""What follows from moves of changes: an event of their control, and evidence where one was carried out or is over."""

from collections.abc import Sequence

from changes.lifecycle.hooks import Move
from changes.models import Change
from changes.outputs.events import log_moves
from changes.outputs.kept import keep_records
from changes.outputs.record import loaded

MILESTONES = (Change.IMPLEMENT.target, Change.CLOSE.target)


def follow(moves: Sequence[Move]) -> None:
    """Their events go as one batch, the records of those at a milestone as one item of evidence for each stage.

    What is read is how a change stands by now: of several milestones in one block the last counts.
    """
    changes = {change.pk: change for change in loaded({move.change_id for move in moves})}
    log_moves([(changes[move.change_id], move.stage, move.at) for move in moves])
    last = {move.change_id: move.stage for move in moves if move.stage in MILESTONES}
    for stage in MILESTONES:
        if reached := [change for key, change in changes.items() if last.get(key) == stage]:
            keep_records(reached, stage)
