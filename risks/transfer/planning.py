"""What a register from a file would do: compared with what is here, nothing written."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.record import canonical
from controls.models import Control
from controls.sheets import SheetPlan
from evidence.tables.text import email_key
from inventory.models import Person
from risks.models import STEPS, Risk, RiskControl, RiskRating, RiskScale, RiskTask
from risks.register.actions import check_steps
from risks.scales.standing import scale_in_force
from risks.transfer.reading import COLUMNS, Line, Sheet, TaskSaid
from ui.refusals import ActionRefused

FACTS = ("statement", "category", "owner", "cause", "consequence", "review_days")
TREATED = ("treatment", "plan")
Tasks = list[tuple[TaskSaid, Person]]


@dataclass(slots=True)
class Draft:
    """A row as it would be written."""

    line: Line
    facts: dict[str, Any]
    treated: dict[str, str]
    rating: RiskRating | None
    controls: list[Control] | None
    tasks: Tasks
    risk: Risk | None = None  # the one that is there

    @property
    def words(self) -> list[str]:
        """What changes, by name."""
        names = [COLUMNS[name] for name in (*self.facts, *self.treated)]
        parts = {"Controls": self.controls is not None, "Rating": self.rating is not None, "Tasks": bool(self.tasks)}
        return names + [name for name, changes in parts.items() if changes]


@dataclass
class Plan(SheetPlan):
    """New risks, changes, rows that say what there is, and rows that cannot be taken."""

    sheet: Sheet
    new: list[Draft] = field(default_factory=list)
    changes: list[Draft] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)

    def stamp(self) -> str:
        """A mark of what would be done, for noticing that the register has changed since it was shown."""
        changed = [[one.line.number, *one.words, str(one.risk), one.risk and one.risk.residual_score] for one in self.changes]
        told = {"new": [one.line.number for one in self.new], "changed": changed, "wrong": [one.number for one in self.wrong]}
        return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(slots=True)
class _Known:
    today: dt.date
    risks: dict[str, Risk]
    controls: dict[str, Control]
    linked: dict[Any, list[str]]
    tasks: dict[Any, set[str]]
    people: dict[str, list[Person]]
    scale: RiskScale
    scales: dict[int, RiskScale]


def plan_of(sheet: Sheet, today: dt.date) -> Plan:
    """Compare every row with what there is; seven queries."""
    known, plan = _known(sheet, today), Plan(sheet)
    for line in sheet.lines:
        draft = None if line.errors else _draft(line, known)
        if draft is None or line.errors:
            plan.wrong.append(line)
        elif draft.risk is None:
            plan.new.append(draft)
        elif draft.words:
            plan.changes.append(draft)
        else:
            plan.same.append(line)
    return plan


def _draft(line: Line, known: _Known) -> Draft | None:
    said, risk = line.said, known.risks.get(line.name)
    owner = _person(line, said["owner"], known, risk.owner if risk else None)
    if owner is None:
        return None
    facts = {name: said[name] for name in FACTS if name in said and name != "owner"} | {"owner": owner}
    treated = {name: said[name] for name in TREATED if name in said}
    controls = _controls(line, known)
    rating = _rating(line, known)
    tasks = _tasks(line, known, known.tasks[risk.pk] if risk else set())
    _say_state(line, risk)
    if treated.get("treatment") and not (treated.get("plan") or (risk and risk.plan)):
        line.errors.append(f"{COLUMNS['plan']} is missing: a treatment says how.")
    if risk is None:
        return Draft(line, facts, treated, rating, controls or [], tasks)
    facts = {name: value for name, value in facts.items() if getattr(risk, name) != value}
    treated = {name: value for name, value in treated.items() if getattr(risk, name) != value}
    treated = {"treatment": risk.treatment, "plan": risk.plan, **treated} if treated else {}
    changed = controls if controls is not None and sorted(one.code for one in controls) != known.linked[risk.pk] else None
    again = rating if rating and _differs(risk, rating) else None
    draft = Draft(line, facts, treated, again, changed, tasks, risk)
    if draft.treated and risk.status == Risk.Status.ACCEPTED:
        line.errors.append("It is accepted here: end the acceptance before its treatment changes.")
    if draft.words and risk.is_over:
        line.errors.append(f"It is closed here, and the file says otherwise: {', '.join(draft.words)}.")
    return draft


def _differs(risk: Risk, rating: RiskRating) -> bool:
    return any(getattr(risk, name) != getattr(rating, name) for name in STEPS) or risk.reasoning != rating.reasoning


def _rating(line: Line, known: _Known) -> RiskRating | None:
    """What the row says of how likely and how bad; nothing where it does not say it whole."""
    said = line.said
    if not any(name in said for name in STEPS):
        return None
    scale = known.scales.get(said.get("scale", known.scale.number), known.scale)
    if "scale" in said and said["scale"] not in known.scales and said["scale"] != known.scale.number:
        line.notices.append(f"Version {said['scale']} of the scale is not known here: rated on version {scale.number}.")
    steps = {name: said.get(name, 0) for name in STEPS}
    if not steps["residual_likelihood"] and not steps["residual_impact"]:
        steps |= {"residual_likelihood": steps["inherent_likelihood"], "residual_impact": steps["inherent_impact"]}
    rating = RiskRating(scale=scale, reasoning=said.get("reasoning", ""), rated_on=said.get("rated_on") or known.today, **steps)
    if rating.rated_on > known.today:
        line.errors.append(f"{COLUMNS['rated_on']}: this is a day to come.")
    if not rating.reasoning:
        line.errors.append(f"{COLUMNS['reasoning']} is missing: a rating is explained.")
    try:
        check_steps(rating, scale)
    except ActionRefused as refusal:
        line.errors.append(f"{COLUMNS[refusal.field or 'residual_likelihood']}: {refusal.sentence}")
    return rating


def _controls(line: Line, known: _Known) -> list[Control] | None:
    """Those of ours; None where the file does not speak of controls."""
    if "controls" not in line.said:
        return None
    found = [(code, known.controls.get(code.upper())) for code in dict.fromkeys(line.said["controls"])]
    if unknown := [code[:40] for code, control in found if control is None]:
        line.notices.append(f"There is no control {', '.join(unknown)}: not linked.")
    return [control for _, control in found if control]


def _tasks(line: Line, known: _Known, there: set[str]) -> Tasks:
    found: Tasks = []
    for task in line.said.get("tasks", ()):
        if task.title in there:
            continue
        owner = _person(line, task.owner, known, None)
        if owner is not None:
            found.append((task, owner))
    return found


def _person(line: Line, words: str, known: _Known, present: Person | None) -> Person | None:
    """The one person of the roster who is called so. Whoever has it may have left; nobody else who has gets anything."""
    found = known.people.get(email_key(words)) or known.people.get(words.casefold()) or []
    if present is not None and present in found:
        return present
    here = [one for one in found if not one.has_left(known.today)]
    if len(here) == 1:
        return here[0]
    why = f"{len(here)} people are called {words[:60]}" if here else f"Nobody who works here is called {words[:60]}"
    line.errors.append(f"{why}.")
    return None


def _say_state(line: Line, risk: Risk | None) -> None:
    """A file accepts nothing, and closes nothing that is open here; a new one that it calls closed comes closed."""
    status = line.said.get("status", Risk.Status.OPEN)
    present = risk.status if risk else (Risk.Status.CLOSED if status == Risk.Status.CLOSED else Risk.Status.OPEN)
    if risk is None and status == Risk.Status.CLOSED and not line.said.get("closed_reason"):
        line.errors.append(f"{COLUMNS['closed_reason']} is missing.")
    if "status" in line.said and status != present:
        told = Risk.Status(status).label.lower(), Risk.Status(present).label.lower()
        line.notices.append(f"The file says {told[0]}; here it is {told[1]}. Nobody accepts or closes a risk by a file.")


def _known(sheet: Sheet, today: dt.date) -> _Known:
    names = [line.name for line in sheet.lines if line.name]
    there = Risk.objects.filter(reference__in=names).select_related("owner", "scale")
    linked: dict[Any, list[str]] = defaultdict(list)
    for key, code in RiskControl.objects.order_by("control__code").values_list("risk", "control__code"):
        linked[key].append(code)
    tasks: dict[Any, set[str]] = defaultdict(set)
    for key, title in RiskTask.objects.values_list("risk", "title"):
        tasks[key].add(title)
    people: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.all():
        for word in {person.name.casefold(), person.email_key} - {""}:
            people[word].append(person)
    return _Known(
        today,
        {one.reference: one for one in there},
        {one.code.upper(): one for one in Control.objects.all()},
        linked,
        tasks,
        people,
        scale_in_force(),
        {one.number: one for one in RiskScale.objects.all()},
    )


def named(lines: Sequence[Line]) -> list[str]:
    """What they are called by."""
    return [line.name or f"row {line.number}" for line in lines]
