"""What a file of controls would do: compared with what there is, nothing written."""

import copy
import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.record import canonical
from controls.catalogue.cells import Frequency
from controls.catalogue.differences import Difference, differences
from controls.catalogue.drafts import LINES, TEXTS, Draft, check, checked_criteria, known_legs, new_control
from controls.catalogue.known import Known, WrongError, known_for, owner_of, systems_of, unknown_names
from controls.catalogue.past import refuse_to_retire
from controls.catalogue.reading import COLUMNS, Line, Sheet
from controls.models import CadenceChange, Control
from controls.models.control import Leg
from controls.sheets.plans import SheetPlan
from inventory.models import System
from ui.refusals import ActionRefused

FACTS = (*LINES, *TEXTS, "owner", "in_scope_since", "legs", "priority", "library_key", "retired_on")


@dataclass(slots=True)
class Change:
    """An existing control, and what the file says otherwise; None where it says nothing else."""

    control: Control
    facts: dict[str, Any] = field(default_factory=dict)
    criteria: dict[str, str] | None = None
    systems: list[System] | None = None
    cadences: list[Frequency] | None = None
    told: list[Difference] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """What changes, by name."""
        names = [COLUMNS[name] for name in self.facts]
        parts = ((self.criteria, "Criteria"), (self.systems, "Systems"), (self.cadences, "Frequency"))
        return names + [name for part, name in parts if part is not None]

    @property
    def empty(self) -> bool:
        """Whether the file says what there is."""
        return not self.words


@dataclass
class Plan(SheetPlan):
    """New controls, changes, rows that say what there is, and rows that cannot be taken."""

    sheet: Sheet
    new: list[tuple[Line, Draft]] = field(default_factory=list)
    changes: list[tuple[Line, Change]] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)

    @property
    def offers(self) -> list[Line]:
        """Rows with a correction to accept."""
        return [line for line in self.sheet.lines if line.offers and not line.errors]

    def stamp(self) -> str:
        """A mark of what would be done, for noticing that the controls have changed since it was shown."""
        new = [[line.number, draft.control.code] for line, draft in self.new]
        changed = [[line.number, *change.words, stamp_of_control(change.control)] for line, change in self.changes]
        told = {"new": new, "changed": changed, "wrong": [line.number for line in self.wrong]}
        return hashlib.sha256(canonical(told).encode()).hexdigest()


def stamp_of_control(control: Control) -> str:
    """All facts of a control in a few characters."""
    facts = {name: str(getattr(control, f"{name}_id" if name == "owner" else name)) for name in FACTS}
    return hashlib.sha256(canonical(facts).encode()).hexdigest()[:16]


def plan_of(sheet: Sheet, today: dt.date, accepted: Collection[int] = ()) -> Plan:
    """Compare every row with what there is; `accepted` are the rows whose offered corrections are taken."""
    known, plan = known_for(sheet, today), Plan(sheet)
    for line in sheet.lines:
        if not line.errors:
            _place(line, plan, known, accepted)
        if line.errors:
            line.errors += [one for one in unknown_names(line.said, known) if one not in line.errors]
            plan.wrong.append(line)
    return plan


def _place(line: Line, plan: Plan, known: Known, accepted: Collection[int]) -> None:
    control = known.controls.get(line.code)
    if control is not None:
        settled = known.answers[control.pk]
        line.offers = [offer for offer in line.offers if not set(offer.written) or not set(offer.written) <= set(settled)]
    said = dict(line.said)
    if line.number in accepted and line.offers:
        said["criteria"] = line.with_offers()
    try:
        facts = _facts(said, known)
        if control is None:
            plan.new.append((line, _draft(line, said, facts, known)))
            return
        change = _change(control, said, facts, known)
    except WrongError as error:
        line.errors += error.sentences
        return
    except ActionRefused as refusal:
        line.errors.append(refusal.sentence)
        return
    if change.empty:
        plan.same.append(line)
    else:
        plan.changes.append((line, change))


