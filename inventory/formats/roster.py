"""The roster: who works here, as a table from the HR system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from evidence.tables.errors import FormatError, RowProblem
from evidence.tables.moments import STATES, Moments
from evidence.tables.reading import Table
from evidence.tables.rows import RowError, row_error
from evidence.tables.text import email_key
from inventory.formats.mapping import Mapping, check_columns, make_fields, suggest
from inventory.formats.rows import Facts, ReadResult, too_long

ROSTER_LIMITS: Final = {"email": 320, "manager_email": 320, "employee_number": 100}
_LIMIT: Final = 200
_STATES: Final = {
    "active": "active",
    "employed": "active",
    "current": "active",
    "working": "active",
    "aktiv": "active",
    "on leave": "on_leave",
    "on_leave": "on_leave",
    "leave": "on_leave",
    "leave of absence": "on_leave",
    "loa": "on_leave",
    "parental leave": "on_leave",
    "left": "left",
    "leaver": "left",
    "terminated": "left",
    "inactive": "left",
    "former": "left",
    "resigned": "left",
    "separated": "left",
    "departed": "left",
    "offboarded": "left",
    "ausgeschieden": "left",
}
_CONTRACTOR_WORDS: Final = ("contract", "external", "extern", "freelanc", "consult", "temp", "agency", "vendor", "third")
# They have a contract too: "Permanent contract".
_EMPLOYEE_WORDS: Final = ("permanent", "fixed term", "fixed-term", "unlimited", "indefinite")
ROSTER_FIELDS: Final = make_fields(
    (
        "name",
        "Name",
        False,
        "The whole name, or first and last name below.",
        "name, full name, display name, employee name, employee",
    ),
    ("first_name", "First name", False, "", "first name, given name, preferred name, vorname"),
    ("last_name", "Last name", False, "", "last name, surname, family name, nachname"),
    (
        "email",
        "E-mail address",
        False,
        "Matches accounts to the person.",
        "work email, business email, company email, email, e mail, email address, e mail address, primary email, mail, "
        "e mail adresse",
    ),
    (
        "employee_number",
        "Employee number",
        False,
        "Unchanging; tells a rehire from the person who left.",
        "employee number, employee id, employee no, staff number, staff id, personnel number, worker id, personalnummer, id",
    ),
    (
        "manager_email",
        "Manager's e-mail address",
        False,
        "Routes reviews to line managers.",
        "manager email, manager e mail, manager s email, supervisor email, line manager email, reports to email, "
        "reports to, manager",
    ),
    ("department", "Department", False, "", "department, dept, team, organization unit, business unit, division, abteilung"),
    ("title", "Title", False, "", "title, job title, position, job, role, stelle"),
    (
        "kind",
        "Kind of employment",
        False,
        "Contractors are known by words such as contractor, external, freelance.",
        "employment type, worker type, employee type, contract type, type, kind, employment kind",
    ),
    (
        "started_on",
        "First day",
        False,
        "",
        "start date, hire date, started on, started, date of joining, joined, hired, first day, eintritt",
    ),
    (
        "left_on",
        "Last working day",
        False,
        "Removals are due from this day.",
        "last working day, termination date, end date, leaving date, left on, last day, terminated on, separation date, austritt",
    ),
    (
        "contract_ends_on",
        "End of contract",
        False,
        "For contractors.",
        "contract end date, contract end, contract ends on, contract ends, contract expiry, contract until",
    ),
    (
        "status",
        "State",
        False,
        "Active, on leave or left.",
        "employment status, employment state, worker status, status, state, zustand",
    ),
)
_DATES: Final = ("started_on", "left_on", "contract_ends_on")


@dataclass(slots=True)
class RosterRow:
    """One person. Absent text is ""; kind is employee or contractor; status is active, on_leave or left."""

    row_number: int
    name: str
    email: str = ""
    employee_number: str = ""
    manager_email: str = ""
    department: str = ""
    title: str = ""
    kind: str = "employee"
    started_on: dt.date | None = None
    left_on: dt.date | None = None
    contract_ends_on: dt.date | None = None
    status: str = "active"


def suggest_roster_mapping(headers: Iterable[str]) -> Mapping:
    """Suggest a mapping of a roster by the names of its headers."""
    return Mapping(columns=suggest(ROSTER_FIELDS, headers))


def validate_roster(mapping: Mapping, headers: Iterable[str]) -> dict[str, list[str]]:
    """Give sentences by field for what is wrong. Empty when it can be read."""
    problems = check_columns(mapping, ROSTER_FIELDS, headers)
    if not any(mapping.columns.get(key) for key in ("name", "first_name", "last_name")):
        problems.setdefault("name", []).append("Choose the column of the name.")
    if not any(mapping.columns.get(key) for key in ("email", "employee_number")):
        problems.setdefault("email", []).append("Choose the column of the e-mail address or of the employee number.")
    return problems


def read_roster(table: Table, mapping: Mapping, *, zone: str = "UTC", today: dt.date) -> ReadResult[RosterRow]:
    """Read people by a mapping; whoever's last working day lies before `today` has left. Raises FormatError."""
    problems = validate_roster(mapping, table.headers)
    if problems:
        raise FormatError(" ".join(sentence for sentences in problems.values() for sentence in sentences))
    facts = Facts(notices=list(table.notices), identified_by="employee_number or email")
    places = {key: table.headers.index(header) for key, header in mapping.columns.items() if header}
    moments = Moments(zone, mapping.date_order)

    def make(number: int, cells: list[str]) -> RosterRow:
        values = {key: cells[places[key]].strip() if key in places else "" for key in ROSTER_FIELDS}
        return _person(number, values, moments, today, facts)

    return ReadResult(_rows(table, make, facts), facts, RosterRow, _identity)


