"""Moving a change: its row locked first, everybody told who asked."""

import datetime as dt
from typing import Any

from audit.actors import Actor, System
from changes.lifecycle.hooks import moved
from changes.models import Change
from changes.models.change import PAST
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.transitions import Transition

ITSELF = System("changes")


def hold(change: Change) -> Change:
    """Lock the change's row and bring `change` up to date with it. The first thing that every action does."""
    change.refresh_from_db(from_queryset=Change.objects.select_for_update(of=("self",)))
    return change


def move(transition: Transition, change: Change, *, actor: Actor, **fields: Any) -> Change:
    """Apply a transition, with its `note`, `metadata` and fields, and call the hooks. Raises ActionRefused.

    From when a change lets nothing through any more is kept: deployments are judged by it afterwards.
    """
    over_at = (change.over_at or now()) if transition.target in PAST else None
    if over_at != change.over_at:
        fields["over_at"] = over_at
    transition.apply(change, actor=actor, **fields)
    moved(change, transition.verb, actor)
    return change


def moment(at: dt.datetime | None, *, after: dt.datetime | None = None, earlier: str = "") -> dt.datetime:
    """When something happened: now unless somebody says. Raises ActionRefused for the future, and before `after`."""
    if at is None:
        return now()
    if at > now():
        raise ActionRefused("Not in the future.", field="at")
    if after is not None and at < after:
        raise ActionRefused(earlier, field="at")
    return at
