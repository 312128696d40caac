"""Gathering what the binder says of a period: a fixed number of queries for any number of controls."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from controls.binder.checklist import Line, Tally, judge_items, judge_rules, tally
from controls.binder.facts import facts_of
from controls.library import LIBRARY
from controls.library.checklist import CHECKLIST, EIGHT_RULES
from controls.models import AuditPeriod, ChecklistWaiver, ControlState

# The starter controls behind each line of the checklist and each rule.
TIED: dict[str, frozenset[str]] = {
    key: frozenset(starter.key for starter in LIBRARY.values() if key in starter.checklist) for key in (*CHECKLIST, *EIGHT_RULES)
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """The checklist and the rules of a period, as of a day."""

    period: AuditPeriod
    as_of: dt.date
    items: Sequence[Line]
    rules: Sequence[Line]

    @property
    def items_tally(self) -> Tally:
        """The figure of the checklist."""
        return tally(self.items)

    @property
    def rules_tally(self) -> Tally:
        """The figure of the rules."""
        return tally(self.rules)

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The checklist under its headings, in order."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.items:
            found[line.item.group].append(line)
        return list(found.items())


def readiness_of(period: AuditPeriod, day: dt.date) -> Readiness:
    """Derive both lists from the kept states of the period, what areas know, and what was said not to apply."""
    tied = frozenset[str]().union(*TIED.values())
    rows = ControlState.objects.filter(period=period, in_scope=True, control__library_key__in=tied)
    by_key: dict[str, list[ControlState]] = defaultdict(list)
    for state in rows.select_related("control").order_by("control__code"):
        by_key[state.control.library_key].append(state)
    states = {key: [state for one in sorted(keys) for state in by_key[one]] for key, keys in TIED.items()}
    facts = {key: facts_of(key, period, day) for key in TIED}
    in_force = ChecklistWaiver.objects.filter(period=period, status=ChecklistWaiver.Status.IN_FORCE)
    waivers = {one.item: one for one in in_force.select_related("made_by__user")}
    return Readiness(period, day, judge_items(states, facts, waivers), judge_rules(states, facts))
