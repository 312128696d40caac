"""The databases that tests work on: one that is migrated, and clones of it."""

import hashlib
import os
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from bench.database import drop, use

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_LOCK = 727_001


def owner_connection() -> psycopg.Connection[Any]:
    """The owner, in autocommit, on the database its URL names."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _fingerprint() -> str:
    """Changes when a migration, or what migrations are made of, changes."""
    sources = sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("tenancy/**/*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def clone(owner: psycopg.Connection[Any], template: str, name: str) -> None:
    """A database like `template`, instead of any other of that name."""
    drop(owner, name)
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def is_there(owner: psycopg.Connection[Any], name: str) -> bool:
    """Whether there is a database of that name."""
    return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def template_of(owner: psycopg.Connection[Any]) -> str:
    """The name of the migrated template, made unless it is there; one worker makes it, the others wait."""
    name = f"plumbline_template_{_fingerprint()}"
    if is_there(owner, name):
        return name
    owner.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
    try:
        if not is_there(owner, name):
            draft = f"{name}_draft"
            drop(owner, draft)
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            use(draft)
            call_command("migrate", verbosity=0)
            connection.close()
            owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name
