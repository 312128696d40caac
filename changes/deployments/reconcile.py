"""Accounting for deployments anew, whenever they or their changes have changed. Classes follow from facts: nobody sets one."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import connection

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.deployments import matching
from changes.deployments.hooks import classified
from changes.lifecycle.hooks import Move
from changes.models import Change, ChangeCommit, Deployment, DeploymentLink, Reconciliation, SourcePush
from tenancy.measuring import plan_anew
from tenancy.scope import current_tenant_id, now


@dataclass(frozen=True, slots=True)
class Moves:
    """The deployments whose class changed, counted by (class before, class now)."""

    keys: list[uuid.UUID] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def told(self) -> list[dict[str, str | int]]:
        """For the trail: [{"from", "to", "count"}]."""
        return [{"from": before, "to": after, "count": count} for (before, after), count in sorted(self.counts.items())]


def for_batch(batch_id: uuid.UUID, *, actor: Actor, keys: Collection[uuid.UUID]) -> Moves:
    """Class those that were just reported, `keys`. Part of the action that reports them, whose event covers it."""
    plan_anew(len(keys), Deployment, DeploymentLink, Change, ChangeCommit, SourcePush)
    moves = _run(matching.OF_BATCH, [batch_id])
    classified(list(keys), actor)
    return moves


def for_changes(changes: Collection[uuid.UUID], *, actor: Actor) -> Moves:
    """Class what these changes have to do with, after they have moved or got commits. Part of a caller's transaction."""
    return _recorded(_run(matching.OF_CHANGES, list(changes)), actor) if changes else Moves()


def for_deployments(keys: Collection[uuid.UUID], *, actor: Actor) -> Moves:
    """Class some of them anew. Part of a caller's transaction."""
    return _recorded(_run(matching.THESE, list(keys)), actor) if keys else Moves()


def for_all(*, actor: Actor) -> Moves:
    """Class all of them anew. Part of a caller's transaction."""
    return _recorded(_run(matching.ALL, []), actor)


def moved(moves: Sequence[Move]) -> None:
    """Changes have moved: their deployments follow."""
    for_changes({move.change_id for move in moves}, actor=moves[-1].actor)


def _run(scope: str, keys: list[uuid.UUID]) -> Moves:
    with connection.cursor() as cursor:
        cursor.execute(matching.statement(scope), {"tenant": current_tenant_id(), "keys": keys})
        rows = cursor.fetchall()
    moved = [(key, before, after) for key, before, after in rows if before != after]
    return Moves([key for key, _, _ in moved], Counter((before, after) for _, before, after in moved))


def _recorded(moves: Moves, actor: Actor) -> Moves:
    if moves.keys:
        _keep(moves, actor)
        classified(moves.keys, actor)
    return moves


@action
def _keep(moves: Moves, actor: Actor) -> None:
    kept = Reconciliation(ran_at=now(), changed=len(moves.keys), moves=moves.told())
    kept.save(force_insert=True)
    record("deployments.reconcile", kept, actor=actor, after={"changed": kept.changed, "moves": kept.moves})
