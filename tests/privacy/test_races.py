"""A legal hold wins every race, with real transactions: whoever was first, nothing that it covers is deleted after it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections

from accounts.models import Member
from privacy.customers.actions import close_case, do_step
from privacy.models import DeletionCertificate, EndedCustomer, LegalHold, RetentionSchedule
from privacy.retention.deleting import delete_due
from privacy.retention.holding import place_hold
from tenancy.scope import tenant
from tests.cast import Cast
from tests.privacy.making import a_case, a_schedule, old_mail
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = [pytest.mark.integration]
SOON = 30


@contextmanager
def elsewhere() -> Iterator[Callable[..., "Future[Any]"]]:
    """Run something in a thread with a connection of its own."""
    with ThreadPoolExecutor(2) as pool:

        def run(act: Callable[[], Any]) -> Any:
            try:
                return act()
            except ActionRefused as refusal:
                return refusal
            finally:
                connections.close_all()

        yield lambda act: pool.submit(run, act)


def waits(pattern: str) -> bool:
    """Whether some other backend of this database waits for a lock in a query like `pattern`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query ILIKE %s",
            [f"%{pattern}%"],
        )
        return bool(cursor.fetchone()[0])


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    for _ in range(SOON * 50):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("It did not happen.")


@pytest.fixture
def manager(committed_db: None) -> Member:
    return Cast().manager


@pytest.fixture
def due(manager: Member) -> RetentionSchedule:
    """Three old mails, and a schedule under which they are due."""
    with tenant(manager.organization):
        old_mail(3)
        return a_schedule(manager)


def place(manager: Member, **facts: Any) -> LegalHold:
    given: dict[str, Any] = {"matter": "Suit", "reason": "A letter of a lawyer", "kinds": [], **facts}
    return place_hold(actor=manager, **given)


def left() -> int:
    return OutboxMessage.objects.filter(subject="Old").count()


def test_a_hold_that_is_placed_while_a_deletion_runs_undoes_it(manager, due, monkeypatch):
    began, go_on = threading.Event(), threading.Event()

    def slow(*args: Any, **kwargs: Any) -> None:
        began.set()
        assert go_on.wait(SOON)

    monkeypatch.setattr("privacy.retention.deleting.make_certificate.delay_on_commit", slow)

    def delete() -> Any:
        with tenant(manager.organization):
            return delete_due(due, actor=manager)

    with elsewhere() as start:
        deleting = start(delete)
        assert began.wait(SOON)  # the rows are deleted, and nothing is committed
        with tenant(manager.organization):
            place(manager)
        go_on.set()
        assert "A legal hold was placed" in str(deleting.result(SOON))
    with tenant(manager.organization):
        assert (left(), DeletionCertificate.objects.count()) == (3, 0)
        assert delete_due(due, actor=manager) is None


def test_a_deletion_waits_for_a_hold_that_is_being_placed(manager, due):
    placed, go_on = threading.Event(), threading.Event()

    def hold() -> LegalHold:
        with tenant(manager.organization):
            made = place(manager)
            placed.set()
            assert go_on.wait(SOON)
            return made

    def delete() -> Any:
        with tenant(manager.organization):
            return delete_due(due, actor=manager)

    with elsewhere() as start:
        holding = start(hold)
        assert placed.wait(SOON)  # the hold is there, and not committed: nobody else sees it
        deleting = start(delete)
        until(lambda: waits("SET CONSTRAINTS"))
        go_on.set()
        assert holding.result(SOON).pk
        assert "A legal hold was placed" in str(deleting.result(SOON))
    with tenant(manager.organization):
        assert (left(), DeletionCertificate.objects.count()) == (3, 0)


def test_a_hold_waits_for_a_deletion_that_is_being_committed_and_covers_what_is_left(manager, due):
    done, go_on = threading.Event(), threading.Event()

    def delete() -> Any:
        with tenant(manager.organization):
            made = delete_due(due, actor=manager)
            done.set()
            assert go_on.wait(SOON)
            return made

    def hold() -> LegalHold:
        with tenant(manager.organization):
            return place(manager)

    with elsewhere() as start:
        deleting = start(delete)
        assert done.wait(SOON)
        holding = start(hold)
        until(lambda: waits("legalhold"))
        go_on.set()
        certificate, made = deleting.result(SOON), holding.result(SOON)
    with tenant(manager.organization):
        assert left() == 0
        assert certificate.count == 3
        assert certificate.made_at < made.placed_at or LegalHold.objects.get(pk=made.pk).status == "in_force"
        old_mail(1, days=120)
        assert delete_due(due, actor=manager) is None


def test_the_data_of_a_customer_is_not_destroyed_once_a_hold_is_being_placed(manager):
    with tenant(manager.organization):
        case = a_case(manager)
        do_step(case.steps.get(), actor=manager, done_on=manager.organization.today(), method="dropped")
    placed, go_on = threading.Event(), threading.Event()

    def hold() -> LegalHold:
        with tenant(manager.organization):
            made = place(manager, kinds=["customers"], about="Globex")
            placed.set()
            assert go_on.wait(SOON)
            return made

    def close() -> Any:
        with tenant(manager.organization):
            return close_case(case, actor=manager)

    with elsewhere() as start:
        holding = start(hold)
        assert placed.wait(SOON)
        closing = start(close)
        until(lambda: waits("pg_advisory_xact_lock_shared"))
        go_on.set()
        assert holding.result(SOON).pk
        assert "A legal hold covers this: HOLD-" in str(closing.result(SOON))
    with tenant(manager.organization):
        assert EndedCustomer.objects.get(pk=case.pk).status == "open"
        assert not DeletionCertificate.objects.exists()
