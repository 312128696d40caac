"""Starter controls become the organization's own."""

import datetime as dt
from collections.abc import Collection, Mapping

from audit.actions import action
from audit.actors import Actor
from controls.catalogue.actions import insert, today
from controls.catalogue.drafts import Draft, new_control
from controls.library import LIBRARY, StarterControl
from controls.models import Control
from controls.models.control import Leg
from inventory.models import Person
from ui.refusals import ActionRefused


@action
def adopt(
    keys: Collection[str],
    *,
    actor: Actor,
    owners: Mapping[str, Person] | None = None,
    in_scope_since: dt.date | None = None,
) -> list[Control]:
    """Adopt starter controls by key, in the library's order; an event for each. In scope from today unless said otherwise.

    `owners` gives the person for each owner role ("IT lead"); a role without one leaves its controls without an owner.
    What was adopted before is passed over; raises ActionRefused when nothing is left, or for an unknown key.
    """
    if unknown := [key for key in keys if key not in LIBRARY]:
        raise ActionRefused(f"There is no starter control {unknown[0]}.", field="keys")
    already = adopted_keys()
    starters = [one for key, one in LIBRARY.items() if key in keys and key not in already]
    if not starters:
        raise ActionRefused("Choose at least one control that is not adopted yet.", field="keys")
    taken = set(Control.objects.values_list("code", flat=True))
    drafts = [_draft(one, _free_code(one.key, taken), owners or {}, in_scope_since or today()) for one in starters]
    insert(drafts, "control.adopt", actor=actor)
    return [draft.control for draft in drafts]


def adopted_keys() -> set[str]:
    """The starter controls that the organization has adopted, whatever became of them."""
    return set(Control.objects.exclude(library_key="").values_list("library_key", flat=True))


def _draft(starter: StarterControl, code: str, owners: Mapping[str, Person], since: dt.date) -> Draft:
    without = [str(Leg(leg).label).lower() for leg in Leg.values if leg not in starter.legs]
    control = new_control(
        {
            "code": code,
            "title": starter.title,
            "objective": starter.objective,
            "operation": starter.operation,
            "owner": owners.get(starter.owner_role),
            "owner_role": starter.owner_role,
            "cadence": starter.cadence,
            "population": starter.population,
            "in_scope_since": since,
            "evidence_expected": starter.evidence_expected,
            "test_procedure": starter.test,
            "instructions": starter.instructions,
            "legs": list(starter.legs),
            "legs_reason": f"A control of this kind has no {' and no '.join(without)}." if without else "",
            "priority": starter.priority,
            "library_key": starter.key,
        }
    )
    return Draft(control, dict(starter.criteria))


def _free_code(key: str, taken: set[str]) -> str:
    """The starter's own code, or the next that nobody has: AC-001, AC-001-2."""
    code, number = key, 1
    while code in taken:
        number += 1
        code = f"{key}-{number}"
    taken.add(code)
    return code
