"""System checks: the database role of the application must not be able to look past row-level security."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

_ROLE = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class WHERE relrowsecurity AND pg_has_role(current_user, relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.database)
def application_role_is_bound(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """E001 when the role is a superuser, bypasses RLS or owns a protected table."""
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(_ROLE)
        row = cursor.fetchone()
    if not any(row):
        return []
    return [Error("The application's database role can bypass row-level security.", id="tenancy.E001")]
