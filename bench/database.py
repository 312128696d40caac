"""A database of the benchmark's own: made by the owner, served as the application's role, dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

NAME = "plumbline_bench"


def owner(dbname: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    """The owner's connection, in autocommit."""
    extra = {"dbname": dbname} if dbname else {}
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True, **extra)  # type: ignore[arg-type]


@contextmanager
def own_database() -> Iterator[None]:
    """Serve an empty migrated database for the length of the block."""
    served = settings.DATABASES["default"]["NAME"]
    with owner() as admin:
        admin.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [NAME])  # one benchmark at a time; another waits
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        use(NAME)
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            use(served)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def use(name: str) -> None:
    """Serve another database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name
