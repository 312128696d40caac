"""A deployment that succeeded carries out its change: an approved one is implemented, an agreed emergency first of all."""

import datetime as dt
import uuid
from contextlib import suppress

from django.db.models import Q

from audit.actors import Actor, System
from changes.deployments.classes import ALLOWED
from changes.deployments.environments import counted
from changes.lifecycle import actions
from changes.lifecycle.hooks import together
from changes.models import Change, Deployment
from tenancy.scope import now
from ui.refusals import ActionRefused

PIPELINE = System("pipeline")
_OPEN = sorted({*Change.IMPLEMENT.sources, *Change.IMPLEMENT_FIRST.sources})
RECENT = dt.timedelta(days=45)


def carry_out(batch_id: uuid.UUID, *, actor: Actor) -> int:
    """Move the changes that the deployments of a batch carry out. Part of the action that reports them. Returns how many."""
    return _carry_out(Q(batch=batch_id), actor)


def catch_up(actor: Actor) -> int:
    """Move what deployments of the last weeks carry out, whose changes were known or approved later than they were reported."""
    return _carry_out(Q(deployed_at__gte=now() - RECENT), actor)


def _carry_out(which: Q, actor: Actor) -> int:
    """Each change by its first deployment that counts. One that may not be moved stays: its page says what is missing."""
    rows = Deployment.objects.filter(which, counted(), outcome=Deployment.Outcome.SUCCEEDED, classification__in=ALLOWED)
    first: dict[uuid.UUID, Deployment] = {}
    for one in rows.filter(change__status__in=_OPEN).select_related("change").order_by("change_id", "deployed_at", "id"):
        if one.change is not None and reaches(one.change, one.environment):
            first.setdefault(one.change.pk, one)
    moved = 0
    with together():
        for one in first.values():
            with suppress(ActionRefused):
                _move(one, actor)
                moved += 1
    return moved


def reaches(change: Change, environment: str) -> bool:
    """Whether a change is meant for an environment; one that names none is meant for any."""
    return not change.environments or environment.casefold() in {one.casefold() for one in change.environments}


def _move(one: Deployment, actor: Actor) -> None:
    change, at = one.change, min(one.deployed_at, now())
    if change is None:
        raise AssertionError  # it is of a change
    mover = actor if isinstance(actor, System) else PIPELINE
    if change.status in Change.IMPLEMENT.sources:
        actions.implement(change, actor=mover, at=at)
    elif change.type == Change.Type.EMERGENCY:
        actions.implement_first(change, actor=mover, at=at)
