"""Changing the scale: a new version each time. What was rated on an earlier one stays as it was."""

from itertools import pairwise
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from risks.models import FEWEST, MOST, Level, RiskScale
from risks.rights import for_keepers, member_of
from risks.scales.standing import default_scale, scale_in_force
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.uniqueness import refusing_taken

Steps = list[dict[str, str]]
_FACTS = ("likelihood", "impact", "levels")


def scale_for_rating(actor: Actor) -> RiskScale:
    """The scale in force; the default becomes version 1 with this. Part of a caller's action."""
    return RiskScale.objects.order_by("-number").first() or _keep(default_scale(), actor)


@action
def change_scale(
    *, actor: Actor, likelihood: Steps, impact: Steps, levels: list[dict[str, Any]], reason: str, same_meaning: bool = False
) -> RiskScale:
    """Put a new version in force. With `same_meaning` only words differ, and what was rated before stays comparable.

    Else the risks rated before keep their ratings on their scale, and wait to be rated again. Raises ActionRefused.
    """
    for_keepers(actor)
    why = stated(reason)
    before = scale_in_force()
    made = RiskScale(
        number=before.number + 1 if before.is_kept else 1,
        generation=before.generation if same_meaning or not before.is_kept else before.generation + 1,
        likelihood=_tidy(likelihood, "likelihood"),
        impact=_tidy(impact, "impact"),
        levels=levels,
        reason=why,
    )
    _check_levels(made)
    if all(getattr(made, name) == getattr(before, name) for name in _FACTS):
        raise ActionRefused("Nothing was changed.")
    if same_meaning and _measure(made) != _measure(before):
        raise ActionRefused(
            "The steps or the levels are others: only words may differ where the meaning stays.", field="same_meaning"
        )
    return _keep(made, actor, before if before.is_kept else None)


def _keep(scale: RiskScale, actor: Actor, before: RiskScale | None = None) -> RiskScale:
    scale.made_by, scale.made_at = member_of(actor), now()
    with refusing_taken(RiskScale):
        scale.save(force_insert=True)
    facts = {name: getattr(scale, name) for name in _FACTS}
    earlier = {name: getattr(before, name) for name in _FACTS} if before else None
    about = {"version": scale.number, "comparable": bool(before and before.generation == scale.generation)}
    record("risk_scale.change", scale, actor=actor, before=earlier, after=facts, note=scale.reason, metadata=about)
    return scale


def _tidy(steps: Steps, field: str) -> Steps:
    found = [{"word": one["word"].strip(), "meaning": one["meaning"].strip()} for one in steps]
    if not FEWEST <= len(found) <= MOST:
        raise ActionRefused(f"Name {FEWEST} to {MOST} steps.", field=field)
    words = [one["word"].casefold() for one in found]
    if not all(words) or len(set(words)) < len(words):
        raise ActionRefused("Each step has a word of its own.", field=field)
    return found


def _check_levels(scale: RiskScale) -> None:
    """All levels in their order, from 1, each beginning above the one before and within reach."""
    if [one["key"] for one in scale.levels] != list(Level.values) or not all(one["word"].strip() for one in scale.levels):
        raise ActionRefused("Each level has a word.")
    begins = [int(one["from"]) for one in scale.levels]
    if begins[0] != 1 or any(low >= high for low, high in pairwise(begins)) or begins[-1] > scale.highest:
        raise ActionRefused(f"The levels begin at 1 and rise, none above {scale.highest}, which is the highest score.")


def _measure(scale: RiskScale) -> tuple[int, int, list[int]]:
    return len(scale.likelihood), len(scale.impact), [one["from"] for one in scale.levels]
