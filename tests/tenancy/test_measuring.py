"""What the planner believes of a table is mended in the transaction that filled it, by a function that can do nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection, transaction

from audit.models import AuditEvent
from inventory.models import Person
from tenancy.measuring import plan_anew
from tenancy.models import Organization
from tenancy.scope import tenant

SOME = 2000


@contextmanager
def not_kept(organization: Organization) -> Iterator[None]:
    """Within the organization, until the end: then what was filled is taken back."""
    with tenant(organization), suppress(_TakenBack), transaction.atomic():
        yield
        raise _TakenBack


class _TakenBack(Exception):
    pass


def answer(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def believed(table: str) -> Any:
    return answer("SELECT reltuples FROM pg_class WHERE relname = %s", table)


def fill() -> None:
    Person.objects.bulk_create([Person(name=f"Person {n}", email=f"person{n}@acme.example") for n in range(SOME)])


def test_rows_of_the_same_transaction_are_counted(acme: Organization) -> None:
    with not_kept(acme):
        fill()
        plan_anew(SOME, Person)
        assert believed("inventory_person") >= SOME


def test_a_kept_plan_is_made_anew(acme: Organization) -> None:
    with not_kept(acme):
        with connection.cursor() as cursor:
            cursor.execute("PREPARE kept AS SELECT 1 FROM inventory_person WHERE id = $1")
            cursor.execute("EXECUTE kept (gen_random_uuid())")
        fill()
        plan_anew(SOME, Person)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN EXECUTE kept (gen_random_uuid())")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Index" in plan
        assert "Seq Scan" not in plan


def test_a_table_that_is_known_well_is_not_measured_again(acme: Organization) -> None:
    """The lock of a measure is held to the end of the transaction: two imports at once must not wait for each other."""
    with not_kept(acme):
        fill()
        plan_anew(SOME, Person)
    with tenant(acme):
        plan_anew(SOME, Person)
        held = answer(
            "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'ShareUpdateExclusiveLock'"
            " AND relation = 'inventory_person'::regclass"
        )
        assert held == 0


def test_the_trail_is_measured_by_its_months_and_other_tables_are_left_alone(acme: Organization) -> None:
    with tenant(acme):
        before = believed("inventory_system")
        plan_anew(SOME, AuditEvent)
        measured = answer(
            "SELECT count(*) FROM pg_locks JOIN pg_inherits ON relation = inhrelid WHERE pid = pg_backend_pid()"
            " AND mode = 'ShareUpdateExclusiveLock' AND inhparent = 'audit_event'::regclass"
        )
        assert measured
        assert believed("inventory_system") == before


@pytest.mark.parametrize("name", ["pg_class", "inventory_person; DROP TABLE inventory_person", "nowhere"])
def test_other_names_are_passed_over(acme: Organization, name: str) -> None:
    with tenant(acme):
        assert answer("SELECT take_measure(ARRAY[%s], 10)", name) == ""
