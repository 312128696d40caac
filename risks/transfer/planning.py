"""What a register from a file would do: compared with what is here, nothing written."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.record import canonical
from controls.models import Control
from controls.sheets.plans import SheetPlan
from evidence.tables.text import email_key
from inventory.models import Person
from risks.models import STEPS, Risk, RiskControl, RiskRating, RiskScale, RiskTask
from risks.register.actions import ACCEPTED, check_steps, outgrows
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
    stands: Sequence[str] = ()  # how that one stands now

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
        told = {
            "new": [one.line.number for one in self.new],
            "changed": [[one.line.number, *one.words, str(one.risk), *one.stands] for one in self.changes],
            "wrong": [one.number for one in self.wrong],
            "noticed": [[one.number, *one.notices] for one in self.noticed],
        }
        return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(slots=True)
class _Known:
    today: dt.date
    risks: dict[str, Risk]
    controls: dict[str, Control]
    linked: dict[Any, list[str]]
    tasks: dict[Any, list[RiskTask]]
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
    comes_closed = risk is None and said.get("status") == Risk.Status.CLOSED
    owner = _person(line, said["owner"], known, risk.owner if risk else None, is_over=comes_closed)
    if owner is None:
        return None
    facts = {name: said[name] for name in FACTS if name in said and name != "owner"} | {"owner": owner}
    treated = {name: said[name] for name in TREATED if name in said}
    controls = _controls(line, known)
    rating = _rating(line, known, risk)
    tasks = _tasks(line, known, known.tasks[risk.pk] if risk else [])
    _say_state(line, risk)
    if treated.get("treatment") and not (treated.get("plan") or (risk and risk.plan)):
        line.errors.append(f"{COLUMNS['plan']} is missing: a treatment says how.")
    if risk is None:
        return Draft(line, facts, treated, rating, controls or [], tasks)
    facts = {name: value for name, value in facts.items() if getattr(risk, name) != value}
    treated = {name: value for name, value in treated.items() if getattr(risk, name) != value}
    treated = {"treatment": risk.treatment, "plan": risk.plan, **treated} if treated else {}
    changed = controls if controls is not None and sorted(one.code for one in controls) != known.linked[risk.pk] else None
    draft = Draft(line, facts, treated, rating, changed, tasks, risk, _stands(risk, known))
    _say_acceptance(draft, risk)
    if draft.words and risk.is_over:
        line.errors.append(f"It is closed here, and the file says otherwise: {', '.join(draft.words)}.")
    return draft


def _stands(risk: Risk, known: _Known) -> list[str]:
    """All of a risk that a file may change, as it is now."""
    names = ("owner_id", *FACTS, *TREATED, *STEPS, "scale_id", "reasoning", "status")
    facts = [str(getattr(risk, name)) for name in names]
    return [*facts, *known.linked[risk.pk], *(f"{one.title}/{one.status}" for one in known.tasks[risk.pk])]


def _say_acceptance(draft: Draft, risk: Risk) -> None:
    """What becomes of the acceptance of one that is accepted here."""
    if risk.status != Risk.Status.ACCEPTED:
        return
    if draft.treated:
        draft.line.errors.append("It is accepted here: end the acceptance before its treatment changes.")
    other = draft.controls is not None or not ACCEPTED.isdisjoint(draft.facts)
    if other or (draft.rating and outgrows(risk, draft.rating)):
        draft.line.notices.append("It is accepted here: its acceptance ends with this.")


def _rating(line: Line, known: _Known, risk: Risk | None) -> RiskRating | None:
    """What the row says of how likely and how bad, where it says it and it is not so already.

    Of a risk that is there, what the row does not say is as it is there; of a new one the residual is the inherent.
    """
    said, is_there = line.said, risk is not None and risk.is_rated
    if not any(name in said for name in STEPS) and not (is_there and "reasoning" in said):
        return None
    scale = known.scales.get(said.get("scale", known.scale.number), known.scale)
    if "scale" in said and said["scale"] not in known.scales and said["scale"] != known.scale.number:
        line.notices.append(f"Version {said['scale']} of the scale is not known here: rated on version {scale.number}.")
    rating = RiskRating(
        scale=scale,
        reasoning=said.get("reasoning", ""),
        rated_on=said.get("rated_on") or known.today,
        **_steps(said, risk, scale),
    )
    if risk is not None and not _differs(risk, rating, said):
        return None
    _check_rating(line, rating, known, risk)
    return rating


def _steps(said: Mapping[str, Any], risk: Risk | None, scale: RiskScale) -> dict[str, int]:
    """The steps of a row, with those that it does not say from the risk, where these mean the same."""
    same = risk is not None and risk.scale is not None and risk.scale.generation == scale.generation
    steps: dict[str, int] = {name: said.get(name) or (getattr(risk, name) if same else 0) for name in STEPS}
    is_new = risk is None or not risk.is_rated
    if is_new and not steps["residual_likelihood"] and not steps["residual_impact"]:
        steps |= {"residual_likelihood": steps["inherent_likelihood"], "residual_impact": steps["inherent_impact"]}
    return steps


def _differs(risk: Risk, rating: RiskRating, said: Mapping[str, Any]) -> bool:
    steps = any(getattr(risk, name) != getattr(rating, name) for name in STEPS)
    measure = "scale" in said and risk.scale is not None and risk.scale.generation != rating.scale.generation
    return steps or measure or ("reasoning" in said and risk.reasoning != rating.reasoning)


def _check_rating(line: Line, rating: RiskRating, known: _Known, risk: Risk | None) -> None:
    """Say in the row what is wrong with a rating that is to be written. One that is there is rated on the scale in force."""
    if risk is not None and rating.scale.generation != known.scale.generation:
        line.errors.append(
            f"{COLUMNS['scale']}: the steps of version {rating.scale.number} mean something else than those of version "
            f"{known.scale.number}, which is in force. Rate it here."
        )
        return
    scale = rating.scale
    if rating.rated_on > known.today:
        line.errors.append(f"{COLUMNS['rated_on']}: this is a day to come.")
    if not rating.reasoning:
        line.errors.append(f"{COLUMNS['reasoning']} is missing: a rating is explained.")
    try:
        check_steps(rating, scale)
    except ActionRefused as refusal:
        line.errors.append(f"{COLUMNS[refusal.field or 'residual_likelihood']}: {refusal.sentence}")


def _controls(line: Line, known: _Known) -> list[Control] | None:
    """Those of ours; None where the file does not speak of controls."""
    if "controls" not in line.said:
        return None
    found = [(code, known.controls.get(code.upper())) for code in dict.fromkeys(line.said["controls"])]
    if unknown := [code[:40] for code, control in found if control is None]:
        line.notices.append(f"There is no control {', '.join(unknown)}: not linked.")
    return [control for _, control in found if control]


def _tasks(line: Line, known: _Known, there: Sequence[RiskTask]) -> Tasks:
    """Those that are to be added; one of the same name that stands otherwise here is said, and left as it is."""
    found: Tasks = []
    for task in line.said.get("tasks", ()):
        if namesakes := [one for one in there if one.title == task.title]:
            if not any(_is_so(one, task, known) for one in namesakes):
                line.notices.append(f"The task “{task.title[:60]}” stands otherwise here, and is left as it is.")
            continue
        owner = _person(line, task.owner, known, None, is_over=task.status != RiskTask.Status.OPEN)
        if owner is not None:
            found.append((task, owner))
    return found


def _is_so(there: RiskTask, said: TaskSaid, known: _Known) -> bool:
    facts = there.owner in _called(said.owner, known) and (there.due_on, there.status) == (said.due_on, said.status)
    return facts and there.outcome.split() == said.outcome.split()


def _called(words: str, known: _Known) -> list[Person]:
    return known.people.get(email_key(words)) or known.people.get(words.casefold()) or []


def _person(line: Line, words: str, known: _Known, present: Person | None, *, is_over: bool) -> Person | None:
    """The one person of the roster who is called so. Whoever has it, or had what is over, may have left; nobody else."""
    found = _called(words, known)
    if present is not None and present in found:
        return present
    here = [one for one in found if not one.has_left(known.today)] or (found if is_over else [])
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
    tasks: dict[Any, list[RiskTask]] = defaultdict(list)
    for task in RiskTask.objects.filter(risk__reference__in=names).select_related("owner").order_by("due_on", "pk"):
        tasks[task.risk_id].append(task)
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
