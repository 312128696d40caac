"""What a roster file would change: joiners, movers, leavers, people who are back, people it does not list."""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from audit.record import canonical
from evidence.files import open_file
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import email_key
from inventory.formats.mapping import Mapping
from inventory.formats.roster import RosterRow, read_roster
from inventory.formats.rows import Duplicate
from inventory.models import Person, PersonAlias, RosterImport
from tenancy.models import current_organization
from ui.refusals import ActionRefused
from workflow.changes import shown

MOST_PEOPLE = 20_000
PLAIN_FIELDS = ("email", "employee_number", "department", "title", "kind", "started_on", "contract_ends_on")
DATED = ("left_on", "status")


@dataclass(slots=True)
class Joiner:
    """A row whose person is not on the roster yet."""

    row: RosterRow
    person: Person
    manager_key: str = ""


@dataclass(slots=True)
class Change:
    """A person whose row says something new. `fields` are the new values; `status` is the state to move to, or ""."""

    row: RosterRow
    person: Person
    fields: dict[str, Any] = field(default_factory=dict)
    status: str = ""

    @property
    def before(self) -> dict[str, Any]:
        """The present values, as people read them."""
        return {name: shown(getattr(self.person, name)) for name in self._names()}

    @property
    def after(self) -> dict[str, Any]:
        """The new ones."""
        after = {name: shown(value) for name, value in self.fields.items()}
        return {**after, "status": self.status} if self.status else after

    def _names(self) -> list[str]:
        return [*self.fields, *(["status"] if self.status else [])]


@dataclass(slots=True)
class Plan:
    """All that applying would do. `errors` are rows that are left out, with their reasons."""

    joiners: list[Joiner] = field(default_factory=list)
    movers: list[Change] = field(default_factory=list)
    leavers: list[Change] = field(default_factory=list)
    returners: list[Change] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows_read: int = 0

    @property
    def changes(self) -> list[Change]:
        """Everybody on the roster whose row says something new."""
        return [*self.movers, *self.leavers, *self.returners]

    @property
    def is_empty(self) -> bool:
        """Whether applying would do nothing by itself."""
        return not (self.joiners or self.changes)

    def counts(self) -> dict[str, int]:
        """The figures of the preview, by name."""
        return {
            "read": self.rows_read,
            "joiners": len(self.joiners),
            "movers": len(self.movers),
            "leavers": len(self.leavers),
            "returners": len(self.returners),
            "missing": len(self.missing),
            "unchanged": self.unchanged,
            "rejected": len(self.errors),
            "duplicates": len(self.duplicates),
        }

    def digest(self) -> str:
        """SHA-256 over what would change, so that nothing else is applied than was previewed."""
        joiners = [[j.row.row_number, j.row.name, j.person.email, j.manager_key, j.person.status] for j in self.joiners]
        changes = [[str(c.person.pk), c.before, c.after] for c in self.changes]
        missing = sorted(str(person.pk) for person in self.missing)
        return hashlib.sha256(canonical([joiners, changes, missing]).encode()).hexdigest()


def read_plan(roster: RosterImport) -> Plan:
    """Read the file once more and compare it with the roster as it is now. Raises ActionRefused when it cannot be read."""
    organization = current_organization()
    mapping = Mapping.from_dict(roster.mapping)
    today = organization.today()
    try:
        with open_file(roster.file) as source, open_table(source, name=roster.name) as table:
            result = read_roster(table, mapping, zone=organization.zone, today=today)
            planner = Planner(mapping, full=roster.full_roster)
            for row in result:
                planner.take(row)
            plan = planner.finish()
    except FormatError as error:
        raise ActionRefused(str(error)) from error
    plan.duplicates, plan.notices, plan.rows_read = result.duplicate_rows, [*result.notices, *plan.notices], result.read
    return plan


