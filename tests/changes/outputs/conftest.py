"""The control of changes, and a change that has been through everything."""

import datetime as dt

import pytest

from accounts.models import Member
from changes.lifecycle import actions
from changes.models import Change
from controls.models import Control
from controls.models.control import Cadence
from inventory.models import System
from tests.changes.making import a_system, approved, person_of
from tests.controls.occurrences.made import make_control


@pytest.fixture
def billing(in_acme: None, manager: Member) -> System:
    return a_system(manager)


@pytest.fixture
def control(in_acme: None, manager: Member) -> Control:
    """CHG-001, as an organization adopts it."""
    day = dt.date(2026, 1, 1)
    facts = {"library_key": "CHG-001", "population": "changes", "in_scope_since": day, "title": "Changes are approved"}
    return make_control(manager, "CHG-001", Cadence.PER_EVENT, **facts)


@pytest.fixture
def done(billing: System, employee: Member, approver: Member) -> Change:
    """Raised, approved and carried out."""
    change = approved(employee, approver, [billing], implementer=person_of(employee))
    return actions.implement(change, actor=employee)
