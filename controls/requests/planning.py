"""What an auditor's list would do: compared with what there is in the audit period, nothing written."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from audit.record import canonical
from controls.models import AuditPeriod, AuditRequest, Control
from controls.requests.reading import COLUMNS, Line, Sheet
from controls.sheets.plans import SheetPlan
from evidence.tables.text import email_key
from inventory.models import Person

FACTS = ("title", "description", "category", "criteria", "also", "requested_by", "requested_on", "due_on")


@dataclass(slots=True)
class Draft:
    """A row as it would be written: its facts, controls and whoever has it."""

    line: Line
    facts: dict[str, Any]
    controls: list[Control] | None
    request: AuditRequest | None = None  # the one that is there

    @property
    def words(self) -> list[str]:
        """What changes, by name."""
        return [COLUMNS[name] for name in self.facts] + ([COLUMNS["controls"]] if self.controls is not None else [])


@dataclass
class Plan(SheetPlan):
    """New requests, changes, rows that say what there is, and rows that cannot be taken."""

    sheet: Sheet
    period: AuditPeriod | None
    new: list[Draft] = field(default_factory=list)
    changes: list[Draft] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)

    def stamp(self) -> str:
        """A mark of what would be done, for noticing that the list has changed since it was shown."""
        changed = [
            [one.line.number, *one.words, *(str(getattr(one.request, name)) for name in (*FACTS, "assignee_id", "status"))]
            for one in self.changes
        ]
        told = {"new": [one.line.number for one in self.new], "changed": changed, "wrong": [one.number for one in self.wrong]}
        return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(slots=True)
class _Known:
    """What there is in the period, and what the file's names mean."""

    today: dt.date
    requests: dict[str, AuditRequest]
    controls: dict[str, Control]
    people: dict[str, list[Person]]


def plan_of(sheet: Sheet, period: AuditPeriod | None, today: dt.date) -> Plan:
    """Compare every row with what there is, in four queries."""
    known, plan = _known(sheet, period, today), Plan(sheet, period)
    for line in sheet.lines:
        if line.errors:
            plan.wrong.append(line)
        else:
            _place(line, plan, known)
    return plan


def _place(line: Line, plan: Plan, known: _Known) -> None:
    said = dict(line.said)
    controls = _controls(line, said, known)
    facts = {name: said[name] for name in FACTS if name in said} | _assignee(line, said, known)
    facts |= {"also": line.said["also"]} if "also" in line.said else {}
    request = known.requests.get(line.reference)
    _say_state(line, said, request)
    if request is None:
        facts["requested_on"] = facts.get("requested_on") or known.today
        plan.new.append(Draft(line, facts, controls or []))
        return
    # A cell that is empty says nothing: it takes nothing from what is here.
    facts = {name: value for name, value in facts.items() if value not in ("", None, []) and getattr(request, name) != value}
    there = sorted(row.control.code for row in request.controls.all())
    changed = controls if controls and sorted(one.code for one in controls) != there else None
    draft = Draft(line, facts, changed, request)
    if not draft.words:
        plan.same.append(line)
    elif not request.is_pending:
        line.errors.append(
            f"It is {request.get_status_display().lower()}, and the list says otherwise: {', '.join(draft.words)}."
        )
        plan.wrong.append(line)
    else:
        plan.changes.append(draft)


def _controls(line: Line, said: Mapping[str, Any], known: _Known) -> list[Control] | None:
    """Those of ours; the others' words are kept. None where the list does not speak of controls."""
    if "controls" not in said:
        return None
    found = []
    for code in dict.fromkeys(said["controls"]):
        control = known.controls.get(code.upper())
        if control is None:
            line.notices.append(f"There is no control {code[:40]}: kept as it is.")
            line.keep(COLUMNS["controls"], code)
        else:
            found.append(control)
    return found


def _assignee(line: Line, said: Mapping[str, Any], known: _Known) -> dict[str, Any]:
    """Whoever the list names, if it is one person of the roster who works here; else the words are kept."""
    words = said.get("assignee", "")
    if not words:
        return {}  # a list that names nobody takes nothing from whoever has it
    found = known.people.get(email_key(words)) or known.people.get(words.casefold()) or []
    here = [one for one in found if not one.has_left(known.today)]
    if len(here) == 1:
        return {"assignee": here[0]}
    why = f"{len(here)} people are called {words[:60]}" if here else f"Nobody who works here is called {words[:60]}"
    line.notices.append(f"{why}: it is with nobody yet.")
    line.keep(COLUMNS["assignee"], words)
    return {}


def _say_state(line: Line, said: Mapping[str, Any], request: AuditRequest | None) -> None:
    """A list does not move what is done here; what it says otherwise is said."""
    words = said.get("status", "")
    present = str(request.get_status_display()) if request else str(AuditRequest.Status.REQUESTED.label)
    if words and words.casefold() != present.casefold():
        line.notices.append(f"The list says “{words[:40]}”; here it is {present.lower()}. A file changes no state.")


def _known(sheet: Sheet, period: AuditPeriod | None, today: dt.date) -> _Known:
    there = AuditRequest.objects.filter(period=period, reference__in=[line.reference for line in sheet.lines])
    requests = {one.reference: one for one in there.select_related("assignee").prefetch_related("controls__control")}
    codes = {code.upper() for line in sheet.lines for code in line.said.get("controls", ())}
    controls = {one.code.upper(): one for one in Control.objects.all()} if codes else {}
    return _Known(today, requests, controls, _people(sheet))


def _people(sheet: Sheet) -> dict[str, list[Person]]:
    """By e-mail, and by name."""
    words = {line.said["assignee"] for line in sheet.lines if line.said.get("assignee")}
    if not words:
        return {}
    named = Q(email_key__in={email_key(one) for one in words})
    for one in words:
        named |= Q(name__iexact=one)
    found: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(named):
        keys = {person.name.casefold(), person.email_key} - {""}
        for key in keys:
            found[key].append(person)
    return found
