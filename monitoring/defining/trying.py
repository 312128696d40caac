"""One look for the asking: at a check that is there, or at one that is only typed yet. What is found is shown, not kept."""

import asyncio
from dataclasses import replace
from typing import Any

from monitoring.checking.judging import UNKNOWN
from monitoring.defining.actions import judge_facts
from monitoring.models import Check
from monitoring.models.check import NOT_LOOKED
from monitoring.probing.looking import look
from monitoring.probing.target import Found, Target, target_of
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.outgoing.errors import OutgoingBusy
from workflow.outgoing.hosts import allowed_hosts


def try_check(check: Check) -> Found:
    """One look. Raises ActionRefused for one that only waits to be called."""
    _refuse_passive(check)
    return _look(target_of(check, allowed_hosts()))


def try_typed(*, secret: str = "", **facts: Any) -> Found:
    """One look at what a form says. Raises ActionRefused, at the field."""
    check = typed_check(**facts)
    _refuse_passive(check)
    judge_facts(check)
    return _look(replace(target_of(check, allowed_hosts()), secret=secret))


def typed_check(*, secret: str = "", **facts: Any) -> Check:
    """What a form says, as a check that is not kept."""
    return Check(made_at=now(), **facts)


def _look(target: Target) -> Found:
    try:
        return asyncio.run(look(target))
    except OutgoingBusy as busy:
        raise ActionRefused(busy.sentence) from busy


def words_of(found: Found) -> str:
    """`Healthy after 120 ms.`, or what was found instead."""
    if found.outcome == UNKNOWN:
        return f"{NOT_LOOKED}: {found.detail}"
    return f"{found.outcome.capitalize()} after {found.duration_ms or 0:,} ms. {found.detail}".strip()


def _refuse_passive(check: Check) -> None:
    if check.is_passive:
        raise ActionRefused("It waits to be called: there is nothing to try from here.")
