"""The table of roles as a page: docs/permissions.md."""

from pathlib import Path

from django.conf import settings

from accounts.permissions import PERMISSIONS
from accounts.roles import FOR_PROGRAMS, ROLES

PLACE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
_HEAD = """# Roles and permissions

Who may do and see what by the built-in roles. A member has one role or several of one organization, and they add up; in another
organization the same person may have others, or none. Who gives them, and how to make your own: [roles](roles.md). A permission
is a resource and an act; `admin` implies the rest of its resource, `write` implies `read`. Whoever has none for a page gets no
answer from it (403), and who is no member learns not even that it exists (404).

Beside the role it depends on the record: who asked for something does not approve it, who owns a control does not test it, nobody
decides on their own access, and a confidential incident is open to its team. The pages of the areas say so where it holds.
[Single fields](protection.md#classes-of-data) have their own rules. Sensitive acts ask for the second factor again
([sessions](sessions.md)).

`bin/manage role_table` makes this page of `accounts/roles.py`, which is what the product itself goes by.
"""


def as_markdown() -> str:
    """The page: what each role is for, then each permission with the roles that have it."""
    people = [role for role in ROLES.values() if role.key not in FOR_PROGRAMS]
    programs = [role for role in ROLES.values() if role.key in FOR_PROGRAMS]
    roles = [f"| {role.name} | {role.description} |" for role in [*people, *programs]]
    rows = [f"| `{name}` | {words} | {_who(name)} |" for name, words in PERMISSIONS.items()]
    parts = [_HEAD, "## Roles\n", "| Role | What it is for |\n|---|---|", *roles]
    return "\n".join([*parts, "\n## Permissions\n", "| Permission | What it opens | Who has it |\n|---|---|---|", *rows, ""])


def _who(permission: str) -> str:
    """The roles that grant it, directly or because a stronger permission implies it."""
    having = [role.name for role in ROLES.values() if role.allows(permission)]
    return "everybody" if len(having) == len(ROLES) else ", ".join(having)
