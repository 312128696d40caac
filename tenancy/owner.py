"""The database's owner: it migrates and grants; it never serves a request."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from psycopg import sql

# May be added to and read; its partitions stay out of reach.
APPEND_ONLY = ("audit_event", "audit_auditleaf", "audit_audithead")


@contextmanager
def as_owner() -> Iterator[None]:
    """Use DATABASE_OWNER_URL on the default connection, if it is set, for the length of the block."""
    served = dict(connection.settings_dict)
    connection.close()
    owner = settings.DATABASE_OWNER or {}
    connection.settings_dict.update({key: owner.get(key, "") for key in ("USER", "PASSWORD", "HOST", "PORT")})
    connection.settings_dict["OPTIONS"] = {**owner.get("OPTIONS", {}), "application_name": "plumbline owner"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(served)


def grant_application_role(role: str) -> None:
    """Give the role that serves requests what it needs and no more: no TRUNCATE, no changes to the trail."""
    name = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(
            "SELECT relid::regclass::text FROM pg_class c, pg_partition_tree(c.oid) WHERE c.relname = ANY(%s)",
            [list(APPEND_ONLY)],
        )
        for (table,) in cursor.fetchall():
            rights = "UPDATE, DELETE" if table in APPEND_ONLY else "ALL"
            cursor.execute(sql.SQL("REVOKE {} ON {} FROM {}").format(sql.SQL(rights), sql.SQL(table), name))
