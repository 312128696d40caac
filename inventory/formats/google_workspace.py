"""Google Workspace: the users that the admin console downloads.

Headers as the console writes them ("Email Address [Required]", "Last Sign In [READ ONLY]"); without their brackets they are
recognised too. Custom columns with administrator roles, which many add, are read when present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from evidence.tables.errors import RowProblem
from evidence.tables.moments import Moments
from evidence.tables.rows import RowError
from evidence.tables.text import email_key, yes_or_no
from inventory.formats.declarations import Format, Part, Parts, Probe, require
from inventory.formats.documents import open_records
from inventory.formats.reading import NO_ROLE, first_text, read_records
from inventory.formats.rows import EntitlementRow, Facts, ReadResult, checked, entitlement_key

USERS: Final = "users"
_EMAIL: Final = ("email address", "primary email", "user email")
_STATUS: Final = ("status", "user account status", "account status")
_USED: Final = ("last sign in", "last login", "last login time")
_ADMIN: Final = ("admin roles", "admin role", "administrator roles", "admin status", "super admin", "is super admin", "is admin")
_ENROLLED: Final = ("2sv enrolled", "2 step verification enrollment", "2 step verification enrolled", "is enrolled in2 sv")
_SEPARATORS: Final = re.compile(r"[;|,]")


def claim(probe: Probe) -> str:
    """Say whether a file is the download: its bracketed headers occur nowhere else."""
    marked = any(header.endswith(("[Required]", "[READ ONLY]")) for header in probe.headers)
    plain = probe.keys >= {"first name", "last name", "email address", "org unit path", "last sign in"}
    return USERS if (marked and "email address" in probe.keys) or plain else ""


def read(parts: Parts, zone: str) -> ReadResult[EntitlementRow]:
    """Read the users; an administrator role is an entitlement of its own. Raises FormatError."""
    facts = Facts(identified_by="email")
    return ReadResult(_rows(parts, Moments(zone), facts), facts, EntitlementRow, entitlement_key)


def _rows(parts: Parts, moments: Moments, facts: Facts) -> Iterator[EntitlementRow | RowError]:
    with open_records(parts[USERS], USERS) as records:
        require(records.columns, "Users", e_mail_address=_EMAIL, status=_STATUS)
        admin: list[str] = [key for key in _ADMIN if key in records.columns]
        if not admin:
            facts.notice("The file has no administrator roles: it cannot tell who is a super admin.")
        has_used = bool(records.columns.intersection(_USED))
        yield from read_records(records, USERS, facts, lambda n, v: _user(n, v, moments, admin, has_used=has_used))


def _user(number: int, values: dict[str, Any], moments: Moments, admin: list[str], *, has_used: bool) -> list[EntitlementRow]:
    email = first_text(values, _EMAIL)
    if "@" not in email:
        raise RowProblem("The row names no e-mail address.")
    at, state = moments.last_used(first_text(values, _USED)) if has_used else (None, "not_in_file")
    base = EntitlementRow(
        number,
        email_key(email),
        email,
        f"{first_text(values, ('first name',))} {first_text(values, ('last name',))}".strip(),
        email,
        entitlement_key="account",
        role="Workspace account",
        meaning=_meaning(values),
        privileged=False if admin else None,
        account_state=first_text(values, _STATUS).lower(),
        last_used_at=at,
        last_used_state=state,
        part=USERS,
    )
    roles = dict.fromkeys(role for key in admin for role in _roles(key, first_text(values, (key,))))
    given = (
        replace(
            base,
            entitlement_key=f"admin:{role.lower()}",
            role=role,
            meaning=f"Administers Google Workspace as {role}. {_second_step(values)}".strip(),
            privileged=True,
        )
        for role in roles
    )
    return [checked(row) for row in (base, *given)]


def _roles(key: str, text: str) -> list[str]:
    """Give role names of a cell; a yes in a column about super admins is the role Super Admin."""
    if text.lower() in NO_ROLE:
        return []
    if yes_or_no(text) is not None and "admin" not in text.lower():
        return ["Super Admin" if "super" in key else "Administrator"] if yes_or_no(text) else []
    return [role for role in map(str.strip, _SEPARATORS.split(text)) if role.lower() not in NO_ROLE]


def _meaning(values: dict[str, Any]) -> str:
    unit = first_text(values, ("org unit path",))
    where = f" Organizational unit {unit}." if unit else ""
    return f"Mail, calendar, files and whatever signs in with Google.{where} {_second_step(values)}".strip()


def _second_step(values: dict[str, Any]) -> str:
    enrolled = yes_or_no(first_text(values, _ENROLLED))
    if enrolled is None:
        return ""
    return "2-step verification is set up." if enrolled else "No 2-step verification."


FORMAT: Final = Format(
    key="google_workspace",
    label="Google Workspace",
    parts=(
        Part(
            USERS,
            "Users",
            ("csv", "xlsx"),
            "Admin console, Directory, Users, Download users: all user info columns and all users.",
            required=True,
        ),
    ),
    covers=("Every user account: state, organizational unit, last sign-in, 2-step verification; administrator roles if added.",),
    lacks=(
        "Groups, shared drives, delegated mailboxes and third-party apps that a user let in.",
        "Administrator roles, unless a column with them was added to the download.",
        "The account's unchanging id: a user whose address was changed looks like a new account.",
        "Who granted a right, and when. Times carry no zone; they are read in the organization's.",
    ),
    no_access_states=("suspended", "archived", "deleted", "blocked"),
    stated_count_label="Users that the admin console shows",
    claim=claim,
    read=read,
)
