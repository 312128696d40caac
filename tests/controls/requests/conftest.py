"""A request of the auditor, as the product makes it."""

import datetime as dt

import pytest

from controls.models import AuditPeriod, AuditRequest
from controls.periods.actions import create_period
from controls.requests.actions import raise_request
from evidence.models import Evidence
from tests.controls.requests.helpers import kept
from tests.inventory.snapshots.helpers import person_of


@pytest.fixture
def today(in_acme, acme) -> dt.date:
    """The organization's day."""
    day: dt.date = acme.today()
    return day


@pytest.fixture
def period(today, manager) -> AuditPeriod:
    """The year's audit."""
    start, end = today.replace(month=1, day=1), today.replace(month=12, day=31)
    return create_period(actor=manager, name="The audit", kind="type2", starts_on=start, ends_on=end)


@pytest.fixture
def asked(period, auditor, employee, today) -> AuditRequest:
    """What the auditor asks for: with the employee, due in ten days."""
    return raise_request(
        actor=auditor,
        title="List of leavers",
        reference="PBC-2",
        description="From the HR system.",
        category="Access control",
        period=period,
        assignee=person_of(employee),
        due_on=today + dt.timedelta(days=10),
    )


@pytest.fixture
def item(in_acme, manager) -> Evidence:
    """An item of evidence."""
    return kept(manager, "Leavers of the year")
