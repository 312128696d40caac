"""The example organizations, made once for a whole run: each process that needs them works on a clone."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from psycopg import sql

from bench.database import drop, use
from grc.celery import app as celery_app
from tests.cast import build_cast
from tests.databases import ROOT, TEMPLATE_LOCK, clone, is_there, owner_connection

EXAMPLE_LOCK = TEMPLATE_LOCK + 1
OWN = [name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()]
PREFIX = "plumbline_example_"
KEPT = 4
FILES = "django.core.files.storage.FileSystemStorage"


@dataclass(frozen=True)
class Example:
    """A database that nobody changes, and the files that belong to it."""

    name: str
    files: Path


@contextmanager
def files_in(folder: Path) -> Iterator[None]:
    """Files go to a folder, tasks run at once, and what is cached is nobody else's."""
    storages = {**settings.STORAGES, "default": {"BACKEND": FILES, "OPTIONS": {"location": folder}}}
    caches = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    celery_app.conf.task_always_eager = celery_app.conf.task_eager_propagates = True
    with override_settings(STORAGES=storages, CACHES=caches, PLUMBLINE_EXAMPLE=True):
        yield


def _fingerprint() -> str:
    """Changes with the day, on which the example depends, and with the product's code, which makes it."""
    sources = sorted(path for app in OWN for path in (ROOT / app).rglob("*.py"))
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    return f"{dt.datetime.now(dt.UTC):%Y%m%d}_{code}"


@pytest.fixture(scope="session")
def example_database(template_database: str, django_db_setup: None, django_db_blocker: Any) -> Example:
    """Made by whoever comes first; the other processes wait."""
    name = f"{PREFIX}{_fingerprint()}"
    made = Example(name, Path(settings.PLUMBLINE_DATA) / "examples" / name)
    with django_db_blocker.unblock(), owner_connection() as owner:
        if is_there(owner, name):
            return made
        owner.execute("SELECT pg_advisory_lock(%s)", [EXAMPLE_LOCK])
        if not is_there(owner, name):
            _drop_older(owner, made.files.parent)
            _make(owner, template_database, made)
    return made


def _drop_older(owner: Any, folder: Path) -> None:
    """Leave the last few: another run may be about to clone one."""
    names = owner.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [f"{PREFIX}%"]).fetchall()
    for (name,) in names[KEPT:]:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        shutil.rmtree(folder / name, ignore_errors=True)


def _make(owner: Any, template: str, made: Example) -> None:
    draft, mine = "plumbline_draft_of_example", settings.DATABASES["default"]["NAME"]
    clone(owner, template, draft)
    use(draft)
    try:
        build_cast()
        with files_in(made.files):
            call_command("example", verbosity=0)
    finally:
        connections.close_all()
        use(mine)
    owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(made.name)))


@contextmanager
def cloned(example: Example, blocker: Any, files: Path) -> Iterator[None]:
    """Work on a clone of the example's database, with its files in `files`, for the length of the block."""
    mine = settings.DATABASES["default"]["NAME"]
    name = f"{mine}_example"
    with blocker.unblock(), owner_connection() as owner:
        connections.close_all()
        clone(owner, example.name, name)
        use(name)
        shutil.copytree(example.files, files, dirs_exist_ok=True)
        try:
            yield
        finally:
            connections.close_all()
            use(mine)
            drop(owner, name)


@pytest.fixture
def committed_example(example_database: Example, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """The example in a database of this test's own in which commits are real. Not together with `db` or `committed_db`."""
    with cloned(example_database, django_db_blocker, tmp_path / "data" / "files"):
        yield