def _facts(said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The fields of the model that the row names."""
    facts = {name: said[name] for name in FACTS if name in said and name != "owner"}
    if "owner" in said:
        facts["owner"] = owner_of(said["owner"], known)
    if facts.get("retired_on") and facts["retired_on"] > known.today:
        raise WrongError("Retired on: the day has not come yet.")
    if "in_scope_since" in facts and facts["in_scope_since"] is None:
        raise WrongError("In scope since: the day is missing.")
    return facts


def _draft(line: Line, said: Mapping[str, Any], facts: dict[str, Any], known: Known) -> Draft:
    if "frequency" not in said:
        raise WrongError("Frequency: a new control needs one.")
    if "in_scope_since" not in facts:
        line.notices.append("The file does not say since when it is in scope: from today.")
    first, *later = said["frequency"]
    since = facts.setdefault("in_scope_since", known.today)
    _check_first(said["frequency"], since)
    _check_days(since, later, facts.get("retired_on"))
    legs = facts.pop("legs", None) or Leg.values
    facts["legs"] = known_legs(legs, facts.get("legs_reason", ""))
    status = Control.Status.RETIRED if facts.get("retired_on") else Control.Status.ACTIVE
    control = new_control(
        {
            **facts,
            "code": line.code,
            "cadence": first.cadence,
            "population": first.population,
            "grace_days": first.grace_days,
            "status": status,
        }
    )
    return Draft(
        control,
        checked_criteria(said.get("criteria", {})),
        systems_of(said.get("systems", ()), known),
        [cadence_row(control, one) for one in later],
    )


def cadence_row(control: Control, one: Frequency) -> CadenceChange:
    """The row of a line of the frequency column."""
    return CadenceChange(
        control=control,
        from_date=one.from_date or control.in_scope_since,
        cadence=one.cadence,
        population=one.population,
        grace_days=one.grace_days,
    )


def _check_first(said: Sequence[Frequency], since: dt.date) -> None:
    if said and said[0].from_date not in (None, since):
        raise WrongError("Frequency: the first one holds since the control is in scope. Give it without a day.")


def _check_days(since: dt.date, later: Sequence[Frequency], retired_on: dt.date | None) -> None:
    if later and later[0].from_date is not None and later[0].from_date <= since:
        raise WrongError("Frequency: it changes before the control is in scope.")
    if retired_on and retired_on < since:
        raise WrongError("Retired on: it was not in scope yet on that day.")


def _change(control: Control, said: Mapping[str, Any], facts: dict[str, Any], known: Known) -> Change:
    if facts.get("legs") == []:
        raise WrongError("Needs: a control stands on one leg at least.")
    if "legs" in facts:
        facts["legs"] = known_legs(facts["legs"], facts.get("legs_reason", control.legs_reason))
    differing = {name: value for name, value in facts.items() if getattr(control, name) != value}
    wanted = copy.copy(control)
    for name, value in differing.items():
        setattr(wanted, name, value)
    check(wanted)
    if differing.get("retired_on"):
        refuse_to_retire(control, differing["retired_on"])
    _check_first(said.get("frequency") or (), wanted.in_scope_since)
    cadences = _cadences(control, said.get("frequency"), known)
    rows = cadences if cadences and len(cadences) > 1 else []
    later = rows[1:] or [_frequency_of(row) for row in known.cadences[control.pk][1:]]
    _check_days(wanted.in_scope_since, later, wanted.retired_on)
    change = Change(control, differing, cadences=cadences)
    if "criteria" in said and (notes := checked_criteria(said["criteria"])) != known.answers[control.pk]:
        change.criteria = notes
    if "systems" in said and sorted(said["systems"]) != sorted(known.systems_of[control.pk]):
        change.systems = systems_of(said["systems"], known)
    change.told = differences(control, change, known)
    return change


def _cadences(control: Control, said: list[Frequency] | None, known: Known) -> list[Frequency] | None:
    """What differs. One line speaks of what holds today; several tell the whole history."""
    if not said:
        return None
    if len(said) == 1:
        one = said[0]
        same = (one.cadence, one.population, one.grace_days) == (control.cadence, control.population, control.grace_days)
        return None if same else said
    rows = known.cadences[control.pk]
    present = [_frequency_of(row) for row in rows]
    wanted = [Frequency(one.cadence, one.population, one.grace_days, one.from_date or control.in_scope_since) for one in said]
    return None if present == wanted else said


def _frequency_of(row: CadenceChange) -> Frequency:
    return Frequency(row.cadence, row.population, row.grace_days, row.from_date)
