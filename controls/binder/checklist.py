"""The readiness checklist and the eight rules: what follows from controls and facts. Pure; docs/binder.md gives the rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from controls.binder.facts import Fact, Outcome
from controls.library.checklist import CHECKLIST, EIGHT_RULES, ChecklistItem
from controls.models import ChecklistWaiver, ControlState
from controls.models.state import Design, Operation, Reason
from ui.components import Badge, Tone


class Standing(models.TextChoices):
    """Where a line of the checklist stands. Nobody sets it, but for what does not apply."""

    IN_PLACE = "in_place", "In place"
    PARTLY = "partly", "Partly in place"
    MISSING = "missing", "Missing"
    NOT_EVALUABLE = "not_evaluable", "Could not be evaluated"
    NO_CONTROL = "no_control", "No control adopted"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class Keeping(models.TextChoices):
    """Whether a rule was kept."""

    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"
    NOT_EVALUABLE = "not_evaluable", "Could not be evaluated"
    NO_CONTROL = "no_control", "No control adopted"


_TONES: dict[str, Tone] = {
    "in_place": "ok",
    "partly": "warn",
    "missing": "bad",
    "not_evaluable": "warn",
    "no_control": "bad",
    "not_applicable": "muted",
    "kept": "ok",
    "broken": "bad",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An item or a rule, what it rests on, and what follows."""

    item: ChecklistItem
    standing: str
    states: Sequence[ControlState]
    facts: Sequence[Fact]
    waiver: ChecklistWaiver | None = None

    @property
    def label(self) -> str:
        """The standing in words."""
        found: models.TextChoices = Keeping(self.standing) if self.item.key in EIGHT_RULES else Standing(self.standing)
        return str(found.label)

    @property
    def badge(self) -> Badge:
        """The same in a tone."""
        return Badge(self.label, _TONES[self.standing])

    @property
    def shortfalls(self) -> list[str]:
        """What its controls lack, in sentences."""
        is_rule = self.item.key in EIGHT_RULES
        return [reason for state in self.states if (reason := _falls_short(state, is_rule=is_rule))]

    @property
    def reasons(self) -> list[str]:
        """Why it is not better, in sentences."""
        return self.shortfalls + [fact.sentence for fact in self.facts if fact.outcome != Outcome.HOLDS]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines of a list stand well, of those that apply."""

    good: int
    applicable: int
    left_out: int

    @property
    def words(self) -> str:
        """Such as 21 of 24."""
        return f"{self.good} of {self.applicable}" if self.applicable else "None applies"


def judge_items(
    states: Mapping[str, Sequence[ControlState]], facts: Mapping[str, Sequence[Fact]], waivers: Mapping[str, ChecklistWaiver]
) -> list[Line]:
    """Every line of the checklist in its order; all three by key of the item."""
    return [
        Line(
            item,
            _standing(states.get(key, ()), facts.get(key, ()), waived=key in waivers),
            states.get(key, ()),
            facts.get(key, ()),
            waivers.get(key),
        )
        for key, item in CHECKLIST.items()
    ]


def judge_rules(states: Mapping[str, Sequence[ControlState]], facts: Mapping[str, Sequence[Fact]]) -> list[Line]:
    """The eight rules in their order."""
    return [
        Line(item, _keeping(states.get(key, ()), facts.get(key, ())), states.get(key, ()), facts.get(key, ()))
        for key, item in EIGHT_RULES.items()
    ]


def tally(lines: Sequence[Line]) -> Tally:
    """The figure of a list: what could not be evaluated, and what no control was adopted for, stays in the denominator."""
    counts = Counter(line.standing for line in lines)
    left_out = counts[Standing.NOT_APPLICABLE]
    return Tally(counts[Standing.IN_PLACE] + counts[Keeping.KEPT], len(lines) - left_out, left_out)


def _standing(states: Sequence[ControlState], facts: Sequence[Fact], *, waived: bool) -> Standing:
    if waived:
        return Standing.NOT_APPLICABLE
    if not states:
        return Standing.NO_CONTROL
    worst = _of_controls(states)
    outcomes = {fact.outcome for fact in facts}
    if worst == Standing.IN_PLACE and Outcome.BROKEN in outcomes:
        return Standing.PARTLY
    if worst == Standing.IN_PLACE and Outcome.UNKNOWN in outcomes:
        return Standing.NOT_EVALUABLE
    return worst


def _of_controls(states: Sequence[ControlState]) -> Standing:
    """In place only when every control is, and worked; missing when nothing of it is there."""
    designs = {state.design for state in states}
    if Design.PARTIAL in designs or {Design.IMPLEMENTED, Design.MISSING} <= designs:
        return Standing.PARTLY
    if Design.MISSING in designs:
        return Standing.MISSING
    if any(state.operation == Operation.DEVIATIONS for state in states):
        return Standing.PARTLY
    return Standing.NOT_EVALUABLE if Design.NOT_EVALUABLE in designs else Standing.IN_PLACE


def _keeping(states: Sequence[ControlState], facts: Sequence[Fact]) -> Keeping:
    """Broken when anything says so; kept only when everything was looked at and nothing was found."""
    outcomes = {fact.outcome for fact in facts} | {_outcome(state) for state in states}
    if Outcome.BROKEN in outcomes:
        return Keeping.BROKEN
    if not states:
        return Keeping.NO_CONTROL
    return Keeping.NOT_EVALUABLE if Outcome.UNKNOWN in outcomes else Keeping.KEPT


def _outcome(state: ControlState) -> Outcome:
    """What a control says of its rule: kept where it is in place and was tested in the period without deviation."""
    if state.operation == Operation.DEVIATIONS:
        return Outcome.BROKEN
    tested = state.design == Design.IMPLEMENTED and state.operation == Operation.NO_DEVIATIONS
    return Outcome.HOLDS if tested else Outcome.UNKNOWN


def _falls_short(state: ControlState, *, is_rule: bool) -> str:
    """AC-002 is partly in place: no policy documents it. Empty when nothing is to be said."""
    code = state.control.code
    because = _because(state)
    if state.design != Design.IMPLEMENTED:
        return f"{code} {_DESIGNS[state.design]}{because}."
    if state.operation == Operation.DEVIATIONS:
        return f"{code} had deviations in the period{because}."
    if is_rule and state.operation != Operation.NO_DEVIATIONS:
        return f"{code} was not tested in the period."
    return ""


def _because(state: ControlState) -> str:
    """The reasons after a colon, but for the one that the sentence begins with."""
    said = [str(Reason(one).label) for one in state.reasons if one not in {Reason.NOT_EVALUATED, Reason.NOT_TESTED}]
    return ": " + "; ".join(word[0].lower() + word[1:] for word in said) if said else ""


_DESIGNS = {"partial": "is partly in place", "missing": "is missing", "not_evaluable": "could not be evaluated"}
