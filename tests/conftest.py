"""A template database migrated once by the owner, a clone for each worker served by the application's role, and a cast."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from psycopg import sql

from accounts.models import Member, User
from grc.celery import app as celery_app
from tenancy.models import Organization
from tenancy.scope import Scope, tenant
from tests.cast import ROLES, Cast, build_cast, signed_in

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_LOCK = 727_001


def pytest_configure() -> None:
    """What holds for every test, before the first user is made."""
    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def owner_connection() -> psycopg.Connection[Any]:
    """The owner, in autocommit, on the database its URL names."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _fingerprint() -> str:
    """Changes when a migration, or what migrations are made of, changes."""
    sources = sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("tenancy/**/*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _clone(owner: psycopg.Connection[Any], template: str, name: str) -> None:
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _template(owner: psycopg.Connection[Any]) -> str:
    """The name of the migrated template, made unless it is there; one worker makes it, the others wait."""
    name = f"plumbline_template_{_fingerprint()}"
    owner.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
    try:
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            draft = f"{name}_draft"
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft)))
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            _use(draft)
            call_command("migrate", verbosity=0)
            connection.close()
            owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name


@pytest.fixture(scope="session")
def template_database(django_db_blocker: Any) -> str:
    """The name of the migrated template."""
    with django_db_blocker.unblock(), owner_connection() as owner:
        return _template(owner)


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """This worker's database: a clone of the template, with the cast in it, reached as the application's role."""
    name = f"plumbline_test_{os.getpid()}_{worker_id}"
    with django_db_blocker.unblock(), owner_connection() as owner:
        _clone(owner, template_database, name)
        _use(name)
        build_cast()
        yield
        connections.close_all()
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this test's own in which commits are real: for threads, workers and browsers.

    Django's transactional tests would flush, which the trail refuses. Do not combine it with `db`.
    """
    worker = settings.DATABASES["default"]["NAME"]
    name = f"{worker}_own"
    with django_db_blocker.unblock(), owner_connection() as owner:
        connections.close_all()
        _clone(owner, worker, name)
        _use(name)
        try:
            yield
        finally:
            connections.close_all()
            _use(worker)
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Files go to this test's folder, tasks run at once, and the cache starts empty."""
    settings.PLUMBLINE_DATA = tmp_path / "data"
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    celery_app.conf.task_always_eager = True
    celery_app.conf.task_eager_propagates = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, in a transaction that is rolled back."""
    return Cast()


@pytest.fixture
def acme(db: None) -> Organization:
    """The organization most tests act in."""
    return Organization.objects.get(slug="acme")


@pytest.fixture
def globex(db: None) -> Organization:
    """Another organization."""
    return Organization.objects.get(slug="globex")


@pytest.fixture
def in_acme(acme: Organization) -> Iterator[Scope]:
    """Act within acme for the length of the test."""
    with tenant(acme) as scope:
        yield scope


@contextmanager
def commits(callbacks: Any) -> Iterator[None]:
    """Run what waits for the commit at the end of the block (give it `django_capture_on_commit_callbacks`)."""
    with callbacks(execute=True):
        yield


def _member_fixture(role: str) -> Any:
    def member(db: None) -> Member:
        return Cast().of("acme", role)

    return pytest.fixture(name=role)(member)


for _role in ROLES:
    globals()[f"_{_role}"] = _member_fixture(_role)


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account and no organization."""
    return User.objects.get(email="stranger@nowhere.example")


@pytest.fixture
def client_of() -> Callable[[Member], Client]:
    """`client_of(manager)`: a client signed in as that member; paths begin with /o/acme/."""
    return signed_in
