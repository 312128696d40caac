"""What a file of vendors would do: compared with what there is, nothing written."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from audit.record import canonical
from controls.sheets.plans import SheetPlan
from evidence.tables.text import email_key
from inventory.models import Person, System
from vendors.importing.columns import COLUMNS
from vendors.importing.reading import Line, Sheet
from vendors.models import AT_WORK, Vendor

FACTS = (
    "name", "website", "service", "why", "contacts", "data_shared", "criticality", "access", "data_classes", "locations",
    "subprocessors", "is_ai", "ai_sent", "ai_retention", "ai_training", "notes",
)  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A row as it would be written: its facts, its systems where it speaks of them, and the vendor that is there."""

    line: Line
    facts: dict[str, Any]
    systems: list[System] | None
    vendor: Vendor | None = None

    @property
    def words(self) -> list[str]:
        """What changes, by name."""
        return [COLUMNS[name] for name in self.facts] + ([COLUMNS["systems"]] if self.systems is not None else [])


@dataclass
class Plan(SheetPlan):
    """New vendors, changes, rows that say what there is, and rows that cannot be taken."""

    sheet: Sheet
    new: list[Draft] = field(default_factory=list)
    changes: list[Draft] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)

    def stamp(self) -> str:
        """A mark of what would be done, for noticing that the register has changed since it was shown."""
        changed = [
            [one.line.number, *one.words, *(str(getattr(one.vendor, name)) for name in (*FACTS, "owner_id"))]
            for one in self.changes
        ]
        told = {"new": [one.line.number for one in self.new], "changed": changed, "wrong": [one.number for one in self.wrong]}
        return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(slots=True)
class _Known:
    by_number: dict[str, Vendor]
    by_name: dict[str, Vendor]
    systems: dict[str, System]
    people: dict[str, list[Person]]
    rows: dict[UUID, int] = field(default_factory=dict)  # which vendor stands in which row


def plan_of(sheet: Sheet) -> Plan:
    """Compare every row with what there is, in four queries."""
    known, plan = _known(), Plan(sheet)
    for line in sheet.lines:
        vendor = _meant(line, known)
        if line.errors:
            plan.wrong.append(line)
        else:
            _place(line, vendor, plan, known)
    return plan


def _meant(line: Line, known: _Known) -> Vendor | None:
    """The vendor that a row is about: of its number and name. Notes an error where they do not name one and the same."""
    number, name = line.said.get("reference", ""), line.name
    numbered, named = known.by_number.get(number), known.by_name.get(name.casefold())
    if numbered and named and numbered != named:
        line.errors.append(f"The number is that of {numbered.name}, and {name} has {named.reference}.")
    elif numbered and name and not named and (numbered.decided_at or numbered.status in AT_WORK):
        line.errors.append(f"{number} is {numbered.name}, which is decided on or used: a file does not rename it to {name}.")
    found = numbered or named
    if found and not line.errors and (row := known.rows.setdefault(found.pk, line.number)) != line.number:
        line.errors.append(f"{found} stands in row {row} already.")
    return found


def _place(line: Line, vendor: Vendor | None, plan: Plan, known: _Known) -> None:
    said = line.said
    facts = {name: said[name] for name in FACTS if name in said and said[name] is not None}
    facts |= _owner(line, known)
    systems = _systems(line, known)
    if vendor is None:
        facts |= {"status": said.get("status"), "used_since": said.get("used_since")}
        _say_wish(line)
        plan.new.append(Draft(line, facts, systems or []))
        return
    _say_state(line, vendor)
    facts = {name: value for name, value in facts.items() if getattr(vendor, name) != value}
    had = sorted(row.system.name for row in vendor.systems.all())
    draft = Draft(line, facts, systems if systems is not None and sorted(one.name for one in systems) != had else None, vendor)
    if not draft.words:
        plan.same.append(line)
    elif vendor.status == Vendor.Status.LEFT:
        line.errors.append(f"It has left, and the file says otherwise: {', '.join(draft.words)}.")
        plan.wrong.append(line)
    else:
        plan.changes.append(draft)


def _owner(line: Line, known: _Known) -> dict[str, Any]:
    """Whoever the file names, if it is one person of the roster; an empty cell takes nothing from whom it is with."""
    words = line.said.get("owner", "")
    if not words:
        return {}
    found = known.people.get(email_key(words)) or known.people.get(words.casefold()) or []
    if len(found) == 1:
        return {"owner": found[0]}
    why = f"{len(found)} people are called {words[:60]}" if found else f"Nobody is called {words[:60]}"
    line.notices.append(f"{why}: its owner stays as it is.")
    return {}


def _systems(line: Line, known: _Known) -> list[System] | None:
    if "systems" not in line.said:
        return None
    found = []
    for name in line.said["systems"]:
        if system := known.systems.get(name.casefold()):
            found.append(system)
        else:
            line.notices.append(f"There is no system {name[:60]}: left out.")
    return found


def _say_state(line: Line, vendor: Vendor) -> None:
    """A file moves nothing that is here; what it says otherwise is said."""
    status = line.said.get("status")
    if status and status != vendor.status:
        line.notices.append(f"The file says {Vendor.Status(status).label.lower()}; a file changes no state.")


def _say_wish(line: Line) -> None:
    """A new one is in use or asked for: nothing is decided by a file."""
    status = line.said.get("status")
    if status and status not in {Vendor.Status.REQUESTED, *AT_WORK}:
        line.notices.append(f"The file says {Vendor.Status(status).label.lower()}; that is decided here: it is asked for.")


def _known() -> _Known:
    rows = list(Vendor.objects.select_related("owner").prefetch_related("systems__system"))
    people: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.all():
        for key in {person.name.casefold(), person.email_key} - {""}:
            people[key].append(person)
    systems = {one.name.casefold(): one for one in System.objects.all()}
    return _Known(_by(rows, "reference"), {one.name.casefold(): one for one in rows}, systems, people)


def _by(rows: Iterable[Vendor], name: str) -> dict[str, Vendor]:
    return {getattr(one, name): one for one in rows}
