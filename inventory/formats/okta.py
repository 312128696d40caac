"""Okta: people and application assignments.

Headers vary with the report (Okta Password Health, User Accounts, Current Assignments, exports of profile attributes); the
known names of each column are accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from evidence.tables.errors import RowProblem
from evidence.tables.moments import Moments
from evidence.tables.rows import RowError
from evidence.tables.text import email_key, yes_or_no
from inventory.formats.declarations import Format, Part, Parts, Probe, require
from inventory.formats.documents import open_records
from inventory.formats.reading import NO_ROLE, first_text, read_records
from inventory.formats.rows import EntitlementRow, Facts, ReadResult, checked, entitlement_key

PEOPLE: Final = "people"
ASSIGNMENTS: Final = "assignments"
_ID: Final = ("okta user id", "user id", "okta id", "assignee okta id", "id")
_LOGIN: Final = ("login", "okta username", "assignee okta username", "okta login", "username", "user name", "user login")
_EMAIL: Final = ("email", "primary email", "e mail", "email address")
_NAME: Final = ("display name", "user full name", "full name", "name", "user")
_STATUS: Final = ("status", "okta user status", "user status", "okta status", "account status")
_USED: Final = ("last login", "last okta login", "last sign in", "last login date")
_CREATED: Final = ("created", "created date", "created at", "creation date", "activated", "activation date")
_ADMIN: Final = ("admin roles", "admin role", "administrator roles", "administrator role", "assigned roles", "roles", "is admin")
_APP: Final = ("application instance", "app instance", "app instance name", "app label", "application label", "application name")
_MORE_APP: Final = (*_APP, "app name", "application", "app")
_APP_LOGIN: Final = ("application login", "application username", "assignee app username", "app username", "app user name")
_APP_ROLE: Final = ("app role", "application role", "entitlement", "role", "profile")
_ASSIGNED: Final = ("assigned on", "assigned date", "assigned at", "assignment date", "assigned")
_ASSIGNED_BY: Final = ("assigned by", "granted by")
_UNASSIGNED: Final = ("unassigned on", "unassigned date", "unassigned at")
_APP_USED: Final = ("last login", "last app login", "last access", "last accessed", "last sign in")
_PEOPLE_MARKS: Final = frozenset(
    {
        *("okta user id", "okta id", "okta username", "okta user status", "okta status", "activation date", "activated"),
        *("authentication source", "password changed", "last password change", "status changed", "status change date"),
        *("transitioning to status", "second email"),
    }
)
_SEPARATORS: Final = re.compile(r"[;|,]")


@dataclass(slots=True)
class _Directory:
    """People read so far, for the assignments to refer to; None where several go by one login."""

    rows: dict[str, EntitlementRow | None] = field(default_factory=dict)
    ended: int = 0

    def add(self, key: str, person: EntitlementRow) -> None:
        """Let assignments refer to a person by this key, unless they could as well mean somebody else."""
        known = self.rows.setdefault(key, person)
        if known is not None and known.account_id != person.account_id:
            self.rows[key] = None

    def find(self, own_id: str, login: str) -> EntitlementRow:
        """The person that an assignment names, by id before login. Raises RowProblem when it names none, or several."""
        key = own_id if own_id in self.rows else email_key(login)
        if key not in self.rows:
            raise RowProblem(f"“{(login or own_id)[:200]}” is not in the people file. Export both again at the same time.")
        person = self.rows[key]
        if person is None:
            raise RowProblem(f"Several people have the login “{login[:200]}”. Export the assignments with Okta's user id.")
        return person


def claim(probe: Probe) -> str:
    """Say which part a file is."""
    keys = probe.keys
    has_person = bool(keys.intersection(_LOGIN) or keys.intersection(_ID))
    assigned = keys.intersection(_APP_LOGIN + _ASSIGNED + _UNASSIGNED + ("assignment status", "assignment type", "app instance"))
    if has_person and keys.intersection(_MORE_APP) and assigned:
        return ASSIGNMENTS
    if keys.intersection(_LOGIN) and keys.intersection(_STATUS) and keys.intersection(_PEOPLE_MARKS):
        return PEOPLE
    return ""


def read(parts: Parts, zone: str) -> ReadResult[EntitlementRow]:
    """Read people, then their assignments; an assignment of somebody who is not among them is an error. Raises FormatError."""
    facts = Facts()
    return ReadResult(_rows(parts, Moments(zone), facts), facts, EntitlementRow, entitlement_key)


def _rows(parts: Parts, moments: Moments, facts: Facts) -> Iterator[EntitlementRow | RowError]:
    directory = _Directory()
    with open_records(parts[PEOPLE], PEOPLE) as records:
        require(records.columns, "People", login=_LOGIN, status=_STATUS)
        facts.identified_by = "Okta user id" if records.columns.intersection(_ID) else "login"
        if not records.columns.intersection(_ADMIN):
            facts.notice("The people file has no administrator roles: it cannot tell who administers Okta.")
        yield from read_records(records, PEOPLE, facts, lambda n, v: _person(n, v, moments, records.columns, directory))
    if ASSIGNMENTS not in parts:
        facts.notice("Without the application assignments, only the Okta accounts themselves are reviewed.")
        return
    with open_records(parts[ASSIGNMENTS], ASSIGNMENTS) as records:
        require(records.columns, "Application assignments", user=_LOGIN + _ID, application=_MORE_APP)
        yield from read_records(records, ASSIGNMENTS, facts, lambda n, v: _assignment(n, v, moments, records.columns, directory))
    if directory.ended:
        facts.notice(f"Assignments that ended before the export and are no access any more: {directory.ended}.")


def _person(
    number: int, values: dict[str, Any], moments: Moments, columns: set[str], directory: _Directory
) -> list[EntitlementRow]:
    login, own_id, email = first_text(values, _LOGIN), first_text(values, _ID), first_text(values, _EMAIL)
    if not login or (columns.intersection(_ID) and not own_id):
        raise RowProblem("The row names no login, or no id although the file has a column for it.")
    at, state = moments.last_used(first_text(values, _USED)) if columns.intersection(_USED) else (None, "not_in_file")
    base = EntitlementRow(
        number,
        own_id or email_key(login),
        login,
        first_text(values, _NAME[:4]) or _whole_name(values) or first_text(values, _NAME),
        email or (login if "@" in login else ""),
        entitlement_key="account",
        role="Okta account",
        meaning="Signs in to Okta and to what is assigned there.",
        privileged=False if columns.intersection(_ADMIN) else None,
        account_state=first_text(values, _STATUS).lower(),
        last_used_at=at,
        last_used_state=state,
        granted_at=moments.optional(first_text(values, _CREATED)),
        part=PEOPLE,
    )
    rows = [checked(row) for row in (base, *_administration(base, values))]
    for key in filter(None, (own_id, email_key(login))):
        directory.add(key, base)
    return rows


def _administration(base: EntitlementRow, values: dict[str, Any]) -> Iterator[EntitlementRow]:
    text = first_text(values, _ADMIN)
    answer = yes_or_no(text)
    names = [] if answer is False else ["Administrator"] if answer else [r.strip() for r in _SEPARATORS.split(text)]
    for role in dict.fromkeys(name for name in names if name.lower() not in NO_ROLE):
        yield replace(
            base,
            entitlement_key=f"admin:{role.lower()}",
            role=role,
            meaning=f"Administers Okta as {role}.",
            privileged=True,
            granted_at=None,
        )


def _assignment(
    number: int, values: dict[str, Any], moments: Moments, columns: set[str], directory: _Directory
) -> list[EntitlementRow]:
    person = directory.find(first_text(values, _ID), first_text(values, _LOGIN))
    application = first_text(values, _MORE_APP)
    if not application:
        raise RowProblem("The row names no application.")
    assigned, ended = moments.optional(first_text(values, _ASSIGNED)), moments.optional(first_text(values, _UNASSIGNED))
    if ended and not (assigned and assigned > ended):  # else it was assigned again after that
        directory.ended += 1
        return []
    role, login = first_text(values, _APP_ROLE), first_text(values, _APP_LOGIN)
    at, state = moments.last_used(first_text(values, _APP_USED)) if columns.intersection(_APP_USED) else (None, "not_in_file")
    row = replace(
        person,
        row_number=number,
        entitlement_key=f"app:{application}:{role}" if role else f"app:{application}",
        role=role or "Assigned",
        meaning=f"Signs in to {application}" + (f" as {login}." if login else "."),
        resource=application,
        privileged=None,
        last_used_at=at,
        last_used_state=state,
        granted_at=assigned,
        granted_by=first_text(values, _ASSIGNED_BY),
        part=ASSIGNMENTS,
    )
    return [checked(row)]


def _whole_name(values: dict[str, Any]) -> str:
    return f"{first_text(values, ('first name',))} {first_text(values, ('last name',))}".strip()


FORMAT: Final = Format(
    key="okta",
    label="Okta",
    parts=(
        Part(
            PEOPLE,
            "People",
            ("csv", "xlsx"),
            "Reports, Okta Password Health or User Accounts: everybody, whatever their status.",
            required=True,
        ),
        Part(
            ASSIGNMENTS,
            "Application assignments",
            ("csv", "xlsx"),
            "Reports, Current Assignments: all applications, all users.",
            required=False,
        ),
    ),
    covers=(
        "Every Okta account with its status and last sign-in; administrator roles if a column with them was added.",
        "Every application assigned to a person, directly or by a group.",
    ),
    lacks=(
        "Administrator roles, unless a column with them was added.",
        "What the person may do inside an assigned application: import that application's own list for it.",
        "Which group an assignment came from.",
    ),
    no_access_states=("suspended", "deprovisioned", "deactivated"),
    stated_count_label="People that Okta's directory shows",
    claim=claim,
    read=read,
)