def _identity(row: RosterRow) -> Hashable:
    return row.employee_number or email_key(row.email)


def _rows(table: Table, make: Callable[[int, list[str]], RosterRow], facts: Facts) -> Iterator[RosterRow | RowError]:
    for record in table.rows:
        facts.count("table")
        if isinstance(record, RowError):
            yield record
            continue
        try:
            row = make(*record)
        except RowProblem as problem:
            yield row_error(record[0], "", record[1], *problem.reasons)
        else:
            yield row


def _person(number: int, values: dict[str, str], moments: Moments, today: dt.date, facts: Facts) -> RosterRow:
    reasons = [too_long(k, ROSTER_LIMITS.get(k, _LIMIT)) for k, v in values.items() if len(v) > ROSTER_LIMITS.get(k, _LIMIT)]
    row = RosterRow(
        number,
        name=values["name"] or f"{values['first_name']} {values['last_name']}".strip(),
        email=values["email"],
        employee_number=values["employee_number"],
        manager_email=values["manager_email"],
        department=values["department"],
        title=values["title"],
        kind=_kind(values["kind"]),
    )
    for key in _DATES:
        try:
            setattr(row, key, _day(values[key], moments))
        except ValueError as problem:
            reasons.append(str(problem))
    reasons += _problems(row)
    try:
        row.status = _status(values["status"], row, today, facts)
    except ValueError as problem:
        reasons.append(str(problem))
    if reasons:
        raise RowProblem(*reasons)
    return row


def _day(text: str, moments: Moments) -> dt.date | None:
    return None if text.lower() in STATES else moments.day(text)


def _problems(row: RosterRow) -> list[str]:
    reasons = []
    if not row.name:
        reasons.append("The row has no name.")
    if len(row.name) > _LIMIT:
        reasons.append(too_long("name", _LIMIT))
    if len(email_key(row.email)) > ROSTER_LIMITS["email"]:  # some letters are longer in lower case
        reasons.append(too_long("email", ROSTER_LIMITS["email"]))
    if not row.email and not row.employee_number:
        reasons.append("The row has neither an e-mail address nor an employee number.")
    if row.email and ("@" not in row.email or " " in row.email):
        reasons.append(f"“{row.email[:100]}” is not an e-mail address.")
    if row.started_on and row.left_on and row.left_on < row.started_on:
        reasons.append("The last working day lies before the first.")
    return reasons


def _kind(text: str) -> str:
    word = text.lower()
    if any(part in word for part in _EMPLOYEE_WORDS):
        return "employee"
    return "contractor" if any(part in word for part in _CONTRACTOR_WORDS) else "employee"


def _status(text: str, row: RosterRow, today: dt.date, facts: Facts) -> str:
    """Give the state; a last working day in the past outweighs the word, since access must end with it."""
    word = " ".join(text.lower().split())
    stated = _STATES.get(word, "")
    if word and not stated:
        raise ValueError(f"“{text[:60]}” is not a known state; write active, on leave or left.")
    if row.left_on and row.left_on < today:
        if stated and stated != "left":
            facts.notice("Some people are called active although their last working day has passed; they count as having left.")
        return "left"
    if stated == "left" and row.left_on is None:
        facts.notice("Some people have left without a last working day; days late cannot be counted for them.")
    return stated or "active"
