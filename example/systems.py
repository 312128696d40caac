"""The systems of Larkfield Software, with their owners and the order in which reviewers are looked for."""

from typing import Any

from accounts.models import Member
from inventory.formats.registry import FORMATS
from inventory.models import Person, System
from inventory.systems.actions import create_system

_MANAGER_FIRST = ["line_manager", "system_owner", "backup"]
_OWNER_FIRST = ["system_owner", "backup"]
# name: kind, format, owner, backup reviewer, order, criticality, what an account there can do
_SYSTEMS: dict[str, tuple[str, str, str, str, list[str], str, str]] = {
    "Okta": (
        *("identity", "okta", "grace.bauer", "samuel.price", _MANAGER_FIRST, "critical"),
        "Signs in to whatever is assigned in Okta.",
    ),
    "Google Workspace": (
        *("saas", "google_workspace", "grace.bauer", "samuel.price", _MANAGER_FIRST, "high"),
        "Mail, calendar and files of the company.",
    ),
    "AWS production": (
        *("cloud", "aws_iam", "tomas.ferreira", "anita.desai", _OWNER_FIRST, "critical"),
        "Depends on the policies: from reading logs to everything in production.",
    ),
    "GitHub": (
        *("code", "github", "anita.desai", "tomas.ferreira", _OWNER_FIRST, "critical"),
        "Reads or changes the source code, and what is deployed from it.",
    ),
    "Production PostgreSQL": (
        *("database", "generic", "tomas.ferreira", "anita.desai", _OWNER_FIRST, "critical"),
        "Reads or changes customers' invoices directly.",
    ),
    "Customer console": (
        *("internal", "generic", "maria.santos", "samuel.price", _OWNER_FIRST, "high"),
        "Sees customers' data, and by role changes it or acts as the customer.",
    ),
    "Payments": (
        *("finance", "generic", "victor.lindqvist", "samuel.price", _OWNER_FIRST, "critical"),
        "Sees, creates or approves payouts.",
    ),
    "HR system": (
        *("hr", "generic", "judith.klein", "samuel.price", _OWNER_FIRST, "high"),
        "Sees one's own record; by role everybody's, and salaries.",
    ),
}


def create_systems(*, actor: Member) -> dict[str, System]:
    """Add the eight, by name."""
    return {name: _create(name, actor) for name in _SYSTEMS}


def _create(name: str, actor: Member) -> System:
    kind, source_format, owner, backup, order, criticality, meaning = _SYSTEMS[name]
    fields: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "source_format": source_format,
        "owner": _person(owner),
        "backup_reviewer": _person(backup),
        "reviewer_order": order,
        "criticality": criticality,
        "account_meaning": meaning,
        "no_access_states": list(FORMATS[source_format].no_access_states),
    }
    return create_system(actor=actor, **fields)


def _person(key: str) -> Person:
    return Person.objects.get(email=f"{key}@larkfield.example")
