"""A control and a finding in it, as the product makes them."""

import datetime as dt

import pytest

from controls.catalogue.actions import create_control
from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from tests.inventory.snapshots.helpers import person_of


@pytest.fixture
def today(in_acme, acme) -> dt.date:
    """The organization's day."""
    day: dt.date = acme.today()
    return day


@pytest.fixture
def control(in_acme, manager, employee) -> Control:
    """A control that the employee owns."""
    return create_control(
        actor=manager,
        code="AC-9",
        title="Access is reviewed",
        cadence="quarterly",
        in_scope_since=dt.date(2026, 1, 1),
        owner=person_of(employee),
        criteria={"CC6.2": ""},
        priority="high",
    )


@pytest.fixture
def finding(control, manager) -> Finding:
    """A finding in it: with the employee, as its owner."""
    return raise_finding(
        actor=manager, title="The second quarter was not reviewed", severity="high", control=control, criterion="CC6.2"
    )
