"""Which column of somebody's table means what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from evidence.tables.moments import DATE_ORDERS
from evidence.tables.text import header_key, storable
from inventory.formats.rows import LIMITS


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row can say; synonyms are header_key() forms, the likeliest first."""

    key: str
    label: str
    required: bool
    help: str
    synonyms: tuple[str, ...]


@dataclass(slots=True)
class Mapping:
    """Field to header, field to a value of every row, and how values are to be understood."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    privileged_values: list[str] = field(default_factory=list)
    date_order: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: MappingType[str, Any]) -> Mapping:
        """Read what to_dict gave; whatever else it holds is left out."""
        return cls(
            columns=_texts(data.get("columns")),
            constants=_texts(data.get("constants")),
            privileged_values=[v for v in data.get("privileged_values") or [] if isinstance(v, str)],
            date_order=str(data.get("date_order") or ""),
        )


def _texts(data: object) -> dict[str, str]:
    return {k: v for k, v in data.items() if isinstance(k, str) and isinstance(v, str)} if isinstance(data, dict) else {}


def make_fields(*rows: tuple[str, str, bool, str, str]) -> dict[str, Field]:
    return {key: Field(key, label, required, text, tuple(s.split(", "))) for key, label, required, text, s in rows}


ACCOUNT_FIELDS: Final = ("account_id", "account_name", "email")
CONSTANT_FIELDS: Final = frozenset({"role", "meaning", "resource", "privileged", "account_state", "granted_by", "owner_email"})
ENTITLEMENT_FIELDS: Final = make_fields(
    (
        "account_id",
        "Account id",
        False,
        "The source's own, unchanging id of the account. Removals are verified by it.",
        "account id, user id, userid, uid, account identifier, user identifier, unique id, object id, principal id, sid, guid, "
        "id",
    ),
    (
        "account_name",
        "User name",
        False,
        "The name the account signs in with.",
        "account name, user name, username, login name, login id, login, logon name, sam account name, s amaccount name, "
        "user principal name, upn, user login, account, principal, grantee, user, benutzername, benutzer, konto",
    ),
    (
        "display_name",
        "Person's name",
        False,
        "As the source shows it.",
        "display name, full name, user full name, employee name, person name, real name, person, employee, name, anzeigename",
    ),
    ("first_name", "First name", False, "Used when there is no column with the whole name.", "first name, given name, vorname"),
    (
        "last_name",
        "Last name",
        False,
        "Used when there is no column with the whole name.",
        "last name, surname, family name, nachname",
    ),
    (
        "email",
        "E-mail address",
        False,
        "Matches the account to a person.",
        "email, e mail, email address, e mail address, primary email, user email, work email, business email, mail, "
        "e mail adresse",
    ),
    (
        "role",
        "Role or permission",
        True,
        "What the account may do.",
        "role, roles, role name, entitlement, entitlement name, permission, permissions, permission set, permission level, "
        "access level, access, access right, privilege, privileges, user role, profile, group, group name, security group, "
        "groups, user type, rolle, berechtigung",
    ),
    (
        "entitlement_key",
        "Id of the role or permission",
        False,
        "Where the source has an unchanging one; the role's name otherwise.",
        "entitlement id, entitlement key, role id, permission id, group id, assignment id",
    ),
    (
        "meaning",
        "Meaning",
        False,
        "The role in plain words, for the reviewer.",
        "meaning, role description, entitlement description, permission description, description, beschreibung",
    ),
    (
        "resource",
        "Resource",
        False,
        "What the role applies to: a database, a project, a site.",
        "resource, resource name, application, app, system, repository, database, schema, project, workspace, environment, "
        "site, scope, object",
    ),
    (
        "privileged",
        "Privileged",
        False,
        "Yes or no.",
        "privileged, is privileged, privileged access, is admin, administrator, is administrator, admin, superuser, is superuser",
    ),
    (
        "account_state",
        "Account state",
        False,
        "Active, disabled and so on, in the source's words.",
        "account status, account state, user status, status, state, is active, active, account enabled, is enabled, "
        "enabled, zustand",
    ),
    (
        "last_used_at",
        "Last used",
        False,
        "Date, or the source's own word where it has none.",
        "last used, last used at, last used on, last login, last log in, last login at, last login date, last login time, "
        "last logon, last logon date, last sign in, last sign in date, last signed in, last access, last accessed, "
        "last activity, last activity date, last active, last seen, letzte anmeldung",
    ),
    (
        "granted_at",
        "Granted on",
        False,
        "When the right was given.",
        "granted on, granted at, granted, grant date, date granted, access granted, assigned on, assigned at, assigned date, "
        "assignment date",
    ),
    ("granted_by", "Granted by", False, "Who gave the right.", "granted by, grantor, assigned by, approved by, approver"),
    (
        "owner_email",
        "Owner of the right",
        False,
        "E-mail address of who answers for this role or resource.",
        "owner email, owner e mail, entitlement owner, role owner, resource owner, owner",
    ),
)


Ending = tuple[int, str, str]  # how likely, as the place of a synonym; the field; how the only such header ends
# "Zendesk role" is more likely to be the role than "Group"; "Agent id" is the account's where nothing else says so.
_ENDINGS: Final[tuple[Ending, ...]] = ((11, "role", "role"), (11, "role", "permission"), (90, "account_id", "id"))


def suggest(fields: MappingType[str, Field], headers: Iterable[str], endings: Iterable[Ending] = ()) -> dict[str, str]:
    """Give the likely header of each field; a header serves one field, the field named first in the table."""
    free: dict[str, str] = {}
    for header in headers:
        free.setdefault(header_key(header), header)
    ranked = [(rank, position, f.key, s) for position, f in enumerate(fields.values()) for rank, s in enumerate(f.synonyms)]
    known = {s for f in fields.values() for s in f.synonyms}
    for rank, key, ending in endings:
        ends_so = [header for header in free if header.endswith(f" {ending}") and header not in known]
        ranked += [(rank, 0, key, header) for header in ends_so if len(ends_so) == 1]
    ranked.sort()
    found: dict[str, str] = {}
    for _, _, key, synonym in ranked:
        if key not in found and synonym in free:
            found[key] = free.pop(synonym)
    return {key: found[key] for key in fields if key in found}


def suggest_mapping(headers: Iterable[str]) -> Mapping:
    """Suggest a mapping of an access list by the names of its headers."""
    return Mapping(columns=suggest(ENTITLEMENT_FIELDS, headers, _ENDINGS))


def validate(mapping: Mapping, headers: Iterable[str]) -> dict[str, list[str]]:
    """Give sentences by field for what is wrong; "" holds what concerns the whole mapping. Empty when it can be read."""
    problems = check_columns(mapping, ENTITLEMENT_FIELDS, headers)
    if not any(mapping.columns.get(key) for key in ACCOUNT_FIELDS):
        problems.setdefault("account_id", []).append(
            "Choose the column that names the account: its id, user name or e-mail address."
        )
    if not any(mapping.columns.get(key) or mapping.constants.get(key, "").strip() for key in ("role", "entitlement_key")):
        problems.setdefault("role", []).append(
            "Choose the column of the role or permission, or write one that holds for all rows."
        )
    for key, value in mapping.constants.items():
        problem = _constant_problem(key, value)
        if problem:
            problems.setdefault(key, []).append(problem)
    return problems


def check_columns(mapping: Mapping, fields: MappingType[str, Field], headers: Iterable[str]) -> dict[str, list[str]]:
    """Give what is wrong with columns and date order of any mapping."""
    known = set(headers)
    problems: dict[str, list[str]] = {}
    for key, header in mapping.columns.items():
        if key not in fields:
            problems.setdefault("", []).append(f"“{key}” is not a field.")
        elif header and header not in known:
            problems.setdefault(key, []).append(f"The file has no column “{header}”.")
    if mapping.date_order not in DATE_ORDERS:
        problems.setdefault("date_order", []).append("Choose one of the date orders.")
    return problems


def _constant_problem(key: str, value: str) -> str:
    if not value.strip():
        return ""
    if key not in CONSTANT_FIELDS:
        return "This differs from row to row; choose a column."
    if len(value.strip()) > LIMITS.get(key, 20) or not storable(value):
        return "The value is too long or has characters that cannot be stored."
    return ""


def fingerprint(headers: Iterable[str]) -> str:
    """Give 64 hex characters by which a mapping for these headers, in any order, is remembered."""
    return hashlib.sha256("\x1f".join(sorted(map(header_key, headers))).encode("utf-8", "replace")).hexdigest()
