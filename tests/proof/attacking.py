"""A trail under seal, and somebody who holds the database: the superuser, with every trigger disabled."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from audit.actions import action
from audit.models import AuditEvent, AuditHead
from audit.record import record
from audit.seal.checking.verdict import Verdict
from audit.seal.checking.whole import check_trail
from audit.seal.sealing import seal
from audit.seal.witnesses import tell_all
from inventory.models import System
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast

Rows = list[tuple[Any, ...]]


@action
def name_system(organization: str, name: str) -> System:
    """One event."""
    manager = Cast().of(organization, "manager")
    system = System.objects.create(name=name)
    record("system.create", system, actor=manager, after={"name": name})
    return system


@dataclass
class Trail:
    """The sealed trail of acme; `events` are its ids in the order of the tree."""

    organization: Organization
    events: list[Any] = field(default_factory=list)

    def write(self, *names: str) -> None:
        """An event for each, each in a transaction of its own."""
        for name in names:
            with tenant(self.organization):
                name_system(self.organization.slug, name)

    def seal(self, *, told: bool = True) -> None:
        """Seal what is there, and tell the witness. Tests that run beside hold transactions open: a sweep waits for none."""
        with tenant(self.organization):
            seal(sweep=True)
        if told:
            assert tell_all(self.organization) == []

    def check(self) -> Verdict:
        """Check all of it."""
        with tenant(self.organization, frozen=True):
            return check_trail()

    def kinds(self) -> set[str]:
        """Of the faults that are found."""
        return {str(fault.kind) for fault in self.check().faults}

    def heads(self) -> list[AuditHead]:
        """As they are."""
        with tenant(self.organization):
            return list(AuditHead.objects.order_by("number"))

    def body(self, event: Any) -> str:
        """The text of an event."""
        with tenant(self.organization):
            return AuditEvent.objects.get(pk=event).body

    @property
    def witness(self) -> Path:
        """The witness's file."""
        return Path(settings.PLUMBLINE_WITNESS) / f"{self.organization.pk}.jsonl"


def sealed_trail(organization: Organization, sizes: Sequence[int] = (2, 4, 4)) -> Trail:
    """A trail with some heads, each over a few events more, and a witness of all of them: 12 with the ten of the cast, 16, 20."""
    trail = Trail(organization)
    for batch, size in enumerate(sizes):
        trail.write(*(f"System {batch}.{number}" for number in range(size)))
        trail.seal()
    with tenant(organization), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_auditleaf WHERE tenant_id = %s ORDER BY position", [organization.pk])
        trail.events = [key for (key,) in cursor.fetchall()]
    return trail


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """Whoever holds the database: no trigger runs, and no wall stands."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["PLUMBLINE_TEST_ADMIN_URL"], dbname=name, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin


def attack(sql: str, *values: Any) -> Rows:
    """One statement of theirs."""
    with superuser() as admin:
        done = admin.execute(sql, values)
        return done.fetchall() if done.description else []


@contextmanager
def restored() -> Iterator[None]:
    """Put the tables of the trail back, as of an older dump, when the block ends."""
    tables = ("audit_event", "audit_auditleaf", "audit_audithead")
    with superuser() as admin:
        for table in tables:
            admin.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        yield
        for table in tables:
            admin.execute(f"DELETE FROM {table}")
            admin.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            admin.execute(f"DROP TABLE kept_{table}")


def keep_copy(path: Path) -> Path:
    """Of the witness's file."""
    return Path(shutil.copy(path, f"{path}.copy"))
