"""A template database migrated once by the owner, a clone for each worker served by the application's role, and a cast."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as drawing

from accounts import counting
from accounts.models import Member, User
from audit.actors import Origin, set_origin
from bench.database import drop, use
from grc.celery import app as celery_app
from tenancy.models import Organization
from tenancy.scope import Scope, tenant
from tests import codes
from tests.cast import ROLES, Cast, build_cast, signed_in
from tests.databases import clone, owner_connection, template_of
from tests.examples import committed_example, example_database
from tests.measured import slow_tests

__all__ = ["committed_example", "example_database"]  # fixtures


def pytest_configure() -> None:
    """What holds for every test, before the first user is made."""
    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    drawing.register_profile("shared", suppress_health_check=[HealthCheck.too_slow])  # other processes work beside
    drawing.load_profile("shared")
    codes.watch()


def pytest_sessionfinish() -> None:
    """Leave the event codes that this process has seen."""
    codes.keep()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those that were measured to be slow."""
    names = slow_tests()
    for item in items:
        if item.nodeid.partition("[")[0] in names:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Half a million objects are there for good by now: do not look through them again and again for what may go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def template_database(django_db_blocker: Any) -> str:
    """The name of the migrated template."""
    with django_db_blocker.unblock(), owner_connection() as owner:
        return template_of(owner)


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """This worker's database: a clone of the template, with the cast in it, reached as the application's role."""
    name = f"plumbline_test_{os.getpid()}_{worker_id}"
    with django_db_blocker.unblock(), owner_connection() as owner:
        clone(owner, template_database, name)
        use(name)
        build_cast()
        yield
        connections.close_all()
        drop(owner, name)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this test's own in which commits are real: for threads, workers and browsers.

    Django's transactional tests would flush, which the trail refuses. Do not combine it with `db`.
    """
    worker = settings.DATABASES["default"]["NAME"]
    name = f"{worker}_own"
    with django_db_blocker.unblock(), owner_connection() as owner:
        connections.close_all()
        clone(owner, worker, name)
        use(name)
        try:
            yield
        finally:
            connections.close_all()
            use(worker)
            drop(owner, name)


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted by the minute is counted in one, however the clock stands when a test begins."""
    started = counting.minute()
    monkeypatch.setattr(counting, "minute", lambda: started)


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Files go to this test's folder, tasks run at once, the cache starts empty, and no request is in hand."""
    set_origin(Origin())
    settings.PLUMBLINE_DATA = tmp_path / "data"
    settings.PLUMBLINE_WITNESS = tmp_path / "data" / "witness"
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PLUMBLINE_PERSON_RATE = settings.PLUMBLINE_COSTLY_RATE = 100_000  # within what is one minute to a test
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
