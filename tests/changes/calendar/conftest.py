"""Changes with a window, and freezes, in New York."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Member
from audit.actions import action
from audit.record import record
from changes.calendar.actions import set_freeze
from changes.drafting.actions import create_change
from changes.models import Change, FreezeWindow
from inventory.models import System
from inventory.systems.actions import create_system
from tenancy.scope import now, tenant


def utc(instant: str) -> dt.datetime:
    """An instant, as it is written."""
    return dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)


@action
def moved_to(change: Change, status: str) -> None:
    """Put a change into a state before its approval, or after its end: how it got there is another test's."""
    Change.objects.filter(pk=change.pk).update(status=status, submitted_at=now())
    record("test.move", change, actor=change.raised_by)  # type: ignore[arg-type] # the fixtures raise each by somebody
    change.refresh_from_db()


@pytest.fixture
def billing(manager: Member) -> System:
    with tenant(manager.organization):
        return create_system(actor=manager, name="Billing")


@pytest.fixture
def warehouse(manager: Member) -> System:
    with tenant(manager.organization):
        return create_system(actor=manager, name="Warehouse")


@pytest.fixture
def planned(employee: Member) -> Callable[..., Change]:
    """`planned("2026-12-24T10:00", "2026-12-24T11:00", billing)`: a change of the employee, in UTC."""

    def plan(starts: str, ends: str, *systems: System, title: str = "Deploy", status: str = "submitted", **facts: Any) -> Change:
        window = {"window_from": utc(starts), "window_until": utc(ends)}
        with tenant(employee.organization):
            change = create_change(**{"actor": employee, "title": title, "systems": systems, **window, **facts})
            moved_to(change, status)
        return change

    return plan


@pytest.fixture
def frozen(manager: Member) -> Callable[..., FreezeWindow]:
    """`frozen("2036-12-24T00:00", "2036-12-27T00:00", billing)`: a freeze, in UTC; of all systems without any."""

    def freeze(starts: str, ends: str, *systems: System, name: str = "Year end") -> FreezeWindow:
        when = {"starts_at": utc(starts), "ends_at": utc(ends)}
        with tenant(manager.organization):
            return set_freeze(actor=manager, name=name, reason="Few are here.", systems=systems, **when)

    return freeze
