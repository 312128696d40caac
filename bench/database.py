"""A database of the benchmark's own, or of a test's: made by the owner, served as the application's role, dropped."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
        drop(admin, NAME)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        use(NAME)
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            use(served)
            drop(admin, NAME)


def drop(owner: psycopg.Connection[Any], name: str) -> None:
    """Drop a database if it is there. The owner cannot end an autovacuum worker in it, and waits for one, half a minute."""
    for more in range(60, -1, -1):
        try:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            if not more:
                raise
            time.sleep(0.5)
        else:
            return


def use(name: str) -> None:
    """Serve another database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name
