"""A control that is about to be written: its facts, checked and tidied, whoever brings them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from audit.record import canonical
from controls.criteria import CRITERIA
from controls.models import CadenceChange, Control, ControlCriterion, ControlSystem
from controls.models.control import Cadence, Leg
from controls.occurrences.events import kinds
from inventory.models import System
from tenancy.ids import uuid7
from ui.refusals import ActionRefused
from workflow.changes import shown

LONGEST_TEXT = 8_000  # characters of each long text, so that a workbook's cell holds it
LONGEST_NOTE = 2_000
MOST_BYTES = 24_000  # of all long texts of a control, and of all its notes: an event holds both, before and after
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,19}")
TEXTS = ("objective", "operation", "evidence_expected", "test_procedure", "instructions", "legs_reason")
LINES = ("title", "owner_role")
FACTS = (
    "code",
    *LINES,
    "owner",
    "cadence",
    "population",
    "grace_days",
    "in_scope_since",
    "retired_on",
    "legs",
    "priority",
    *TEXTS,
    "library_key",
)
# What XML cannot carry, so that no workbook could.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(slots=True)
class Draft:
    """A new control with what it answers and covers. `cadences` are changes after the first, by their day."""

    control: Control
    criteria: Mapping[str, str] = field(default_factory=dict)
    systems: Collection[System] = ()
    cadences: Collection[CadenceChange] = ()

    def rows(self) -> tuple[list[CadenceChange], list[ControlCriterion], list[ControlSystem]]:
        """The rows beside the control's own."""
        control = self.control
        later = sorted(self.cadences, key=lambda one: one.from_date)
        for one in later:
            one.control = control
        answers = [ControlCriterion(control=control, criterion=key, note=note) for key, note in self.criteria.items()]
        return [first_cadence(control), *later], answers, [ControlSystem(control=control, system=one) for one in self.systems]

    def recorded(self) -> dict[str, Any]:
        """What its event says."""
        facts = {name: shown(getattr(self.control, name)) for name in FACTS if getattr(self.control, name)}
        if self.criteria:
            facts["criteria"] = dict(self.criteria)
        if self.systems:
            facts["systems"] = [one.name for one in self.systems]
        return facts


def first_cadence(control: Control) -> CadenceChange:
    """The cadence from the day it came into scope."""
    return CadenceChange(
        control=control,
        from_date=control.in_scope_since,
        cadence=control.cadence,
        population=control.population,
        grace_days=control.grace_days,
    )


def tidy(text: str) -> str:
    """Text as it is kept: one kind of line end, nothing that cannot be printed, no space around it."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """The same, on one line."""
    return " ".join(tidy(text).split())


def tidied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a control as they are kept. Raises ActionRefused for what is too long or not known."""
    kept = dict(facts)
    for name in TEXTS:
        if name in kept:
            kept[name] = tidy(kept[name])
            if len(kept[name]) > LONGEST_TEXT:
                raise ActionRefused(f"At most {LONGEST_TEXT:,} characters.", field=name)
    _check_together({name: kept[name] for name in TEXTS if name in kept}, "texts")
    for name in ("code", *LINES):
        if name in kept:
            kept[name] = one_line(kept[name])
    if "code" in kept and not CODE.fullmatch(kept["code"]):
        raise ActionRefused(
            "A control's code has letters, digits and . _ / - only, such as AC-001, and at most 20 of them.", field="code"
        )
    if "legs" in kept:
        kept["legs"] = known_legs(kept["legs"], kept.get("legs_reason", ""))
    return kept


def _check_together(texts: Mapping[str, str], what: str) -> None:
    if len(canonical(texts).encode()) > MOST_BYTES:
        raise ActionRefused(f"The {what} of one control have at most about {MOST_BYTES:,} characters together. Shorten some.")


def known_legs(legs: Collection[str], reason: str) -> list[str]:
    """The legs in their order. Raises ActionRefused when one is not needed and nothing says why."""
    kept = [leg for leg in Leg.values if leg in legs]
    if not kept:
        raise ActionRefused("A control stands on one leg at least.", field="legs")
    if len(kept) < len(Leg.values) and not reason.strip():
        raise ActionRefused("Say why the others are not needed: an auditor will ask.", field="legs_reason")
    return kept


def checked_cadence(cadence: str, population: str) -> tuple[str, str]:
    """A cadence with its population: events need one, nothing else has one. Raises ActionRefused."""
    if cadence != Cadence.PER_EVENT:
        return cadence, ""
    if population not in dict(kinds()):
        raise ActionRefused("Say what its events are.", field="population")
    return cadence, population


def checked_criteria(criteria: Mapping[str, str]) -> dict[str, str]:
    """Notes by criterion, in the order of the standard. Raises ActionRefused for one that does not exist."""
    if unknown := [key for key in criteria if key not in CRITERIA]:
        raise ActionRefused(f"There is no criterion {unknown[0]}.", field="criteria")
    tidied_notes = {key: tidy(criteria[key]) for key in CRITERIA if key in criteria}
    if long := [key for key, note in tidied_notes.items() if len(note) > LONGEST_NOTE]:
        raise ActionRefused(f"The note of {long[0]} has more than {LONGEST_NOTE:,} characters.", field="criteria")
    _check_together(tidied_notes, "notes")
    return tidied_notes


def new_control(facts: Mapping[str, Any]) -> Control:
    """A control from facts, not saved yet. Raises ActionRefused at the field that is wrong."""
    kept = tidied(facts)
    kept["cadence"], kept["population"] = checked_cadence(kept.get("cadence", ""), kept.get("population", ""))
    control = Control(id=uuid7(), **kept)
    check(control)
    return control


def check(control: Control) -> None:
    """What the model itself asks, but for uniqueness, which needs a look at the table. Raises ActionRefused."""
    try:
        control.clean_fields(exclude=["tenant", "owner"])
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise ActionRefused(sentences[0], field=name) from error
