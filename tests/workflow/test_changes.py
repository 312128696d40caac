"""Fields that are not a state."""

import pytest

from audit.actions import action
from audit.models import AuditEvent
from inventory.models import Person, System
from inventory.systems.actions import create_system
from workflow.changes import change, shown

_change = action(change)


@pytest.fixture
def system(in_acme, administrator) -> System:
    return create_system(actor=administrator, name="Okta", owner=Person.objects.get(email="manager@acme.example"))


def test_only_what_differs_is_saved_and_told_with_rows_by_name(system, administrator):
    _change(system, "system.edit", actor=administrator, fields={"name": "Okta", "owner": None, "account_meaning": "Signs in"})
    assert (system.refreshed().owner, system.refreshed().account_meaning) == (None, "Signs in")
    event = AuditEvent.objects.get(verb="system.edit").data
    assert event["before"] == {"owner": "Manager Acme", "account_meaning": None}
    assert event["after"] == {"owner": None, "account_meaning": "Signs in"}


@pytest.mark.parametrize(("value", "kept"), [("", None), (None, None), (0, 0), (False, False), ("x", "x")])
def test_nothing_is_null_and_else_values_stay(value, kept):
    assert shown(value) is kept