class Planner:
    """Takes the rows of a file one by one and sorts them against the roster."""

    def __init__(self, mapping: Mapping, *, full: bool) -> None:
        """Load the roster once."""
        self.columns = {key for key, header in mapping.columns.items() if header}
        self.full = full
        self.plan = Plan()
        self.people = {person.pk: person for person in Person.objects.select_related("manager")}
        self.by_email = {person.email_key: person for person in self.people.values() if person.email_key}
        self.by_number = {person.employee_number: person for person in self.people.values() if person.employee_number}
        for key, owner in PersonAlias.objects.values_list("key", "person_id"):
            self.by_email.setdefault(key, self.people[owner])
        self.seen: dict[Any, int] = {}
        self.rows: list[tuple[RosterRow, Person]] = []
        self.new: dict[Any, Joiner] = {}
        self.new_by_email: dict[str, Person] = {}

    def take(self, row: RosterRow | RowError) -> None:
        """Find the row's person, or make one; a row that contradicts the roster or an earlier row is an error."""
        if isinstance(row, RowError):
            self.plan.errors.append(row)
            return
        if len(self.rows) >= MOST_PEOPLE:
            raise ActionRefused(f"The file has more than {MOST_PEOPLE:,} people.")
        person, problem = self._person_of(row)
        if problem or person is None:
            self._reject(row, problem)
            return
        self.seen[person.pk] = row.row_number
        for key in self._keys(row):
            self.seen[key] = row.row_number
        self.rows.append((row, person))
        if person.pk in self.new and person.email_key:
            self.new_by_email[person.email_key] = person

    def finish(self) -> Plan:
        """Compare every row once all are known: a manager may stand below those who report to them."""
        for row, person in self.rows:
            manager = self._manager(row)
            if person.pk in self.new:
                self._join(self.new[person.pk], manager)
            else:
                self._compare(row, person, manager)
        self._break_circles()
        if self.full:
            present = {person.pk for _, person in self.rows}
            self.plan.missing = [
                p for p in self.people.values() if p.status != Person.Status.LEFT and p.pk not in present and p.pk not in self.new
            ]
        return self.plan

    def _person_of(self, row: RosterRow) -> tuple[Person | None, str]:
        numbered = self.by_number.get(row.employee_number) if row.employee_number else None
        addressed = self.by_email.get(email_key(row.email)) if row.email else None
        if numbered and addressed and numbered.pk != addressed.pk:
            return None, f"The number is {numbered.name}'s, but the e-mail address is {addressed.name}'s."
        if addressed and not numbered and row.employee_number and addressed.employee_number:
            return None, f"{addressed.name} has this e-mail address, but another employee number ({addressed.employee_number})."
        person = numbered or addressed or self._new(row)
        earlier = next((self.seen[key] for key in (person.pk, *self._keys(row)) if key in self.seen), None)
        if earlier is not None:
            return None, f"Row {earlier} is the same person, or has the same e-mail address or number."
        return person, ""

    def _new(self, row: RosterRow) -> Person:
        person = Person(name=row.name, **{name: getattr(row, name) for name in (*PLAIN_FIELDS, "left_on", "status")})
        person.email_key = email_key(row.email)
        self.new[person.pk] = Joiner(row, person)
        return person

    @staticmethod
    def _keys(row: RosterRow) -> Iterable[tuple[str, str]]:
        if row.email:
            yield "email", email_key(row.email)
        if row.employee_number:
            yield "number", row.employee_number

    def _reject(self, row: RosterRow, reason: str) -> None:
        cells = (row.name, row.email, row.employee_number, row.department, row.title)
        self.plan.errors.append(RowError(row.row_number, "", " | ".join(cells), [reason]))

    def _manager(self, row: RosterRow) -> Person | None:
        """The manager on the roster or in this file; an unknown one is said in a notice and leaves things as they are."""
        key = email_key(row.manager_email)
        if not key:
            return None
        found = self.by_email.get(key) or self.new_by_email.get(key)
        if found is None:
            self.plan.notices.append(f"Row {row.row_number}: nobody has the manager's address “{row.manager_email[:100]}”.")
        return found

    def _join(self, joiner: Joiner, manager: Person | None) -> None:
        joiner.person.manager = manager
        joiner.manager_key = manager.email_key if manager else ""
        self.plan.joiners.append(joiner)

    def _compare(self, row: RosterRow, person: Person, manager: Person | None) -> None:
        given = {name: getattr(row, name) for name in PLAIN_FIELDS if name in self.columns}
        if email_key(given.get("email", "")) != person.email_key and email_key(given.get("email", "")) in self.by_email:
            given.pop("email")  # an alias: the person is known by it already
        if "left_on" in self.columns:
            given["left_on"] = row.left_on
        if manager is not None or (self.columns >= {"manager_email"} and not row.manager_email):
            given["manager"] = manager
        given["name"] = row.name
        change = Change(row, person, {name: value for name, value in given.items() if getattr(person, name) != value})
        change.status = row.status if row.status != person.status and self._says_state(person) else ""
        self._sort(change)

    def _says_state(self, person: Person) -> bool:
        """Whether the file tells anything of states: a list of those who work here says at least that somebody is back."""
        return bool(self.columns & set(DATED)) or person.status == Person.Status.LEFT

    def _sort(self, change: Change) -> None:
        if change.status == Person.Status.LEFT:
            self.plan.leavers.append(change)
        elif change.status and change.person.status == Person.Status.LEFT:
            self.plan.returners.append(change)
        elif change.fields or change.status:
            self.plan.movers.append(change)
        else:
            self.plan.unchanged += 1

    def _break_circles(self) -> None:
        """Leave out every new manager that would make the line a circle, and say so."""
        above = {person.pk: person.manager_id for person in self.people.values()}
        above |= {j.person.pk: j.person.manager_id for j in self.plan.joiners}
        above |= {c.person.pk: c.fields["manager"].pk for c in self.plan.changes if c.fields.get("manager")}
        for joiner in self.plan.joiners:
            if _circles(joiner.person.pk, above):
                above[joiner.person.pk], joiner.person.manager, joiner.manager_key = None, None, ""
                self._say_circle(joiner.row)
        for change in self.plan.changes:
            if change.fields.get("manager") and _circles(change.person.pk, above):
                above[change.person.pk] = change.person.manager_id
                del change.fields["manager"]
                self._say_circle(change.row)

    def _say_circle(self, row: RosterRow) -> None:
        self.plan.notices.append(f"Row {row.row_number}: {row.name}'s manager was left out: the line would be a circle.")


def _circles(start: Any, above: MappingType[Any, Any]) -> bool:
    """Whether following the managers from `start` comes back to it."""
    step, visited = above.get(start), set()
    while step is not None and step not in visited:
        if step == start:
            return True
        visited.add(step)
        step = above.get(step)
    return False
