"""GitHub: organization members, outside collaborators, and team or repository permissions; CSV or the API's JSON.

The organization's own export names login, name, tfa_enabled, is_public, role, last_active and, with single sign-on,
saml_name_id. The API names login, id, type, site_admin, and permissions or role_name beside a repository or team.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from evidence.tables.errors import FormatError, RowProblem
from evidence.tables.moments import Moments
from evidence.tables.rows import RowError
from evidence.tables.text import yes_or_no
from inventory.formats.declarations import Format, Part, Parts, Probe, require
from inventory.formats.documents import Records, open_records
from inventory.formats.github_permissions import PERMISSION, REPOSITORY, TEAM, flatten, permission_of, place_of
from inventory.formats.reading import first_text, read_records
from inventory.formats.rows import EntitlementRow, Facts, ReadResult, checked, entitlement_key

MEMBERS: Final = "members"
OUTSIDE: Final = "outside_collaborators"
PERMISSIONS: Final = "permissions"
_LOGIN: Final = ("login", "username", "user login", "github login", "github username", "user", "handle")
_ID: Final = ("id", "user id", "database id")
_EMAIL: Final = ("email", "saml name id", "verified domain emails", "enterprise verified domain emails")
_NAME: Final = ("name", "display name", "full name", "profile name")
_ROLE: Final = ("role", "org role", "organization role", "membership role")
_USED: Final = ("last active", "last activity", "last active at")
_FACTOR: Final = ("tfa enabled", "two factor authentication", "two factor enabled", "has two factor enabled", "2fa")
_OUTSIDE_NAME: Final = re.compile(r"outside|collab|external|guest", re.I)
_MEMBER_MARKS: Final = frozenset({*_FACTOR, "is public", "tfa level", "site admin", "node id", "organization roles count"})


@dataclass(slots=True)
class _Accounts:
    """Accounts read so far by login, for the permissions to refer to."""

    rows: dict[str, EntitlementRow] = field(default_factory=dict)
    has_roles: bool = False


def claim(probe: Probe) -> str:
    """Say which part a file is; members and outside collaborators look alike, so the file's name decides."""
    if probe.document is not None:
        return _claim_document(probe)
    keys = probe.keys
    if not keys.intersection(_LOGIN):
        return ""
    if keys.intersection(PERMISSION) and keys.intersection(REPOSITORY + TEAM) and not keys.intersection(_FACTOR):
        return PERMISSIONS if "login" in keys or "github" in probe.name.lower() else ""
    if "login" in keys and keys.intersection(_MEMBER_MARKS):
        return OUTSIDE if _OUTSIDE_NAME.search(probe.name) else MEMBERS
    return ""


def _claim_document(probe: Probe) -> str:
    try:
        rows = list(flatten(probe.document))[:50] if not isinstance(probe.document, list) else _sample(probe.document)
    except FormatError:
        return ""
    keys = set().union(*rows) if rows else set()
    if "login" not in keys:
        return ""
    if keys.intersection((*PERMISSION, "permissions", "repositories", "team", "repository", "repo")):
        return PERMISSIONS
    if keys.intersection((*_MEMBER_MARKS, *_ROLE, "html url")):
        return OUTSIDE if _OUTSIDE_NAME.search(probe.name) else MEMBERS
    return ""


def _sample(document: list[Any]) -> list[dict[str, Any]]:
    return list(flatten(document[:50]))


def read(parts: Parts, zone: str) -> ReadResult[EntitlementRow]:
    """Read accounts, then what they may do; a permission of an account in neither file is an error. Raises FormatError."""
    facts = Facts()
    return ReadResult(_rows(parts, Moments(zone), facts), facts, EntitlementRow, entitlement_key)


def _rows(parts: Parts, moments: Moments, facts: Facts) -> Iterator[EntitlementRow | RowError]:
    accounts = _Accounts()
    for part in (MEMBERS, OUTSIDE):
        if part in parts:
            with open_records(parts[part], part) as records:
                yield from _account_rows(records, part, moments, facts, accounts)
    if PERMISSIONS not in parts:
        facts.notice("Without the team or repository permissions, only membership of the organization is reviewed.")
        return
    # Nested JSON (repositories with their collaborators, teams with their members) is laid flat first.
    with open_records(parts[PERMISSIONS], PERMISSIONS, flatten) as records:
        yield from read_records(records, PERMISSIONS, facts, lambda n, v: _permission(n, v, accounts))


def _account_rows(
    records: Records, part: str, moments: Moments, facts: Facts, accounts: _Accounts
) -> Iterator[EntitlementRow | RowError]:
    columns = records.columns
    require(columns, "Members" if part == MEMBERS else "Outside collaborators", login=_LOGIN)
    identified_by = "id" if columns.intersection(_ID) else "login"
    if facts.identified_by and facts.identified_by != identified_by:
        raise FormatError("Members and outside collaborators must come from the same export: both with ids, or both without.")
    facts.identified_by = identified_by
    if part == MEMBERS and not columns.intersection(_ROLE):
        facts.notice("The members file has no roles: it cannot tell who is an owner.")
    yield from read_records(
        records, part, facts, lambda n, v: [_account(n, v, part, moments, columns=columns, accounts=accounts)]
    )


