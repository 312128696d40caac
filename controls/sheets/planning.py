"""What a file would do: compared with what there is, nothing written."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO

from audit.record import canonical
from controls.sheets.plans import SheetPlan
from controls.sheets.reading import Sheet, read_sheet
from controls.sheets.register import Draft, Line, Register
from evidence.tables.text import email_key
from inventory.models import Person


@dataclass
class Plan(SheetPlan):
    """New rows, changes, rows that say what there is, and rows that cannot be taken."""

    sheet: Sheet
    new: list[Draft] = field(default_factory=list)
    changes: list[Draft] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)

    def stamp(self) -> str:
        """A mark of what would be done, for noticing that the register has changed since it was shown."""
        told = {
            "new": [[one.line.number, str(one.person.pk) if one.person else one.line.name] for one in self.new],
            "changed": [[one.line.number, str(one.record.pk), *one.words] for one in self.changes],
            "wrong": [one.number for one in self.wrong],
        }
        return hashlib.sha256(canonical(told).encode()).hexdigest()


class Roster:
    """People as files name them."""

    def __init__(self) -> None:
        """Read all of them once."""
        self.by_email: dict[str, Person] = {}
        self.by_number: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.all():
            self.by_name[person.name.casefold()].append(person)
            if person.email_key:
                self.by_email[person.email_key] = person
            if person.employee_number:
                self.by_number[person.employee_number] = person

    def whose(self, line: Line) -> Person | None:
        """Whoever a row names: by e-mail, else by number, else by a name that only one has; None with an error added."""
        email, number, name = (line.said.get(key) or "" for key in ("email", "employee_number", "person"))
        try:
            return self.find(email, number, name)
        except LookupError as error:
            line.errors.append(str(error.args[0]))
            return None

    def said(self, line: Line, name: str, heading: str) -> Person | None:
        """Whoever the columns of `cells.whom` name; None where they name nobody, or with an error added."""
        given = [line.said.get(one, "") for one in (f"{name}_email", f"{name}_number", name)]
        try:
            return self.find(*given) if any(given) else None
        except LookupError as error:
            line.errors.append(f"{heading}: {error.args[0]}")
            return None

    def find(self, email: str, number: str, name: str) -> Person:
        """Whoever has this e-mail, else this number, else alone this name. Raises LookupError with a sentence."""
        if email:
            found = self.by_email.get(email_key(email))
        elif number:
            found = self.by_number.get(number)
        else:
            called = self.by_name.get(name.casefold(), [])
            if len(called) > 1:
                raise LookupError(f"{len(called)} people are called {name[:60]}: give the e-mail or the employee number.")
            found = called[0] if called else None
        if found is None:
            given = email or number or name
            raise LookupError(f"Nobody on the roster is {given[:60]}." if given else "It names nobody.")
        return found


def plan_of(register: Register, file: IO[bytes]) -> Plan:
    """Compare every row with what there is. Raises ActionRefused when it is no such register."""
    plan = Plan(read_sheet(register, file))
    roster, known = Roster(), register.known()
    for line in plan.sheet.lines:
        person = None if line.errors or not register.about_people else roster.whose(line)
        draft = register.draft(line, person, known) if person or not (line.errors or register.about_people) else None
        if draft is None or line.errors:
            plan.wrong.append(line)
        elif draft.record is None:
            plan.new.append(draft)
        elif draft.words:
            plan.changes.append(draft)
        else:
            plan.same.append(line)
    register.settle(plan, known)
    return plan