def _account(
    number: int, values: dict[str, Any], part: str, moments: Moments, *, columns: set[str], accounts: _Accounts
) -> EntitlementRow:
    login, own_id, email = first_text(values, _LOGIN), first_text(values, _ID), first_text(values, _EMAIL)
    if not login or (columns.intersection(_ID) and not own_id):
        raise RowProblem("The row names no login, or no id although the file has one for others.")
    if login.lower() in accounts.rows and accounts.rows[login.lower()].part != part:
        raise RowProblem(f"“{login[:100]}” is both a member and an outside collaborator. Export both again.")
    role, meaning, privileged = _organization_role(values, part)
    at, state = moments.last_used(first_text(values, _USED)) if columns.intersection(_USED) else (None, "not_in_file")
    row = EntitlementRow(
        number,
        own_id or login.lower(),
        login,
        first_text(values, _NAME),
        email if "@" in email else "",
        entitlement_key=f"organization:{role.lower()}",
        role=role,
        meaning=f"{meaning} {_factor(values)}".strip(),
        resource="Organization",
        privileged=privileged,
        account_state=first_text(values, ("state", "status")).lower() or "active",
        last_used_at=at,
        last_used_state=state,
        part=part,
    )
    accounts.rows.setdefault(login.lower(), row)
    return checked(row)


def _organization_role(values: dict[str, Any], part: str) -> tuple[str, str, bool | None]:
    """Give role, meaning and whether it is privileged."""
    if part == OUTSIDE:
        return "Outside collaborator", "Not a member; works in single repositories.", False
    role = first_text(values, _ROLE).lower()
    if role in {"owner", "admin"}:
        return "Owner", "Everything in the organization: people, repositories, settings, billing.", True
    site_admin = yes_or_no(first_text(values, ("site admin",)))
    if role in {"member", "direct member", ""}:
        return "Member", "Belongs to the organization, with its base permission.", site_admin or (False if role else None)
    return role.capitalize(), "A role of the organization.", site_admin or None


def _permission(number: int, values: dict[str, Any], accounts: _Accounts) -> list[EntitlementRow]:
    login = first_text(values, _LOGIN)
    if not login:
        raise RowProblem("The entry names no login.")
    account = accounts.rows.get(login.lower())
    if account is None:
        raise RowProblem(f"“{login[:200]}” is neither in the members nor in the outside collaborators file.")
    kind, place = place_of(values)
    role = permission_of(values, kind)
    if not place or not role:
        raise RowProblem("The entry names no repository or team, or no permission.")
    if kind == "team":
        meaning = f"{role} of the team {place}, with whatever that team may do."
        privileged = None
    else:
        meaning = _MEANINGS.get(role, "A role that the organization defined.")
        privileged = role == "Admin" if role in _MEANINGS else None
    row = replace(
        account,
        row_number=number,
        entitlement_key=f"{kind}:{place.lower()}:{role.lower()}",
        role=role,
        meaning=meaning,
        resource=place,
        privileged=privileged,
        part=PERMISSIONS,
    )
    return [checked(row)]


_MEANINGS: Final = {
    "Admin": "Everything in the repository, including settings, access and deletion.",
    "Maintain": "Manages the repository, without sensitive or destructive settings.",
    "Write": "Reads and changes code.",
    "Triage": "Manages issues and pull requests, cannot change code.",
    "Read": "Reads code.",
}


def _factor(values: dict[str, Any]) -> str:
    enabled = yes_or_no(first_text(values, _FACTOR))
    if enabled is None:
        return ""
    return "Two-factor authentication is on." if enabled else "No two-factor authentication."


FORMAT: Final = Format(
    key="github",
    label="GitHub",
    parts=(
        Part(
            MEMBERS,
            "Organization members",
            ("csv", "json"),
            "Organization, People, Export; or the API's list of members, all pages.",
            required=True,
        ),
        Part(
            OUTSIDE,
            "Outside collaborators",
            ("csv", "json"),
            "The API's list of outside collaborators; a name with “outside” is recognised.",
            required=False,
        ),
        Part(
            PERMISSIONS,
            "Team or repository permissions",
            ("csv", "json"),
            "A list of login, repository and permission; or repositories with their collaborators, teams with their members.",
            required=False,
        ),
    ),
    covers=(
        "Members and owners of the organization, outside collaborators, and their permissions in repositories or teams.",
        "Last use, where the export has it, is the account's last activity in the organization.",
    ),
    lacks=(
        "E-mail addresses, mostly: logins are matched to people by hand once, and remembered.",
        "Deploy keys, personal access tokens, GitHub Apps and pending invitations.",
        "The account's id, in the CSV export: a renamed login looks like a new account there. The API's JSON has it.",
        "Who granted a right, and when.",
    ),
    no_access_states=("suspended", "removed"),
    stated_count_label="People that the organization's People page shows",
    claim=claim,
    read=read,
)
